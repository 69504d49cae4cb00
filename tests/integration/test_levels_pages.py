"""The plan builder's preview and the comparison on its own page, over HTTP."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from leeward import content
from leeward.core.quantities import Refusal
from leeward.records.accounts.models import User
from leeward.usecases.order_treatment import order_treatment
from leeward.usecases.plan_wishes import Wish
from tests.cast import chart_weight, cid
from tests.integration.test_one_patient_all_the_way import PROTOCOL, VIAL, accept

pytestmark = pytest.mark.django_db
INDICATION = content.load().protocols[PROTOCOL].indications[0]


def order(cast):
    wish = Wish(
        protocol_id=PROTOCOL, indication=INDICATION, dose_mg_per_kg=Decimal("0.5"),
        duration_min=Decimal(40), presentation_id=VIAL, concentration_mg_per_ml=Decimal(10),
        weight_kg=Decimal(70), weight_measured_on=cast.now.date(),
    )  # fmt: skip
    done = order_treatment(
        actor=cast.adams, now=cast.now, command_id=cid("order"), patient_id=cast.cora_patient.id,
        wish=wish, session_count=6, goals="", reasons={"plan.other_indication": "as agreed"},
    )  # fmt: skip
    assert not isinstance(done, Refusal), done


@pytest.fixture
def plan(cast):
    """What Adams has typed for Cora: 0.5 mg/kg over 60 min, 40 min being in force."""
    chart_weight(cast)
    accept(cast), order(cast)
    return {
        "protocol_id": PROTOCOL, "indication": INDICATION, "presentation_id": VIAL,
        "weight_kg": "70", "weight_measured_on": cast.now.date().isoformat(),
        "dose_mg_per_kg": "0.5", "duration_min": "60", "concentration_mg_per_ml": "10",
    }  # fmt: skip


def page(cast, name, login="adams", **data):
    client = Client()
    client.force_login(User.objects.get(login=login))
    answer = client.get(reverse(name, args=[cast.cora_patient.id]), data)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_draft_stands_beside_the_plan_in_force_and_alternatives(cast, plan):
    html = page(
        cast, "plan-preview", **plan, alt_dose_1="0.25", alt_duration_1="40", alt_dose_2="0.5",
        alt_duration_2="100",
    )  # fmt: skip
    for words in (
        "A: in force, 35 mg over 40 min", "B: draft, 35 mg over 60 min",
        "C: alternative 1, 17.5 mg over 40 min", "D: alternative 2, 35 mg over 100 min",
        "variability borrowed from otto2021", "3 published sets, arterial and venous",
    ):  # fmt: skip
        assert words in html
    assert "none is recommended" in html
    assert "A level is not a target" in html
    assert "Zanos" in html


@pytest.mark.parametrize("curve", ["plasma", "effect", "index"])
def test_the_curve_that_was_chosen_stays_chosen(cast, plan, curve):
    html = page(cast, "plan-preview", **plan, curve=curve)
    assert re.search(f'value="{curve}" checked', html)
    assert html.count('" checked>') == 2, "one curve, one way side by side"


def test_half_a_pair_is_said_and_the_rest_is_drawn(cast, plan):
    html = page(cast, "plan-preview", **plan, alt_dose_1="0.25")
    assert "Over 1: A dose and a duration are needed together." in html
    assert "B: draft" in html


def test_a_reason_that_is_being_typed_is_kept(cast, plan):
    html = page(cast, "plan-preview", **plan)
    name = re.search(r'name="(reason-[^"]+)"', html).group(1)
    assert 'value="as agreed"' in page(cast, "plan-preview", **plan, **{name: "as agreed"})


def test_the_plan_page_begins_with_the_plan_in_force(cast, plan):
    assert "A: in force, 35 mg over 40 min" in page(cast, "plan")
    assert "Estimated level" not in page(cast, "plan", login="eve"), "who cannot draft sees none"


def test_a_refusing_set_says_why_and_leaves_the_choice(cast, plan):
    html = page(cast, "plan-preview", **{**plan, "weight_kg": "130"}, level_set="otto2021")
    assert "No level is estimated with otto2021: A weight of 130" in html
    assert '<option value="domino"' in html


def test_levels_are_compared_without_scripts_or_an_order(cast, plan):
    html = page(cast, "plan-levels", weight_kg="70", dose_mg_per_kg="0.5", duration_min="60",
                alt_dose_1="0.5", alt_duration_1="40", by="regimens")  # fmt: skip
    assert "C: alternative 1, 35 mg over 40 min" in html
    assert '<form method="get"' in html
    assert "Nothing here is an order; a prescriber decides" in html


def test_levels_on_their_own_page_prefill_no_alternative(cast, plan):
    html = page(cast, "plan-levels")
    assert (
        'name="alt_dose_1" inputmode="decimal" autocomplete="off" maxlength="12" value=""' in html
    )
    assert '<svg class="chart"' not in html


def test_no_style_attribute_reaches_the_page(cast, plan):
    assert "style=" not in page(cast, "plan-preview", **plan)
