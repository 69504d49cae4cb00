"""Limits: anybody may draft, only the director's own confirmed identity puts them in force."""

from dataclasses import replace
from datetime import timedelta

import pytest

from leeward import content
from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import NotFound, NotPermitted
from leeward.records.organizations.models import ClinicLimits
from leeward.records.organizations.selectors import find_limits_in_force
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.session_rules import monitoring_plan
from leeward.usecases.set_limits import APPROVAL, approve_limits, draft_limits
from tests.cast import DRUG, PASSWORD, ROUTE, cid
from tests.limits import INVENTED


def draft(cast, actor, values, name="draft"):
    return draft_limits(
        actor=actor, now=cast.now, command_id=cid(name), location_id=cast.location.id, drug=DRUG,
        route=ROUTE, values=values, rationales={},
    )  # fmt: skip


def confirmed(cast, login="eve", name="who", now=None):
    return confirm_identity(
        actor=cast.eve, now=now or cast.now, command_id=cid(name), login=login,
        password=PASSWORD, purpose=APPROVAL,
    )  # fmt: skip


def approve(cast, row, who, *, actor=None, digest=None, name="approve2", now=None):
    return approve_limits(
        actor=actor or cast.eve, now=now or cast.now, command_id=cid(name), limits_id=row.id,
        seen_digest=digest or row.digest, statement="", confirmed=who,
    )  # fmt: skip


@pytest.mark.hazard("H6")
def test_a_draft_changes_nothing_until_it_is_approved(cast):
    before = find_limits_in_force(cast.location.id, DRUG, ROUTE)
    row = draft(cast, cast.adams, {**INVENTED, "dose.max_mg_per_kg": "0.75"})
    assert find_limits_in_force(cast.location.id, DRUG, ROUTE) == before
    assert not isinstance(approve(cast, row, confirmed(cast)), Refusal)
    after = find_limits_in_force(cast.location.id, DRUG, ROUTE)
    assert str(after.get("dose.max_mg_per_kg")) == "0.75"
    assert ClinicLimits.objects.filter(status="approved").count() == 1


def test_the_director_cannot_approve_what_is_incomplete(cast):
    values = {k: v for k, v in INVENTED.items() if k != "dose.max_mg_per_session"}
    row = draft(cast, cast.eve, values)
    refused = approve(cast, row, confirmed(cast))
    assert refused.code == "limits.missing"
    assert content.load().limits["dose.max_mg_per_session"].label in refused.because


@pytest.mark.hazard("H6")
@pytest.mark.parametrize(
    ("limit", "value", "named"),
    [("alarm.spo2_low.clear", "85", "alarm.spo2_low.act"),
     ("alarm.hr_high.clear", "150", "alarm.hr_high.act"),
     ("alarm.hr_high.warn", "145", "alarm.hr_high.act")],
)  # fmt: skip
def test_limits_that_contradict_each_other_are_not_approved(cast, limit, value, named):
    row = draft(cast, cast.eve, {**INVENTED, limit: value})
    refused = approve(cast, row, confirmed(cast))
    assert refused.code == "limits.contradict"
    assert limit in refused.because
    assert named in refused.because


def test_a_session_plan_names_the_limits_that_are_missing(cast):
    limits = find_limits_in_force(cast.location.id, DRUG, ROUTE)
    poorer = tuple(v for v in limits.values if v.parameter != "bp.interval_min")
    refused = monitoring_plan(
        replace(limits, values=poorer), drug=DRUG, route=ROUTE, on=cast.now.date()
    )
    assert refused.code == "limits.missing"
    assert "bp.interval_min" in refused.because


def test_what_was_not_read_is_not_approved(cast):
    row = draft(cast, cast.eve, INVENTED)
    assert approve(cast, row, confirmed(cast), digest="0" * 64).code == "limits.changed"


def test_nobody_else_approves_in_the_directors_name(cast):
    row = draft(cast, cast.eve, INVENTED)
    assert approve(cast, row, confirmed(cast, "bea")).code == "limits.other_person"
    with pytest.raises(NotPermitted):
        approve(cast, row, confirmed(cast, name="w2"), actor=cast.adams, name="a2")
    with pytest.raises(NotFound):
        approve(cast, row, confirmed(cast, name="w3"), actor=cast.faye, name="a3")


def test_a_confirmation_serves_one_act_and_not_for_long(cast):
    row = draft(cast, cast.eve, INVENTED)
    who = confirmed(cast)
    late = cast.now + timedelta(minutes=6)
    assert approve(cast, row, who, now=late).code == "identity.confirmation_spent"
    assert not isinstance(approve(cast, row, who, name="a4"), Refusal)
    again = draft(cast, cast.eve, INVENTED, name="draft2")
    assert approve(cast, again, who, name="a5").code == "identity.confirmation_spent"


@pytest.mark.parametrize("text", ["1,5", "-3", "0", "abc", "NaN", "1e400"])
def test_refuses_a_limit_that_is_not_a_positive_number(cast, text):
    refused = draft(cast, cast.eve, {"bp.interval_min": text})
    assert refused.code == "limits.not_a_number"
    assert refused.field == "bp.interval_min"
