"""The units that `ucum` knows: symbols, dimensions, exact factors, and spellings it corrects.

Symbols and factors: The Unified Code for Units of Measure (ucum.org).
"""

from fractions import Fraction
from typing import Final

AXES: Final = ("g", "g{below}", "m", "s", "mol", "K", "Pa", "rad", "[IU]")
Dimension = tuple[int, ...]
NO_DIMENSION: Final[Dimension] = (0,) * len(AXES)


def _axis(name: str, power: int = 1) -> Dimension:
    return tuple(power if axis == name else 0 for axis in AXES)


_MM_HG = Fraction("133.322")  # UCUM: m[Hg] is 133.3220 kPa exactly
_DAY = 86400
_CATALYTIC = (0, 0, 0, -1, 1, 0, 0, 0, 0)

ATOMS: Final[dict[str, tuple[Dimension, Fraction]]] = {
    "1": (NO_DIMENSION, Fraction(1)),
    "%": (NO_DIMENSION, Fraction(1, 100)),
    "[ppth]": (NO_DIMENSION, Fraction(1, 1000)),
    "10*": (NO_DIMENSION, Fraction(10)),
    "10^": (NO_DIMENSION, Fraction(10)),
    "g": (_axis("g"), Fraction(1)),
    "[lb_av]": (_axis("g"), Fraction("453.59237")),
    "[oz_av]": (_axis("g"), Fraction("453.59237") / 16),
    "m": (_axis("m"), Fraction(1)),
    "[in_i]": (_axis("m"), Fraction("0.0254")),
    "[ft_i]": (_axis("m"), Fraction("0.3048")),
    "s": (_axis("s"), Fraction(1)),
    "min": (_axis("s"), Fraction(60)),
    "h": (_axis("s"), Fraction(3600)),
    "d": (_axis("s"), Fraction(_DAY)),
    "wk": (_axis("s"), Fraction(7 * _DAY)),
    "mo": (_axis("s"), Fraction("30.4375") * _DAY),
    "a": (_axis("s"), Fraction("365.25") * _DAY),
    "L": (_axis("m", 3), Fraction(1, 1000)),
    "l": (_axis("m", 3), Fraction(1, 1000)),
    "mol": (_axis("mol"), Fraction(1)),
    "eq": (_axis("mol"), Fraction(1)),
    "osm": (_axis("mol"), Fraction(1)),
    "U": (_CATALYTIC, Fraction(1, 60_000_000)),
    "[IU]": (_axis("[IU]"), Fraction(1)),
    "[iU]": (_axis("[IU]"), Fraction(1)),
    "K": (_axis("K"), Fraction(1)),
    "rad": (_axis("rad"), Fraction(1)),
    "Pa": (_axis("Pa"), Fraction(1)),
    "bar": (_axis("Pa"), Fraction(100_000)),
    "m[Hg]": (_axis("Pa"), _MM_HG * 1000),
    "m[H2O]": (_axis("Pa"), Fraction("9806.65")),
    "Hz": (_axis("s", -1), Fraction(1)),
}
NOT_METRIC: Final = frozenset(["1", "%", "[ppth]", "10*", "10^", "[lb_av]", "[oz_av]", "[in_i]"])
METRIC: Final = ATOMS.keys() - NOT_METRIC - {"[ft_i]", "min", "h", "d", "wk", "mo", "a"}
# Nothing a clinic measures needs a prefix above kilo, and "Mg" is far likelier a slip for "mg".
PREFIXES: Final[dict[str, Fraction]] = {
    "k": Fraction(1000),
    "d": Fraction(1, 10),
    "c": Fraction(1, 100),
    "m": Fraction(1, 1000),
    "u": Fraction(1, 10**6),
    "n": Fraction(1, 10**9),
    "p": Fraction(1, 10**12),
    "f": Fraction(1, 10**15),
}
SPECIAL: Final[dict[str, tuple[Fraction, Fraction]]] = {
    "Cel": (Fraction(1), Fraction("273.15")),
    "[degF]": (Fraction(5, 9), Fraction("273.15") - Fraction(32 * 5, 9)),
}
OTHER_SPELLINGS: Final[dict[str, str]] = {
    "mcg": "ug",
    "µg": "ug",
    "μg": "ug",
    "µL": "uL",
    "μL": "uL",
    "gamma": "ug",
    "cc": "mL",
    "mmHg": "mm[Hg]",
    "cmH2O": "cm[H2O]",
    "cmH": "cm[H2O]",
    "bpm": "/min",
    "IU": "[IU]",
    "sec": "s",
    "secs": "s",
    "mins": "min",
    "minute": "min",
    "minutes": "min",
    "hr": "h",
    "hrs": "h",
    "hour": "h",
    "hours": "h",
    "day": "d",
    "days": "d",
    "week": "wk",
    "weeks": "wk",
    "month": "mo",
    "months": "mo",
    "year": "a",
    "years": "a",
    "yr": "a",
    "kgs": "kg",
    "lb": "[lb_av]",
    "lbs": "[lb_av]",
    "°C": "Cel",
    "degC": "Cel",
    "celsius": "Cel",
    "°F": "[degF]",
    "degF": "[degF]",
    "percent": "%",
    "pct": "%",
}
