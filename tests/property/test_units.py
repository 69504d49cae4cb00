"""What holds for every unit and every conversion."""

from collections import defaultdict
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from leeward.core.quantities import UnitMismatch
from leeward.core.quantities.ucum import convert, parse_unit
from leeward.core.quantities.ucum_atoms import ATOMS, METRIC, PREFIXES

SIMPLE = sorted({*ATOMS, *(prefix + atom for prefix in PREFIXES for atom in METRIC)})
ALIKE: dict[tuple[int, ...], list[str]] = defaultdict(list)
for above in SIMPLE:
    ALIKE[parse_unit(above).dimension].append(above)
    for below in ("kg", "mL", "h", "min"):
        ALIKE[parse_unit(f"{above}/{below}").dimension].append(f"{above}/{below}")

metric = st.sampled_from(sorted(METRIC))
units = st.builds("/".join, st.lists(st.sampled_from(SIMPLE), min_size=1, max_size=3))
pairs = st.sampled_from(sorted(ALIKE.values())).flatmap(
    lambda alike: st.tuples(st.sampled_from(alike), st.sampled_from(alike))
)
values = st.decimals("-1e6", "1e6", allow_nan=False, allow_infinity=False, places=6)


@given(value=values, pair=pairs)
def test_a_value_comes_back_from_any_unit_of_its_dimension(
    value: Decimal, pair: tuple[str, str]
) -> None:
    first, second = pair
    there = convert(value, first, second)
    assert abs(convert(there, second, first) - value) <= abs(value) * Decimal("1e-30")


@given(value=values, unit=metric)
def test_prefixes_scale_by_their_power_of_ten(value: Decimal, unit: str) -> None:
    assert convert(value, f"m{unit}", unit) == value / 1000


@given(first=units, second=units)
def test_a_ratio_is_the_inverse_of_the_ratio_turned_over(first: str, second: str) -> None:
    ratio, inverse = parse_unit(f"({first})/({second})"), parse_unit(f"({second})/({first})")
    assert ratio.factor * inverse.factor == 1
    assert ratio.dimension[2:] == tuple(-power for power in inverse.dimension[2:])


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_with_words(text: str) -> None:
    try:
        unit = parse_unit(text)
    except UnitMismatch as refusal:
        assert len(str(refusal)) > 20
    else:
        assert unit.factor > 0
