"""Every route by which a session is run has its own rules, and a label's floor stands."""

from datetime import date
from decimal import Decimal

import pytest

from leeward import content
from leeward.core.protocols.limits import LimitSet, LimitValue
from leeward.core.quantities import Refusal
from leeward.usecases.session_rules import monitoring_plan
from tests.limits import INVENTED

WAYS = (
    ("racemic_ketamine", "iv"),
    ("racemic_ketamine", "im"),
    ("racemic_ketamine", "sc"),
    ("esketamine", "intranasal"),
)


def filled(changes=()):
    """The invented limits of the tests, approved, with some changed."""
    units = {limit.id: limit.unit for limit in content.load().limits.values()}
    values = INVENTED | dict(changes)
    return LimitSet(
        tuple(LimitValue(name, Decimal(v), units[name]) for name, v in values.items()),
        "d" * 64, "Eve", date(2026, 1, 1),
    )  # fmt: skip


@pytest.mark.parametrize(("drug", "route"), WAYS)
@pytest.mark.hazard("H24")
def test_a_session_of_every_route_has_rules_to_be_ended_by(drug, route):
    plan = monitoring_plan(filled(), drug=drug, route=route, on=date(2026, 3, 2))
    assert not isinstance(plan, Refusal), plan
    assert plan.criteria
    assert plan.scores
    assert plan.escort_required
    items = {criterion.item for criterion in plan.criteria}
    assert ("line_removed" in items) is (route == "iv")
    assert ("clinically_stable" in items) is (drug == "esketamine")


@pytest.mark.hazard("H24")
def test_two_hours_of_the_label_cannot_be_shortened_by_a_clinic():
    limits = filled({"recovery.min_observation_min": "45"})
    plan = monitoring_plan(limits, drug="esketamine", route="intranasal", on=date(2026, 3, 2))
    assert plan.min_observation_min == Decimal(120)
    longer = filled({"recovery.min_observation_min": "150"})
    plan = monitoring_plan(longer, drug="esketamine", route="intranasal", on=date(2026, 3, 2))
    assert plan.min_observation_min == Decimal(150)


def test_a_route_without_rules_is_refused_by_name():
    refused = monitoring_plan(filled(), drug="racemic_ketamine", route="oral", on=date(2026, 3, 2))
    assert refused.code == "session.route_not_ready"


@pytest.mark.hazard("H25")
def test_the_symptoms_that_the_instructions_call_an_emergency_are_red_flags_at_the_chair():
    flags = {effect.id for effect in content.load().effects.values() if effect.red_flag}
    assert flags == {
        "chest_pain", "breathing_difficulty", "severe_headache", "focal_deficit", "fainting",
        "seizure", "confusion_out_of_proportion", "allergic_reaction",
    }  # fmt: skip
