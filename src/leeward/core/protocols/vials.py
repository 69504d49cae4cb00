"""The vial in hand against the vial that was planned."""

from collections.abc import Iterator

from leeward.core.quantities import Refusal
from leeward.core.quantities.doses import ml_for
from leeward.core.quantities.formatting import show

from .circumstances import Circumstances
from .plan import InfusionPlan
from .protocol import Presentation


def refuse_other_vial(plan: InfusionPlan, drawn: Presentation) -> Refusal | None:
    """Refuse a vial that is not the one the plan was made for.

    Parameters
    ----------
    plan : InfusionPlan
        The plan.
    drawn : Presentation
        The vial in hand, as scanned or read.

    Returns
    -------
    Refusal or None
    """
    if drawn.drug != plan.drug:
        return Refusal(
            "vial.other_drug",
            f"This vial holds {drawn.drug}; the order is for {plan.drug}. Put it back.",
            field="presentation_id",
        )
    strength, planned = drawn.concentration.value, plan.stock_concentration_mg_per_ml
    if planned != strength:
        worked_out_for = "another vial" if planned is None else show(planned, "mg/mL")
        return Refusal(
            "vial.other_strength",
            f"This vial is {drawn.label}, {show(strength, 'mg/mL')}; the plan was worked out for "
            f"{worked_out_for}. Fetch that vial, or make the plan anew.",
            field="presentation_id",
        )
    if plan.presentation_id != drawn.id:
        because = f"This is {drawn.label}, and the plan names another product. Fetch that one."
        return Refusal("vial.other_product", because, field="presentation_id")
    return None


def refuse_vial(plan: InfusionPlan, circumstances: Circumstances) -> Iterator[Refusal]:
    """What is wrong with the vial a plan draws from, and with the dilution made from it."""
    vial = circumstances.presentation
    allowed = circumstances.final_concentrations_mg_per_ml
    final = plan.concentration_mg_per_ml
    if vial is None:
        because = "Name the vial that the drug is drawn from; the volume depends on its strength."
        yield Refusal("vial.missing", because, field="presentation_id")
        return
    other = refuse_other_vial(plan, vial)
    if other is not None:
        yield other
    strength = vial.concentration.value
    if vial.dilute_before_iv and plan.route == "iv" and (final >= strength or not plan.diluent):
        because = (
            f"{show(strength, 'mg/mL')} must be diluted before it is given into a vein. "
            "State the diluent and the final concentration."
        )
        citation = vial.concentration.citation.source
        yield Refusal("vial.undiluted", because, source=citation, field="concentration_mg_per_ml")
    elif final > strength:
        because = (
            f"{show(final, 'mg/mL')} is stronger than the vial, {show(strength, 'mg/mL')}. "
            "Nothing drawn from it can be."
        )
        yield Refusal("concentration.above_vial", because, field="concentration_mg_per_ml")
    elif final == strength and plan.diluent:
        because = (
            f"A diluent is named, and {show(final, 'mg/mL')} is the vial itself. State the "
            "concentration after dilution, or leave the diluent out."
        )
        yield Refusal("concentration.not_diluted", because, field="concentration_mg_per_ml")
    elif final < strength and not plan.diluent:
        because = (
            f"{show(final, 'mg/mL')} is weaker than the vial, {show(strength, 'mg/mL')}, and no "
            "diluent is named. Correct the concentration, or name the diluent."
        )
        yield Refusal("concentration.no_diluent", because, field="diluent")
    elif allowed and final not in allowed:
        listed = ", ".join(show(c, "mg/mL") for c in allowed)
        because = (
            f"{show(final, 'mg/mL')} is not a concentration this clinic prepares ({listed}). "
            "A concentration is chosen from the list and never typed freely."
        )
        yield Refusal("concentration.not_listed", because, field="concentration_mg_per_ml")


def question_dilution(plan: InfusionPlan, circumstances: Circumstances) -> Iterator[Refusal]:
    """Have a dilution confirmed in volumes that neither a list nor an earlier order knows."""
    vial = circumstances.presentation
    final = plan.concentration_mg_per_ml
    if vial is None or circumstances.final_concentrations_mg_per_ml:
        return
    if final >= vial.concentration.value or not plan.diluent:
        return
    if final in circumstances.prepared_mg_per_ml:
        return
    drug = ml_for(dose_mg=plan.dose_mg, concentration_mg_per_ml=vial.concentration.value).value
    because = (
        f"{show(plan.dose_mg, 'mg')} is {show(drug, 'mL')} of {vial.label}, made up with "
        f"{plan.diluent} to {show(plan.volume_ml, 'mL')}: {show(final, 'mg/mL')}. Confirm the "
        "dilution with a reason, or change it."
    )
    yield Refusal("concentration.diluted", because, field="concentration_mg_per_ml")
