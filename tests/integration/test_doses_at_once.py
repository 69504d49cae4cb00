"""Orders that are not infusions: nasal devices and injections, by weight or by count."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from leeward.core.quantities import Refusal
from leeward.core.treatment.payload import plan_from_payload
from leeward.records.accounts.models import User
from leeward.records.charts.models import Observation
from leeward.records.orders.models import CarePlan, MedicationRequest
from leeward.records.organizations.selectors import find_limits_in_force
from leeward.usecases.decide_candidacy import assess_for, decide_candidacy, needing_reason
from leeward.usecases.draft_plan import draft_plan
from leeward.usecases.order_treatment import order_treatment
from leeward.usecases.plan_wishes import DoseWish, Wish
from leeward.usecases.session_rules import monitoring_plan
from tests.cast import approve_limits, chart_weight, cid

pytestmark = pytest.mark.django_db
NASAL = ("esketamine", "intranasal")
MUSCLE = ("racemic_ketamine", "im")
TRD = "treatment_resistant_depression"
VIAL = "racemic_ketamine.50_mg_per_ml"
SPRAVATO = "trd.esketamine.intranasal.spr"
INJECTED = "depression.racemic_ketamine.im.wolfson2022"


@pytest.fixture
def ready(cast):
    """Limits approved and the candidacy accepted for both ways."""
    chart_weight(cast)
    for drug, route in (NASAL, MUSCLE):
        approve_limits(cast.eve, cast.location, cast.now, name=route, drug=drug, route=route)
        found = assess_for(cast.cora_patient, drug=drug, route=route, indication="", now=cast.now)
        reasons = {f.rule: "asked in person" for f in needing_reason(found.assessment)}
        decided = decide_candidacy(
            actor=cast.adams, now=cast.now, command_id=cid(f"accept {route}"),
            patient_id=cast.cora_patient.id, drug=drug, route=route, indication=TRD,
            seen_facts_digest=found.facts_digest, decision="accept",
            rationale="Two trials failed.", reasons=reasons,
        )  # fmt: skip
        assert not isinstance(decided, Refusal), decided
    return cast


def nasal(**changes):
    known = {
        "regimen_id": SPRAVATO, "phase": "first day", "indication": TRD, "dose": Decimal(56),
        "adjuncts": ("music",),
    }  # fmt: skip
    return DoseWish(**(known | changes))


def muscle(cast, **changes):
    known = {
        "regimen_id": INJECTED, "phase": "single", "indication": TRD, "dose": Decimal("0.5"),
        "presentation_id": VIAL, "weight_kg": Decimal(70),
        "weight_measured_on": cast.now.date(),
    }  # fmt: skip
    return DoseWish(**(known | changes))


def order(cast, wish, *, name="order", reasons=None, **more):
    return order_treatment(
        actor=cast.adams, now=cast.now, command_id=cid(name), patient_id=cast.cora_patient.id,
        wish=wish, session_count=8, goals="Sleep\nWork", reasons=reasons or {}, **more,
    )  # fmt: skip


def test_a_nasal_order_keeps_its_devices_goals_and_what_goes_beside_it(ready):
    signed = order(ready, nasal(), adjuncts_note="headphones")
    assert isinstance(signed, MedicationRequest), signed
    plan = plan_from_payload(signed.plan)
    assert (plan.dose_mg, plan.devices, plan.wait_min, plan.phase) == (56, 2, 5, "first day")
    course = CarePlan.objects.get(id=signed.care_plan_id)
    assert (course.adjuncts, course.adjuncts_note) == (["music"], "headphones")
    assert course.goals == "Sleep\nWork"


@pytest.mark.hazard("H9")
@pytest.mark.parametrize(
    ("dose", "code"),
    [("5.6", "device.not_whole"), ("560", "slip.out_of_range"), ("60", "device.not_whole")],
)
def test_a_slipped_or_broken_count_of_devices_is_refused(ready, dose, code):
    assert order(ready, nasal(dose=Decimal(dose))).code == code


def test_a_dose_outside_the_label_is_signed_with_a_reason_only(ready):
    refused = order(ready, nasal(dose=Decimal(84)))
    assert refused.code == "dose.unlike_published"
    reasons = {"dose.unlike_published": "second course, tolerated before"}
    signed = order(ready, nasal(dose=Decimal(84)), reasons=reasons)
    assert signed.overrides == reasons


def test_what_a_regimen_was_published_with_is_chosen_or_explained(ready):
    wish = nasal(
        regimen_id="mdd_suicidality.esketamine.intranasal.spr", phase="weeks 1 to 4",
        indication="depression_with_suicidality", dose=Decimal(84), adjuncts=(),
    )  # fmt: skip
    assert order(ready, wish).code == "plan.without_oral_antidepressant"
    chosen = nasal(
        regimen_id=wish.regimen_id, phase=wish.phase, indication=wish.indication,
        dose=Decimal(84), adjuncts=("oral_antidepressant",),
    )  # fmt: skip
    assert isinstance(order(ready, chosen), MedicationRequest)


def test_an_injection_is_worked_out_to_millilitres(ready):
    signed = order(ready, muscle(ready))
    plan = plan_from_payload(signed.plan)
    assert (plan.dose_mg, plan.volume_ml, plan.concentration_mg_per_ml) == (35, Decimal("0.7"), 50)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"presentation_id": ""}, "plan.vial"),
        ({"weight_kg": None}, "plan.weight"),
        ({"weight_basis": "capped"}, "weight.no_basis"),
        ({"phase": "week 9"}, "plan.phase"),
        ({"regimen_id": "crps.racemic_ketamine.iv.goldberg2010"}, "plan.protocol"),
        ({"dose": Decimal(0)}, "plan.not_positive"),
    ],
)
def test_what_an_injection_lacks_is_named(ready, changes, code):
    assert order(ready, muscle(ready, **changes)).code == code


def test_the_weight_basis_is_a_choice_with_every_dose_shown_and_a_reason(ready):
    Observation.objects.create(
        id=cid("height"), patient=ready.cora_patient, status="final", unit="cm",
        codings=[{"system": "http://loinc.org", "code": "8302-2", "display": "Body height"}],
        value=Decimal(170), effective=ready.now.date().isoformat(), sort_at=ready.now,
        entered_at=ready.now,
    )  # fmt: skip
    wish = muscle(ready, weight_basis="ideal")
    drafted = draft_plan(
        actor=ready.adams, now=ready.now, patient_id=ready.cora_patient.id, wish=wish
    )
    # 170 cm is 66.9291 in: 45.5 + 2.3 * 6.9291 = 61.4 kg
    assert {row.basis: row.dose_mg for row in drafted.by_basis} == {
        "actual": 35, "ideal": Decimal("30.7"), "adjusted": Decimal("32.45"), "capped": None,
    }  # fmt: skip
    assert drafted.plan.weight_kg == Decimal("61.4")
    assert order(ready, wish).code == "weight.other_basis"
    assert isinstance(order(ready, wish, reasons={"weight.other_basis": "BMI above 30"}),
                      MedicationRequest)  # fmt: skip


def test_a_nasal_session_has_its_rules_now(ready):
    limits = find_limits_in_force(ready.location.id, *NASAL)
    plan = monitoring_plan(limits, drug=NASAL[0], route=NASAL[1], on=ready.now.date())
    assert not isinstance(plan, Refusal), plan
    assert plan.min_observation_min >= 120


def test_each_way_needs_its_own_candidacy(cast):
    chart_weight(cast)
    approve_limits(cast.eve, cast.location, cast.now, name="n", drug=NASAL[0], route=NASAL[1])
    assert order(cast, nasal()).code == "order.candidacy"


def test_each_way_needs_limits_of_its_own(cast):
    assert order(cast, nasal()).code == "limits.missing"


def test_a_new_dilution_of_an_infusion_is_confirmed_once_by_the_clinic(cast):
    chart_weight(cast)
    wish = Wish(
        protocol_id="depression.racemic_ketamine.iv.anand2023", indication=TRD,
        dose_mg_per_kg=Decimal("0.5"), duration_min=Decimal(40), presentation_id=VIAL,
        concentration_mg_per_ml=Decimal("0.7"), weight_kg=Decimal(70),
        weight_measured_on=cast.now.date(), diluent="saline",
    )  # fmt: skip

    def asked():
        drafted = draft_plan(
            actor=cast.adams, now=cast.now, patient_id=cast.cora_patient.id, wish=wish
        )
        return [r.code for r in drafted.checks.soft]

    assert asked() == ["concentration.diluted"]
    found = assess_for(cast.cora_patient, drug="racemic_ketamine", route="iv", indication="",
                       now=cast.now)  # fmt: skip
    decide_candidacy(
        actor=cast.adams, now=cast.now, command_id=cid("accept"), patient_id=cast.cora_patient.id,
        drug="racemic_ketamine", route="iv", indication=TRD, seen_facts_digest=found.facts_digest,
        decision="accept", rationale="Two trials failed.",
        reasons={f.rule: "asked in person" for f in needing_reason(found.assessment)},
    )  # fmt: skip
    signed = order(cast, wish, reasons={"concentration.diluted": "our standard bag"})
    assert isinstance(signed, MedicationRequest), signed
    assert asked() == []


# ---- the pages


def page(name, cast, way, *, data=None, status=200):
    client = Client()
    client.force_login(User.objects.get(login="adams"))
    address = reverse(name, args=[cast.cora_patient.id])
    if data is None:
        answer = client.get(address, {"way": way})
    else:
        answer = client.post(address, {**data, "way": way})
    assert answer.status_code == status
    return answer.content.decode()


def test_the_plan_is_built_in_the_browser_for_the_nasal_spray(ready):
    html = page("plan", ready, "esketamine.intranasal")
    assert "Plan, esketamine nasal spray" in html
    assert 'name="duration_min"' not in html
    assert "weeks 1 to 4, 56 mg or 84 mg" in html
    typed = {
        "phase_id": f"{SPRAVATO}#weeks 1 to 4", "indication": TRD, "dose": "84",
        "session_count": "8", "goals": "Sleep", "adjuncts": ["music", "guided_imagery"],
    }  # fmt: skip
    client = Client()
    client.force_login(User.objects.get(login="adams"))
    preview = client.get(
        reverse("plan-preview", args=[ready.cora_patient.id]),
        {**typed, "way": "esketamine.intranasal"},
    ).content.decode()
    assert "3 × 28 mg = 84 mg" in preview
    assert "at 0, 5, 10 min at the earliest" in preview
    page("plan", ready, "esketamine.intranasal", data=typed, status=302)
    html = page("plan", ready, "esketamine.intranasal")
    assert "Version 1: 84 mg, 3 devices, weeks 1 to 4" in html
    assert "0 of 8 sessions given" in html
    assert re.search(r"Beside it</b><span class=\"sub\">Guided imagery, Music|Music, Guided", html)


def test_an_injection_shows_the_dose_by_every_weight(ready):
    client = Client()
    client.force_login(User.objects.get(login="adams"))
    html = client.get(
        reverse("plan-preview", args=[ready.cora_patient.id]),
        {
            "way": "racemic_ketamine.im", "phase_id": f"{INJECTED}#single", "indication": TRD,
            "dose": "0.5", "weight_kg": "70", "presentation_id": VIAL,
            "weight_measured_on": ready.now.date().isoformat(), "session_count": "1",
        },
    ).content.decode()  # fmt: skip
    assert "0.5 mg/kg × 70 kg = 35 mg" in html
    assert "needs the height, which is not on record" in html


def test_candidacy_and_limits_are_kept_apart_by_drug_and_route(ready):
    html = page("candidacy", ready, "esketamine.intranasal")
    assert "Candidacy for esketamine nasal spray" in html
    assert "REMS: certified setting only" in html
    assert page("candidacy", ready, "heroin.iv", status=404)
    client = Client()
    client.force_login(User.objects.get(login="eve"))
    address = reverse("limits", args=[ready.location.id])
    assert "dose.max_mg_per_h" in client.get(address).content.decode()
    nasal_limits = client.get(address, {"way": "esketamine.intranasal"}).content.decode()
    assert "Esketamine nasal spray. Version 1, approved by" in nasal_limits
    assert "dose.max_mg_per_h" not in nasal_limits
