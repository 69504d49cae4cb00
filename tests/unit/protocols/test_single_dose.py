"""Devices, injections and other doses at once."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leeward import content
from leeward.core.protocols import (
    AnaestheticDose,
    DevicePlan,
    InjectionPlan,
    LimitSet,
    LimitValue,
    check_dose,
    device_times_min,
    devices_for,
)
from leeward.core.protocols.ceilings import MAX_MG
from leeward.core.quantities import Refusal
from leeward.core.quantities.doses import mg_for, ml_for

from .plans import NO_LIMITS, TEN, TODAY, circumstances, figure, vial

LIBRARY = content.load()
DEVICE = LIBRARY.drugs["esketamine"].device
NASAL = LIBRARY.regimens["trd.esketamine.intranasal.spr"]
LADDER = LIBRARY.regimens["trd.racemic_ketamine.sc.loo2023_flexible"]
AROUND = circumstances(last_weight_kg=Decimal(70))


def nasal(dose="56", phase="weeks 1 to 4", **changes):
    count = devices_for(Decimal(dose), DEVICE)
    made = DevicePlan(
        "esketamine", "intranasal", NASAL.id, "treatment_resistant_depression", Decimal(dose),
        count if isinstance(count, int) else 1, DEVICE.dose_mg.value, DEVICE.apart_min.value,
        phase=phase,
    )  # fmt: skip
    return replace(made, **changes)


def injected(per_kg="0.5", weight="70", regimen=LADDER, drawn=TEN, **changes):
    dose = mg_for(weight_kg=Decimal(weight), dose_mg_per_kg=Decimal(per_kg))
    strength = drawn.concentration.value
    made = InjectionPlan(
        "racemic_ketamine", regimen.route, regimen.id, regimen.indications[0], Decimal(weight),
        TODAY, "actual", Decimal(per_kg), dose, strength,
        ml_for(dose_mg=dose, concentration_mg_per_ml=strength).value, drawn.id, strength,
        phase=regimen.steps[0].phase,
    )  # fmt: skip
    return replace(made, **changes)


def check(plan, regimen=NASAL, limits=NO_LIMITS, around=AROUND):
    return check_dose(plan, regimen, limits, around, DEVICE if regimen is NASAL else None)


def hard(plan, *more, **changes):
    return [r.code for r in check(plan, *more, **changes).hard]


@pytest.mark.parametrize(("dose", "count"), [("28", 1), ("56", 2), ("84", 3)])
def test_devices_are_counted(dose, count):
    assert devices_for(Decimal(dose), DEVICE) == count


@pytest.mark.parametrize("dose", ["0", "-28", "14", "60", "84.1"])
def test_a_device_is_never_given_in_part(dose):
    refused = devices_for(Decimal(dose), DEVICE)
    assert isinstance(refused, Refusal)
    assert refused.code == "device.not_whole"


def test_devices_stand_five_minutes_apart():
    assert device_times_min(3, DEVICE) == (0, 5, 10)


def test_a_dose_by_the_label_passes_and_says_its_devices():
    found = check(nasal("84"))
    assert found.hard == found.soft == ()
    assert found.info[0].startswith("3 devices of 28 mg, 2 sprays each; at 0, 5, 10 min")


def test_the_first_day_has_its_own_dose():
    assert [r.code for r in check(nasal("84", "first day")).soft] == ["dose.unlike_published"]


def test_a_phase_that_is_not_published_is_refused():
    assert hard(nasal(phase="week 40")) == ["plan.other_phase"]


def test_wrong_device_count_is_refused():
    assert hard(nasal("84", devices=2)) == ["arithmetic.dose_mg"]


def test_a_device_that_is_not_the_labelled_one_is_refused():
    assert hard(nasal("56", devices=1, mg_per_device=Decimal(56))) == ["device.other"]
    assert hard(nasal("56", wait_min=Decimal(1))) == ["device.other"]


def test_the_other_drug_is_refused():
    assert "plan.other_drug" in hard(nasal(drug="racemic_ketamine"))


def test_a_plan_by_weight_does_not_fit_a_regimen_in_milligrams():
    made = injected(drug="esketamine", route="intranasal", protocol_id=NASAL.id,
                    phase="weeks 1 to 4")  # fmt: skip
    assert "plan.other_unit" in hard(made)


def test_an_injection_as_published_passes():
    found = check(injected(), LADDER)
    assert found.hard == found.soft == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"dose_mg": Decimal("35.1")}, "arithmetic.dose_mg"),
        ({"volume_ml": Decimal("35")}, "arithmetic.volume_ml"),
        ({"presentation_id": "another"}, "vial.other_strength"),
        ({"stock_concentration_mg_per_ml": Decimal(50)}, "vial.other_strength"),
    ],
)
def test_figures_of_an_injection_follow_from_one_another(changes, code):
    assert code in hard(injected(**changes), LADDER)


def test_an_injection_needs_its_vial_and_the_right_drug():
    assert "vial.missing" in hard(injected(), LADDER, around=circumstances(presentation=None))
    other = vial("10", drug="esketamine")
    assert "vial.other_drug" in hard(injected(), LADDER, around=circumstances(presentation=other))


def test_an_anaesthetic_dose_into_a_muscle_is_refused():
    regimen = LIBRARY.regimens["depression.racemic_ketamine.im.wolfson2022"]
    around = circumstances(anaesthetic=(AnaestheticDose("im", figure("6.5", "mg/kg")),))
    assert "dose.anaesthetic" in hard(injected("6.5", regimen=regimen), regimen, around=around)
    assert "dose.anaesthetic" not in hard(injected("6.4", regimen=regimen), regimen, around=around)


def test_the_clinics_limit_stops_a_dose():
    limits = LimitSet((LimitValue(MAX_MG, Decimal(56), "mg"),), "x", "Eve", TODAY)
    assert hard(nasal("56"), limits=limits) == []
    assert hard(nasal("84"), limits=limits) == ["dose.above_hard_limit"]


@pytest.mark.parametrize(
    "regimen",
    [
        "crps.racemic_ketamine.iv.goldberg2010", "trd.racemic_ketamine.intranasal.lapidus2014",
        "trd.racemic_ketamine.oral.alshirawi2017",
    ],
)  # fmt: skip
def test_infusions_over_days_and_doses_without_a_labelled_form_stay_reading(regimen):
    assert not LIBRARY.regimens[regimen].at_once


def test_the_next_step_follows_when_less_than_half_is_gained():
    step = LADDER.steps[0]
    assert step.next_dose(Decimal("0.5"), Decimal("49.9")).value == Decimal("0.6")
    assert step.next_dose(Decimal("0.5"), Decimal("50")) is None
    assert step.next_dose(Decimal("0.9"), Decimal("0")) is None
    assert NASAL.steps[1].next_dose(Decimal("56"), Decimal("0")) is None


AT_ONCE = sorted((r for r in LIBRARY.regimens.values() if r.at_once), key=lambda r: r.id)


@pytest.mark.hazard("H9")
@given(st.data(), st.sampled_from(AT_ONCE), st.sampled_from([Decimal(10), Decimal("0.1")]))
def test_no_published_dose_with_its_point_moved_is_ever_taken(data, regimen, factor):
    """Every regimen that a plan can be made from, every dose of it, without any clinic limit."""
    step = data.draw(st.sampled_from(regimen.steps))
    dose = data.draw(st.sampled_from(step.doses))
    device = LIBRARY.drugs[regimen.drug].device
    common = (regimen.drug, regimen.route, regimen.id, regimen.indications[0])

    def made(value):
        if dose.unit == "mg":
            count = devices_for(value, device)
            if isinstance(count, Refusal):
                return count
            return DevicePlan(
                *common, value, count, device.dose_mg.value, device.apart_min.value,
                phase=step.phase,
            )  # fmt: skip
        return injected(str(value), regimen=regimen, phase=step.phase)

    right, slipped = made(dose.value), made(dose.value * factor)
    assume(check_dose(right, regimen, NO_LIMITS, AROUND, device).hard == ())
    if not isinstance(slipped, Refusal):
        assert check_dose(slipped, regimen, NO_LIMITS, AROUND, device).hard
