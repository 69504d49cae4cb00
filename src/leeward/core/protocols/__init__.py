"""Dose plans checked against published protocols and the clinic's own limits.

Knows numbers and where they came from; knows nothing of sessions, people, alarms or storage.
"""

from .ceilings import highest_dose, highest_rate
from .checks import PlanChecks, check_arithmetic, check_plan, check_stated_figures
from .circumstances import AnaestheticDose, Circumstances
from .constraint import Constraint, Reason
from .limits import Effect, LimitParameter, LimitSet, LimitValue, Side, refuse_unset
from .plan import DevicePlan, DosePlan, InfusionPlan, InjectionPlan
from .protocol import Presentation, Protocol, Series
from .slips import refuse_tenfold, tenfold
from .vials import refuse_other_vial

__all__ = [
    "AnaestheticDose",
    "Circumstances",
    "Constraint",
    "DevicePlan",
    "DosePlan",
    "Effect",
    "InfusionPlan",
    "InjectionPlan",
    "LimitParameter",
    "LimitSet",
    "LimitValue",
    "PlanChecks",
    "Presentation",
    "Protocol",
    "Reason",
    "Series",
    "Side",
    "check_arithmetic",
    "check_plan",
    "check_stated_figures",
    "highest_dose",
    "highest_rate",
    "refuse_other_vial",
    "refuse_tenfold",
    "refuse_unset",
    "tenfold",
]
