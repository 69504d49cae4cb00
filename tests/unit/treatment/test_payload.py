"""Events on their way to the disk and back."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from leeward.core.alarms import (
    AlarmPlan,
    Direction,
    EscalationStep,
    Overdue,
    Phase,
    Priority,
    Silence,
    Threshold,
)
from leeward.core.treatment import EVENT_TYPES, from_payload, to_payload, type_name
from leeward.core.treatment import commands as c
from leeward.core.treatment.events import (
    InfusionStopped,
    MonitoringGap,
    SessionOpened,
    VitalsRecorded,
)
from leeward.core.treatment.payload import (
    UnreadablePayload,
    recorded_from_payload,
    recorded_to_payload,
)

from .walk import MONITORING, PLAN, departed

ALARMS = AlarmPlan(
    thresholds=(
        Threshold("spo2_low", "spo2", Direction.BELOW, Priority.HIGH, None, "%", Decimal("5")),
    ),
    silences=(
        Silence("spo2_stale", "spo2", "stale", Priority.HIGH, Decimal("10"), (Phase.INFUSING,)),
    ),
    overdue=(
        Overdue(
            "bp_overdue", "bp", Priority.LOW, Decimal("600"), Decimal("120"), (Phase.INFUSING,)
        ),
    ),
    escalation=(EscalationStep(1, Decimal("15"), "all_screens"),),
)


def test_every_event_of_a_whole_session_survives_the_way_to_disk_and_back():
    walk = departed()
    walk.do(c.SignNote("d", "author", "k", "s"), at=116)
    for recorded in walk.log:
        row = json.loads(json.dumps(recorded_to_payload(recorded)))
        assert recorded_from_payload(row) == recorded


def test_the_opening_carries_every_limit_it_is_run_by():
    from dataclasses import replace

    opened = SessionOpened("p", "c", "o", PLAN, replace(MONITORING, alarms=ALARMS), "d", "l")
    text = json.dumps(to_payload(opened))
    assert from_payload("treatment.session_opened.v1", json.loads(text)) == opened


def test_names_on_disk():
    assert (
        type_name(InfusionStopped("x", Decimal("1"), Decimal("1")))
        == "treatment.infusion_stopped.v1"
    )
    assert len(EVENT_TYPES) == len(set(EVENT_TYPES.values()))


def test_amounts_are_decimal_strings_without_exponent():
    payload = to_payload(InfusionStopped("x", Decimal("1E+2"), Decimal("0.10")))
    assert payload == {
        "reason": "x",
        "given_ml": "100",
        "given_mg": "0.10",
        "pump_volume_ml": None,
        "deviation": "",
    }


def test_times_are_written_in_utc():
    there = datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-6)))
    payload = to_payload(MonitoringGap(there, there, "x"))
    assert payload["from_at"] == "2026-03-02T05:30:00+00:00"
    back = from_payload("treatment.monitoring_gap.v1", payload)
    assert back.from_at == there.astimezone(UTC)


@pytest.mark.parametrize(
    "event",
    [
        InfusionStopped("x", 1.5, Decimal("1")),
        InfusionStopped("x", Decimal("NaN"), Decimal("1")),
        MonitoringGap(datetime(2026, 1, 1), datetime(2026, 1, 1), "x"),
        VitalsRecorded("session", hr_per_min=[80]),
    ],
)
def test_what_can_not_be_written_exactly_is_a_defect(event):
    with pytest.raises(UnreadablePayload):
        to_payload(event)


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("treatment.nothing.v1", {}),
        ("treatment.departed.v1", {"when": "now"}),
        ("treatment.departed.v1", []),
        ("treatment.rate_changed.v1", {"rate_ml_per_h": "1"}),
        ("treatment.rate_changed.v1", {"rate_ml_per_h": 1.0, "reason": "x"}),
        ("treatment.rate_changed.v1", {"rate_ml_per_h": "Infinity", "reason": "x"}),
        ("treatment.rate_changed.v1", {"rate_ml_per_h": "fast", "reason": "x"}),
        ("treatment.observed.v1", {"scale": "moaas", "value": "4"}),
        ("treatment.observed.v1", {"scale": "moaas", "value": True}),
        ("treatment.patient_identified.v1", {"identifiers": "name"}),
        ("treatment.monitoring_gap.v1", {"from_at": "soon", "to_at": "late", "because": "x"}),
    ],
)
def test_what_does_not_fit_its_type_is_not_read(name, payload):
    with pytest.raises(UnreadablePayload):
        from_payload(name, payload)
