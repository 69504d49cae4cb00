"""The highest dose and rate that a clinic's limits allow."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from leeward.core.quantities import Refusal
from leeward.core.quantities.doses import InfusionFigures
from leeward.core.quantities.formatting import show

from .constraint import Constraint
from .limits import LimitSet, Side
from .plan import InfusionPlan

# Ids of the clinic limits that a dose plan is held against; content describes them.
MAX_MG_PER_KG: Final = "dose.max_mg_per_kg"
MAX_MG: Final = "dose.max_mg_per_session"
MAX_MG_PER_H: Final = "dose.max_mg_per_h"


def highest_dose(plan: InfusionPlan, limits: LimitSet) -> Constraint | None:
    """The highest dose [mg] that the clinic's limits allow this weight; None if none is set."""
    rules = []
    per_kg, total = limits.get(MAX_MG_PER_KG), limits.get(MAX_MG)
    if per_kg is not None:
        because = f"the clinic's limit of {show(per_kg, 'mg/kg')} at {show(plan.weight_kg, 'kg')}"
        rules.append((per_kg * plan.weight_kg, because, MAX_MG_PER_KG))
    if total is not None:
        rules.append((total, f"the clinic's limit of {show(total, 'mg')} a session", MAX_MG))
    return _tightest(rules, "mg")


def highest_rate(limits: LimitSet) -> Constraint | None:
    """The highest rate [mg/h] that the clinic's limits allow; None if none is set."""
    per_h = limits.get(MAX_MG_PER_H)
    if per_h is None:
        return None
    return _tightest(
        [(per_h, f"the clinic's limit of {show(per_h, 'mg/h')}", MAX_MG_PER_H)], "mg/h"
    )


def refuse_above_limits(
    plan: InfusionPlan, figures: InfusionFigures, limits: LimitSet
) -> Iterator[Refusal]:
    """Every hard limit that the plan's dose or rate crosses, as stated or as worked out."""
    dose_mg = max(figures.dose_mg, figures.dose_as_set_mg, plan.dose_mg)
    rate_mg_per_h = max(figures.rate_mg_per_h, plan.rate_ml_per_h * plan.concentration_mg_per_ml)
    held = (
        ("dose", dose_mg, highest_dose(plan, limits), "dose_mg_per_kg"),
        ("rate", rate_mg_per_h, highest_rate(limits), "duration_min"),
    )
    for what, figure, highest, field in held:
        if highest is not None and not highest.allows(figure):
            because = (
                f"The {what}, {show(figure, highest.unit)}, is above "
                f"{show(highest.value, highest.unit)} ({highest.binding.because})."
            )
            source = highest.binding.source
            yield Refusal(f"{what}.above_hard_limit", because, source=source, field=field)


def _tightest(rules: list[tuple[Decimal, str, str]], unit: str) -> Constraint | None:
    if not rules:
        return None
    value, because, source = rules[0]
    constraint = Constraint.begin(Side.AT_MOST, value, unit, because, source)
    for value, because, source in rules[1:]:
        constraint = constraint.narrowed(value, unit, because, source)
    return constraint
