"""An ordered dose in words, by whatever route."""

from leeward import content
from leeward.core.quantities.formatting import show
from leeward.core.treatment import DevicePlan, DosePlan, InfusionPlan

INFUSION, INJECTION, DEVICES = "infusion", "injection", "devices"


def kind_of(plan: DosePlan) -> str:
    """Which way the dose is given: it decides which forms the chair side shows."""
    if isinstance(plan, InfusionPlan):
        return INFUSION
    return DEVICES if isinstance(plan, DevicePlan) else INJECTION


def drug_name(plan: DosePlan) -> str:
    """What the drug is called at the chair."""
    return plan.drug.removeprefix("racemic_")


def short_words(plan: DosePlan) -> str:
    """The dose as a board's tile has room for it: "35 mg over 40 min"."""
    dose = show(plan.dose_mg, "mg")
    if isinstance(plan, InfusionPlan):
        return f"{dose} over {show(plan.duration_min, 'min')}"
    if isinstance(plan, DevicePlan):
        return f"{dose}, {plan.devices} devices"
    return f"{dose} {content.load().routes[plan.route].short}"


def plan_words(plan: DosePlan) -> str:
    """The dose with its drug: "ketamine 35 mg over 40 min"."""
    return f"{drug_name(plan)} {short_words(plan)}"


def order_words(plan: DosePlan) -> str:
    """Every figure of the order, as the first person of a time-out reads it."""
    dose = f"{drug_name(plan)} {show(plan.dose_mg, 'mg')}"
    if isinstance(plan, DevicePlan):
        return f"{dose} = {plan.devices} devices of {show(plan.mg_per_device, 'mg')}"
    syringe = (
        f"{dose} = {show(plan.volume_ml, 'mL')} at {show(plan.concentration_mg_per_ml, 'mg/mL')}"
    )
    if isinstance(plan, InfusionPlan):
        rate = show(plan.rate_ml_per_h, "mL/h")
        return f"{syringe}, over {show(plan.duration_min, 'min')} = {rate}"
    return f"{syringe}, {content.load().routes[plan.route].name}"


def basis_words(plan: DosePlan) -> str:
    """What the second person works from: dose per weight and weight, never the result."""
    if isinstance(plan, DevicePlan):
        return f"{show(plan.dose_mg, 'mg')} by devices of {show(plan.mg_per_device, 'mg')}"
    per_kg = f"{show(plan.dose_mg_per_kg, 'mg/kg')}; weight {show(plan.weight_kg, 'kg')}"
    if isinstance(plan, InfusionPlan):
        return f"{show(plan.dose_mg_per_kg, 'mg/kg')} over {show(plan.duration_min, 'min')}; " + (
            f"weight {show(plan.weight_kg, 'kg')}"
        )
    return per_kg


def figures_asked(plan: DosePlan) -> tuple[tuple[str, str], ...]:
    """The fields of a time-out for this route, with their labels."""
    if isinstance(plan, DevicePlan):
        return (("dose_mg", "Dose mg"), ("devices", "Devices"))
    syringe = (
        ("concentration_mg_per_ml", "Concentration mg/mL"),
        ("dose_mg", "Dose mg"),
        ("volume_ml", "Volume mL"),
    )
    if isinstance(plan, InfusionPlan):
        return (*syringe, ("rate_ml_per_h", "Rate mL/h"), ("duration_min", "Over min"))
    return syringe
