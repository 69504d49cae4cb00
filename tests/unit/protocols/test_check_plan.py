"""A dose plan against protocol, vial, limits and arithmetic."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from leeward.core.protocols import LimitValue, check_arithmetic, check_plan, refuse_other_vial
from leeward.core.protocols.ceilings import MAX_MG
from leeward.core.quantities.published import Grade

from .plans import LIMITS, NO_LIMITS, PROTOCOL, TEN, VIALS, circumstances, figure, plan, vial


def check(a_plan, *, protocol=PROTOCOL, limits=LIMITS, around=None):
    return check_plan(a_plan, protocol, limits, around or circumstances())


def hard(a_plan, **changes):
    return [r.code for r in check(a_plan, **changes).hard]


def test_a_plan_as_published_passes():
    checks = check(plan())
    assert checks.hard == checks.soft == ()


def test_says_what_rounding_does():
    info = check(plan(weight_kg="70.33", concentration_mg_per_ml="2")).info
    assert info[0] == (
        "The syringe is set to 17.58 mL: 35.16 mg, -0.005 mg from the ordered 35.165 mg (-0.01 %)."
    )
    assert "26.4 mL/h" in info[1]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dose_mg", "35.1"),
        ("volume_ml", "35.16"),
        ("rate_ml_per_h", "52.8"),
        ("weight_kg", "70.4"),
        ("dose_mg_per_kg", "0.51"),
        ("concentration_mg_per_ml", "1.1"),
        ("duration_min", "41"),
    ],
)
@pytest.mark.hazard("H12")
def test_a_figure_that_does_not_follow_from_the_others_is_refused(field, value):
    wrong = replace(plan(), **{field: Decimal(value)})
    assert check_arithmetic(wrong)
    assert any(code.startswith("arithmetic.") for code in hard(wrong))


@pytest.mark.hazard("H12")
def test_any_two_figures_typed_into_each_other_s_field_are_refused():
    fields = (
        "weight_kg",
        "dose_mg_per_kg",
        "dose_mg",
        "concentration_mg_per_ml",
        "duration_min",
        "rate_ml_per_h",
    )
    right = plan(concentration_mg_per_ml="2")
    for one, other in permutations(fields, 2):
        swapped = replace(right, **{one: getattr(right, other), other: getattr(right, one)})
        checks = check(swapped)
        # Rate and duration enter as a product, so no arithmetic tells them apart.
        stopped = checks.soft if {one, other} == {"duration_min", "rate_ml_per_h"} else checks.hard
        assert stopped, (one, other)


@pytest.mark.hazard("H12")
def test_a_rate_in_mg_per_h_typed_as_ml_per_h_is_refused():
    right = plan(concentration_mg_per_ml="2")
    assert "arithmetic.rate_ml_per_h" in hard(
        replace(right, rate_ml_per_h=right.rate_ml_per_h * right.concentration_mg_per_ml)
    )


@pytest.mark.parametrize("value", ["0", "-0.5", "NaN", "Infinity"])
def test_a_figure_that_is_no_dose_is_refused(value):
    assert hard(replace(plan(), dose_mg_per_kg=Decimal(value))) == ["plan.not_positive"]


def test_a_dose_too_small_for_the_syringe_is_refused():
    tiny = replace(plan(), dose_mg_per_kg=Decimal("0.00001"))
    assert hard(tiny) == ["plan.not_positive"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"dose_mg_per_kg": "1.21"}, "dose.above_hard_limit"),
        ({"weight_kg": "95", "dose_mg_per_kg": "1"}, "dose.above_hard_limit"),
        ({"dose_mg_per_kg": "0.8", "duration_min": "20"}, "rate.above_hard_limit"),
        ({"dose_mg_per_kg": "5"}, "slip.ten_times"),
        ({"dose_mg_per_kg": "0.05"}, "slip.a_tenth"),
        ({"duration_min": "4"}, "slip.a_tenth"),
        ({"duration_min": "400"}, "slip.ten_times"),
        ({"weight_kg": "703"}, "slip.ten_times"),
        ({"weight_kg": "7.03"}, "slip.a_tenth"),
        ({"dose_mg_per_kg": "1", "duration_min": "1"}, "dose.anaesthetic"),
        ({"concentration_mg_per_ml": "3"}, "concentration.not_listed"),
        ({"protocol_id": "other"}, "plan.other_protocol_id"),
        ({"drug": "esketamine"}, "plan.other_drug"),
        ({"route": "im"}, "plan.other_route"),
    ],
)
@pytest.mark.hazard("H9")
def test_hard_findings(changes, code):
    assert code in hard(plan(**changes))


def test_a_slow_infusion_of_the_same_dose_is_not_anaesthetic():
    assert "dose.anaesthetic" not in hard(plan(dose_mg_per_kg="1"))


@pytest.mark.hazard("H9")
def test_an_intramuscular_anaesthetic_dose_is_one_however_slowly():
    codes = hard(plan(dose_mg_per_kg="6.5", route="im"), limits=NO_LIMITS)
    assert "dose.anaesthetic" in codes


@pytest.mark.hazard("H9")
def test_a_slip_against_the_last_session_s_dose_is_caught_where_the_protocol_sees_none():
    around = circumstances(last_dose_mg_per_kg=Decimal("1"))
    assert hard(plan(dose_mg_per_kg="0.1")) == []
    assert hard(plan(dose_mg_per_kg="0.1"), around=around) == ["slip.a_tenth"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"dose_mg_per_kg": "0.15"}, "dose.below_published"),
        ({"dose_mg_per_kg": "1.1"}, "dose.above_published"),
        ({"duration_min": "30"}, "duration.unlike_published"),
        ({"indication": "migraine"}, "plan.other_indication"),
        ({"weight_kg": "60"}, "weight.changed"),
        ({"weight_measured_on": date(2026, 2, 22)}, "weight.old"),
        ({"weight_measured_on": date(2026, 3, 3)}, "weight.future"),
    ],
)
def test_soft_findings_wait_for_a_named_confirmation(changes, code):
    checks = check(plan(**changes))
    assert checks.hard == ()
    assert [r.code for r in checks.soft] == [code]
    assert checks.unconfirmed(frozenset()) == checks.soft
    assert checks.unconfirmed(frozenset({code})) == ()


def test_a_hard_finding_can_not_be_confirmed_away():
    checks = check(plan(dose_mg_per_kg="5"))
    every = frozenset(r.code for r in checks.hard + checks.soft)
    assert checks.unconfirmed(every) == checks.hard


def test_an_unverified_protocol_says_so():
    known = replace(figure("0.5", "mg/kg"), grade=Grade.KNOWN)
    info = check(plan(), protocol=replace(PROTOCOL, dose_mg_per_kg=known)).info
    assert any("not verified" in line for line in info)


@pytest.mark.hazard("H10")
def test_every_wrong_vial_is_refused():
    for planned in VIALS:
        for drawn in VIALS:
            made = plan(drawn=planned, drug=planned.drug)
            refusal = refuse_other_vial(made, drawn)
            assert (refusal is None) == (planned is drawn), (planned.id, drawn.id)
            if planned is not drawn:
                codes = hard(made, around=circumstances(presentation=drawn))
                assert {"vial.other_drug", "vial.other_strength"} & set(codes)


@pytest.mark.hazard("H10")
def test_a_vial_with_the_planned_name_and_another_strength_is_refused():
    relabelled = replace(vial("100"), id=TEN.id)
    assert refuse_other_vial(plan(), relabelled).code == "vial.other_strength"


@pytest.mark.hazard("H10")
def test_a_vial_of_another_product_is_refused_although_its_strength_is_right():
    other = replace(TEN, id="other_maker.10_mg_per_ml")
    assert refuse_other_vial(plan(), other).code == "vial.other_product"


@pytest.mark.hazard("H9")
def test_rounding_down_does_not_slip_a_dose_under_a_limit():
    limits = replace(LIMITS, values=(LimitValue(MAX_MG, Decimal("35.16"), "mg"),))
    made = plan(weight_kg="70.33", concentration_mg_per_ml="2")
    assert made.volume_ml * made.concentration_mg_per_ml == Decimal("35.16")
    assert "dose.above_hard_limit" in hard(made, limits=limits)


@pytest.mark.hazard("H10")
def test_a_plan_without_a_vial_is_refused():
    assert hard(plan(), around=circumstances(presentation=None)) == ["vial.missing"]


@pytest.mark.hazard("H10")
def test_the_strongest_vial_is_diluted_before_it_goes_into_a_vein():
    strong = VIALS[2]
    around = circumstances(presentation=strong, final_concentrations_mg_per_ml=())
    undiluted = plan(drawn=strong, concentration_mg_per_ml="100", diluent=None)
    assert "vial.undiluted" in hard(undiluted, around=around)
    nameless = plan(drawn=strong, concentration_mg_per_ml="1", diluent=None)
    assert "vial.undiluted" in hard(nameless, around=circumstances(presentation=strong))
    assert hard(plan(drawn=strong), around=circumstances(presentation=strong)) == []


@pytest.mark.hazard("H10")
@pytest.mark.parametrize(
    ("concentration", "diluent", "code"),
    [
        ("10", None, None),
        ("10", "saline", "concentration.not_diluted"),
        ("1", None, "concentration.no_diluent"),
        ("20", "saline", "concentration.above_vial"),
        ("100", None, "concentration.above_vial"),
    ],
)
def test_concentration_and_diluent_agree_with_the_vial(concentration, diluent, code):
    around = circumstances(final_concentrations_mg_per_ml=())
    made = plan(concentration_mg_per_ml=concentration, diluent=diluent)
    assert hard(made, around=around) == ([code] if code else [])


def test_without_a_list_a_dilution_is_confirmed_in_volumes():
    around = circumstances(final_concentrations_mg_per_ml=())
    (asked,) = check(plan(), around=around).soft
    assert asked.code == "concentration.diluted"
    assert "35.15 mg is 3.52 mL" in asked.because
    assert "35.15 mL: 1 mg/mL" in asked.because


def test_a_dose_that_is_not_the_protocols_own_is_confirmed():
    (asked,) = check(plan(dose_mg_per_kg="0.6")).soft
    assert asked.code == "dose.unlike_published"


def test_another_weight_than_the_measured_one_needs_a_reason():
    around = circumstances(measured_kg=Decimal("90"), last_weight_kg=Decimal("90"))
    made = plan(weight_kg="62.3", weight_basis="ideal")
    (asked,) = check(made, around=around).soft
    assert asked.code == "weight.other_basis"
    assert "62.3 kg, with 90 kg on the scales" in asked.because
