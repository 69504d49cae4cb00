"""The device codes that Leeward knows: IEEE 11073-10101 (MDC) terms and units.

Only codes whose number and name were found together in published messages, or in published lists
of the same nomenclature, stand here. A similar code is never taken for one of them, and a number
that comes with another name than its own is not believed.
"""

from dataclasses import dataclass
from typing import Final

CONTINUOUS, INTERMITTENT, SETTING, EVENT = "continuous", "intermittent", "setting", "event"


@dataclass(frozen=True, slots=True)
class Term:
    """One code, the channel that is the same quantity, and how the device comes by it.

    Where one message says a channel twice, the term with the lower `rank` is charted.
    """

    code: str
    name: str
    channel: str
    kind: str = CONTINUOUS
    rank: int = 0


_TERMS: Final = (
    Term("147842", "MDC_ECG_HEART_RATE", "hr"),
    Term("149530", "MDC_PULS_OXIM_PULS_RATE", "pr"),
    Term("149546", "MDC_PULS_RATE_NON_INV", "pr", INTERMITTENT, rank=1),
    Term("150456", "MDC_PULS_OXIM_SAT_O2", "spo2"),
    Term("150021", "MDC_PRESS_BLD_NONINV_SYS", "nibp_sys", INTERMITTENT),
    Term("150022", "MDC_PRESS_BLD_NONINV_DIA", "nibp_dia", INTERMITTENT),
    Term("150023", "MDC_PRESS_BLD_NONINV_MEAN", "nibp_map", INTERMITTENT),
    Term("150301", "MDC_PRESS_CUFF_SYS", "nibp_sys", INTERMITTENT, rank=1),
    Term("150302", "MDC_PRESS_CUFF_DIA", "nibp_dia", INTERMITTENT, rank=1),
    Term("150303", "MDC_PRESS_CUFF_MEAN", "nibp_map", INTERMITTENT, rank=1),
    Term("151562", "MDC_RESP_RATE", "rr", rank=1),
    Term("151578", "MDC_TTHOR_RESP_RATE", "rr", rank=2),
    Term("151594", "MDC_CO2_RESP_RATE", "rr"),
    Term("151728", "MDC_AWAY_CO2_ET", "etco2"),
    Term("151708", "MDC_CONC_AWAY_CO2_ET", "etco2", rank=1),
    Term("150344", "MDC_TEMP", "temp"),
    Term("158014", "MDC_FLOW_FLUID_PUMP_CURRENT", "pump_rate_ml_h"),
    Term("157784", "MDC_FLOW_FLUID_PUMP", "pump_rate_ml_h", rank=1),
    Term("157864", "MDC_VOL_FLUID_DELIV", "pump_vol_ml"),
    Term("157993", "MDC_VOL_FLUID_DELIV_TOTAL", "pump_vol_ml", rank=1),
    Term("157884", "MDC_VOL_FLUID_TBI", "pump_vtbi_ml", SETTING),
    Term("184519", "MDC_PUMP_INFUSING_STATUS", "pump_state", EVENT),
    Term("184508", "MDC_PUMP_STAT", "pump_state", EVENT, rank=1),
    Term("158005", "MDC_PUMP_CURRENT_DELIVERY_STATUS", "pump_state", EVENT, rank=2),
)
TERMS: Final = {term.code: term for term in _TERMS}
# Published under two names.
OTHER_NAMES: Final = {
    "147842": ("MDC_ECG_CARD_BEAT_RATE",),
    "158005": ("MDC_DEV_PUMP_CURRENT_DELIVERY_STATUS",),
}

# MDC unit code, its name, and the same unit in UCUM.
_UNITS: Final = (
    ("264864", "MDC_DIM_BEAT_PER_MIN", "/min"),
    ("264928", "MDC_DIM_RESP_PER_MIN", "/min"),
    ("262688", "MDC_DIM_PERCENT", "%"),
    ("266016", "MDC_DIM_MMHG", "mm[Hg]"),
    ("265987", "MDC_DIM_KILO_PASCAL", "kPa"),
    ("268192", "MDC_DIM_DEGC", "Cel"),
    ("266560", "MDC_DIM_FAHR", "[degF]"),
    ("265266", "MDC_DIM_MILLI_L_PER_HR", "mL/h"),
    ("263762", "MDC_DIM_MILLI_L", "mL"),
)
UNITS: Final = {code: ucum for code, _, ucum in _UNITS}
UNIT_NAMES: Final = {name: ucum for _, name, ucum in _UNITS}
UNIT_NAME_OF: Final = {code: name for code, name, _ in _UNITS}
# As some monitors write it without a code; each can only mean one thing.
WRITTEN_UNITS: Final = {"mmHg": "mm[Hg]", "bpm": "/min", "rpm": "/min"}

# What a pump says of itself, and the word that is kept. A word that is not here is not guessed at.
PUMP_STATES: Final = {
    "infusing": "infusing",
    "delivering": "infusing",
    "paused": "paused",
    "not-infusing": "stopped",
    "not-delivering": "stopped",
    "stopped": "stopped",
    "standby": "standby",
}
PUMP_STATE_PREFIXES: Final = ("pump-status-", "pump-delivery-status-")


def known_term(code: str, name: str) -> Term | None:
    """The term of a code, or None where the code is unknown or its name is another's."""
    term = TERMS.get(code)
    if term is None or (name and name not in (term.name, *OTHER_NAMES.get(code, ()))):
        return None
    return term
