"""A dose plan against its protocol, its vial, the clinic's limits and plain arithmetic.

Hard findings reject a plan: only another plan or another approved limit helps. Soft ones need a
named confirmation with a reason. The rest is shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from leeward.core.quantities import OutOfDomain, Refusal
from leeward.core.quantities.doses import InfusionFigures, derive_infusion, mg_for, ml_for
from leeward.core.quantities.formatting import show
from leeward.core.quantities.published import PublishedFigure

from .ceilings import refuse_above_limits
from .circumstances import Circumstances
from .limits import LimitSet
from .plan import DevicePlan, DosePlan, InfusionPlan, InjectionPlan
from .protocol import Protocol
from .slips import refuse_tenfold
from .vials import question_dilution, refuse_vial
from .weights import ACTUAL

# Ids of the clinic limits that a weight is held against; content describes them.
WEIGHT_CHANGE_PCT: Final = "weight.change_asks_pct"
WEIGHT_MAX_AGE_D: Final = "weight.max_age_d"


@dataclass(frozen=True, slots=True)
class PlanChecks:
    """What was found.

    Attributes
    ----------
    hard : tuple of Refusal
        Reject the plan.
    soft : tuple of Refusal
        Need a named confirmation with a reason, one by one.
    info : tuple of str
        To be shown beside the plan.
    """

    hard: tuple[Refusal, ...]
    soft: tuple[Refusal, ...]
    info: tuple[str, ...]

    def unconfirmed(self, confirmed: frozenset[str]) -> tuple[Refusal, ...]:
        """What still stands in the way when the soft findings in `confirmed` (codes) are."""
        return self.hard + tuple(r for r in self.soft if r.code not in confirmed)


def check_plan(
    plan: InfusionPlan, protocol: Protocol, limits: LimitSet, circumstances: Circumstances
) -> PlanChecks:
    """Check one infusion plan.

    Parameters
    ----------
    plan : InfusionPlan
        The plan.
    protocol : Protocol
        Protocol it was made from.
    limits : LimitSet
        The clinic's limits; `refuse_unset` has said that none is missing.
    circumstances : Circumstances
        Vial, weights, earlier dose, day.

    Returns
    -------
    PlanChecks
    """
    figures = _figures(plan)
    if isinstance(figures, Refusal):
        return PlanChecks((figures,), (), ())
    hard = (
        *_identity(plan, protocol),
        *_arithmetic(plan, figures),
        *refuse_vial(plan, circumstances),
        *_slips(plan, protocol, circumstances),
        *_anaesthetic(plan, circumstances),
        *refuse_above_limits(plan, figures, limits),
    )
    soft = (
        *_range(plan, protocol),
        *question_weight(
            plan.weight_kg, plan.weight_measured_on, plan.weight_basis, limits, circumstances
        ),
        *question_dilution(plan, circumstances),
    )
    return PlanChecks(hard, soft, _info(figures, protocol))


def check_arithmetic(plan: InfusionPlan) -> tuple[Refusal, ...]:
    """Whether the figures of a plan follow from one another; a refusal for each that does not."""
    figures = _figures(plan)
    return (figures,) if isinstance(figures, Refusal) else tuple(_arithmetic(plan, figures))


def check_stated_figures(plan: DosePlan) -> tuple[Refusal, ...]:
    """Whether the figures of a plan of any route follow from one another."""
    if isinstance(plan, InfusionPlan):
        return check_arithmetic(plan)
    try:
        return tuple(_injected(plan) if isinstance(plan, InjectionPlan) else _devices(plan))
    except OutOfDomain as fault:
        return (Refusal("plan.not_positive", f"The plan can't be worked out: {fault}."),)


def _injected(plan: InjectionPlan) -> Iterator[Refusal]:
    dose_mg = mg_for(weight_kg=plan.weight_kg, dose_mg_per_kg=plan.dose_mg_per_kg)
    volume = ml_for(dose_mg=dose_mg, concentration_mg_per_ml=plan.concentration_mg_per_ml)
    derived = (
        ("dose_mg", plan.dose_mg, dose_mg, "mg", "weight times mg/kg"),
        ("volume_ml", plan.volume_ml, volume.value, "mL", "dose over concentration"),
    )
    yield from _unlike(derived)


def _devices(plan: DevicePlan) -> Iterator[Refusal]:
    if plan.devices < 1 or plan.mg_per_device <= 0:
        yield Refusal("plan.not_positive", "The plan names no device.", field="devices")
        return
    whole_mg = plan.devices * plan.mg_per_device
    yield from _unlike((("dose_mg", plan.dose_mg, whole_mg, "mg", "devices times their content"),))


def _figures(plan: InfusionPlan) -> InfusionFigures | Refusal:
    try:
        return derive_infusion(
            weight_kg=plan.weight_kg,
            dose_mg_per_kg=plan.dose_mg_per_kg,
            concentration_mg_per_ml=plan.concentration_mg_per_ml,
            duration_min=plan.duration_min,
        )
    except OutOfDomain as fault:
        return Refusal("plan.not_positive", f"The plan can't be worked out: {fault}.")


def _identity(plan: InfusionPlan, protocol: Protocol) -> Iterator[Refusal]:
    pairs = (
        ("drug", plan.drug, protocol.drug),
        ("route", plan.route, protocol.route),
        ("protocol_id", plan.protocol_id, protocol.id),
    )
    for field, planned, published in pairs:
        if planned != published:
            because = f"The plan says {planned}, its protocol {published}. Make the plan anew."
            yield Refusal(f"plan.other_{field}", because, field=field)


def _arithmetic(plan: InfusionPlan, figures: InfusionFigures) -> Iterator[Refusal]:
    derived = (
        ("dose_mg", plan.dose_mg, figures.dose_mg, "mg", "weight times mg/kg"),
        ("volume_ml", plan.volume_ml, figures.volume_ml.value, "mL", "dose over concentration"),
        ("rate_ml_per_h", plan.rate_ml_per_h, figures.rate_ml_per_h.value, "mL/h",
         "volume over duration"),
    )  # fmt: skip
    yield from _unlike(derived)


def _unlike(
    derived: tuple[tuple[str, Decimal, Decimal, str, str], ...],
) -> Iterator[Refusal]:
    for field, stated, worked_out, unit, how in derived:
        if stated != worked_out:
            because = (
                f"{show(stated, unit)} is stated, and {how} gives {show(worked_out, unit)}. "
                "One of the figures stands in the wrong field or is mistyped."
            )
            yield Refusal(f"arithmetic.{field}", because, field=field)


def _slips(
    plan: InfusionPlan, protocol: Protocol, circumstances: Circumstances
) -> Iterator[Refusal]:
    typical, duration = protocol.dose_mg_per_kg.value, protocol.duration_min.value
    entries = [
        (plan.dose_mg_per_kg, typical, "mg/kg", "The dose", "the protocol's", "dose_mg_per_kg"),
        (plan.duration_min, duration, "min", "The duration", "the protocol's", "duration_min"),
    ]
    if circumstances.last_weight_kg is not None:
        last_kg = circumstances.last_weight_kg
        weight_kg = circumstances.measured_kg or plan.weight_kg
        entries.append((weight_kg, last_kg, "kg", "The weight", "the last", "weight_kg"))
    if circumstances.last_dose_mg_per_kg is not None:
        last = circumstances.last_dose_mg_per_kg
        entries.append(
            (plan.dose_mg_per_kg, last, "mg/kg", "The dose", "the last", "dose_mg_per_kg")
        )
    for entry, usual, unit, what, whose, field in entries:
        against = f"{whose} {show(usual, unit)}"
        slip = refuse_tenfold(entry, usual, unit=unit, what=what, against=against, field=field)
        if slip is not None:
            yield slip


def _anaesthetic(plan: InfusionPlan, circumstances: Circumstances) -> Iterator[Refusal]:
    for dose in circumstances.anaesthetic:
        quick = dose.within_min is None or plan.duration_min <= dose.within_min.value
        if dose.route == plan.route and quick and plan.dose_mg_per_kg >= dose.dose_mg_per_kg.value:
            because = (
                f"{show(plan.dose_mg_per_kg, 'mg/kg')} over {show(plan.duration_min, 'min')} is "
                "an anaesthetic dose by the label. It can't be a session plan."
            )
            source = dose.dose_mg_per_kg.citation.source
            yield Refusal("dose.anaesthetic", because, source=source, field="dose_mg_per_kg")


def _range(plan: InfusionPlan, protocol: Protocol) -> Iterator[Refusal]:
    low, high = protocol.dose_low_mg_per_kg, protocol.dose_high_mg_per_kg
    dose = plan.dose_mg_per_kg
    if low is not None and dose < low.value:
        yield _outside(dose, "below", low)
    if high is not None and dose > high.value:
        yield _outside(dose, "above", high)
    inside = (low is None or dose >= low.value) and (high is None or dose <= high.value)
    if inside and dose != protocol.dose_mg_per_kg.value:
        # Within a wide range a moved decimal point can be a published dose as well, so a dose
        # that is not the protocol's own is always confirmed.
        typical = protocol.dose_mg_per_kg
        because = (
            f"{show(dose, 'mg/kg')} is not the {show(typical.value, 'mg/kg')} of the protocol. "
            "Confirm it with a reason, or change it."
        )
        yield Refusal(
            "dose.unlike_published",
            because,
            source=typical.citation.source,
            field="dose_mg_per_kg",
        )
    published = protocol.duration_min
    if plan.duration_min != published.value:
        because = (
            f"The duration is {show(plan.duration_min, 'min')}, published is "
            f"{show(published.value, 'min')}. Confirm it with a reason, or change it."
        )
        yield Refusal(
            "duration.unlike_published",
            because,
            source=published.citation.source,
            field="duration_min",
        )
    if plan.indication not in protocol.indications:
        because = f"The protocol was not published for {plan.indication.replace('_', ' ')}."
        source = protocol.citation.source if protocol.citation else None
        yield Refusal("plan.other_indication", because, source=source, field="indication")


def _outside(dose: Decimal, where: str, edge: PublishedFigure) -> Refusal:
    because = (
        f"{show(dose, 'mg/kg')} is {where} the published {show(edge.value, 'mg/kg')}. "
        "Confirm it with a reason, or change it."
    )
    source = edge.citation.source
    return Refusal(f"dose.{where}_published", because, source=source, field="dose_mg_per_kg")


def question_weight(
    weight_kg: Decimal,
    measured_on: date,
    basis: str,
    limits: LimitSet,
    circumstances: Circumstances,
) -> Iterator[Refusal]:
    """Question the weight a dose rests on: how it changed, how old it is, and its basis.

    Parameters
    ----------
    weight_kg : Decimal
        Dosing weight [kg].
    measured_on : date
        Day of the measurement behind it.
    basis : str
        Weight it is dosed by.
    limits : LimitSet
        The clinic's limits.
    circumstances : Circumstances
        Measured and last weight, day.

    Yields
    ------
    Refusal
        Soft findings.
    """
    measured_kg = circumstances.measured_kg or weight_kg
    if basis != ACTUAL:
        because = (
            f"Dosed by {basis} weight: {show(weight_kg, 'kg')}, with {show(measured_kg, 'kg')} on "
            "the scales. Say why."
        )
        yield Refusal("weight.other_basis", because, field="weight_basis")
    last_kg, asks_pct = circumstances.last_weight_kg, limits.get(WEIGHT_CHANGE_PCT)
    if last_kg is not None and asks_pct is not None:
        change_pct = abs(measured_kg - last_kg) * 100 / last_kg
        if change_pct > asks_pct:
            because = (
                f"The weight was {show(last_kg, 'kg')} and is now {show(measured_kg, 'kg')}. "
                "Weigh again, or say why it changed."
            )
            yield Refusal("weight.changed", because, source=WEIGHT_CHANGE_PCT, field="weight_kg")
    age_d = (circumstances.today - measured_on).days
    oldest_d = limits.get(WEIGHT_MAX_AGE_D)
    if age_d < 0:
        because = "The weight is dated in the future. Correct its date."
        yield Refusal("weight.future", because, field="weight_measured_on")
    elif oldest_d is not None and age_d > oldest_d:
        because = f"The weight is {age_d} days old. Weigh again, or say why not."
        yield Refusal("weight.old", because, source=WEIGHT_MAX_AGE_D, field="weight_measured_on")


def _info(figures: InfusionFigures, protocol: Protocol) -> tuple[str, ...]:
    info = []
    if figures.dose_error_mg:
        info.append(
            f"The syringe is set to {show(figures.volume_ml.value, 'mL')}: "
            f"{show(figures.dose_as_set_mg, 'mg')}, {show(figures.dose_error_mg, 'mg')} from the "
            f"ordered {show(figures.dose_mg, 'mg')} ({show(figures.volume_ml.error_pct, '%')})."
        )
    if figures.rate_ml_per_h.error:
        info.append(
            f"The pump is set to {show(figures.rate_ml_per_h.value, 'mL/h')}, "
            f"{show(figures.rate_ml_per_h.error_pct, '%')} from the exact rate."
        )
    if protocol.unverified:
        info.append("This protocol rests on a figure that is not verified in its source yet.")
    return tuple(info)
