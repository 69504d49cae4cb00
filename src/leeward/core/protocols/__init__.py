"""Dose plans checked against published protocols and the clinic's own limits.

Knows numbers and where they came from; knows nothing of sessions, people, alarms or storage.
"""

from .ceilings import highest_dose, highest_rate
from .check_dose import check_dose
from .checks import PlanChecks, check_arithmetic, check_plan, check_stated_figures
from .circumstances import AnaestheticDose, Circumstances
from .constraint import Constraint, Reason
from .course import CourseReview, question_course, review_due
from .limits import Effect, LimitParameter, LimitSet, LimitValue, Side, refuse_unset
from .plan import AtOncePlan, DevicePlan, DosePlan, InfusionPlan, InjectionPlan
from .protocol import Presentation, Protocol, Series
from .regimen import Regimen, RegimenStep
from .single_dose import INJECTED, Device, device_times_min, devices_for
from .slips import refuse_tenfold, tenfold
from .spacing import Spacing, question_spacing
from .vials import refuse_other_vial
from .weights import BASES, BasisDose, DosingWeight, WeightFormula, doses_by_basis, dosing_weights

__all__ = [
    "BASES",
    "INJECTED",
    "AnaestheticDose",
    "AtOncePlan",
    "BasisDose",
    "Circumstances",
    "Constraint",
    "CourseReview",
    "Device",
    "DevicePlan",
    "DosePlan",
    "DosingWeight",
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
    "Regimen",
    "RegimenStep",
    "Series",
    "Side",
    "Spacing",
    "WeightFormula",
    "check_arithmetic",
    "check_dose",
    "check_plan",
    "check_stated_figures",
    "device_times_min",
    "devices_for",
    "doses_by_basis",
    "dosing_weights",
    "highest_dose",
    "highest_rate",
    "question_course",
    "question_spacing",
    "refuse_other_vial",
    "refuse_tenfold",
    "refuse_unset",
    "review_due",
    "tenfold",
]
