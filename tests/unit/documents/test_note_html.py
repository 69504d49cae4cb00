"""The note as HTML and PDF text, from a small record: exact, escaped, gaps and faults visible."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from leeward.core.treatment.entries import Addendum, Said, Signature
from leeward.core.treatment.events import Actor
from leeward.exchange.documents.note_chart import chart_of
from leeward.exchange.documents.note_html import NoteCopy, note_body, note_title
from leeward.exchange.documents.note_words import Clock, figure

AT = "2026-11-19T15:00:00+00:00"
LATER = "2026-11-19T15:40:00+00:00"
SAID = {"seq": 3, "at": AT, "recorded_at": AT, "by": "Bea"}
WHEN = Said(9, datetime(2026, 11, 19, 18, tzinfo=UTC), datetime(2026, 11, 19, 18, tzinfo=UTC),
            Actor("a", "Adams"))  # fmt: skip


@pytest.fixture
def record():
    return {
        "session": {
            "id": "s", "number": 2, "opened_at": AT, "started_at": AT, "stopped_at": LATER,
            "discharged_at": None, "departed_at": None, "chair": "1", "location": "Harbor",
            "address": "", "organization": "Harbor Clinic", "timezone": "America/New_York",
        },
        "patient": {
            "family": "O'Neil <b>", "given": "Cora", "birth_date": None, "sex": "female",
            "identifiers": [], "language": "en",
        },
        "weight": {"weight_kg": "70", "measured_on": "2026-11-18", "basis": "actual"},
        "order": {
            "ordered_by": "Adams", "ordered_at": AT, "version": 1, "reasons": {},
            "plan": {
                "dose_mg_per_kg": "0.50", "weight_kg": "70", "dose_mg": "35.00",
                "duration_min": "40", "volume_ml": "3.5", "rate_ml_per_h": "5.2",
            },
        },
        "drug": {
            "name": "racemic ketamine", "route": "intravenous infusion", "vial": "vial",
            "concentration_mg_per_ml": "10", "diluent": "", "lot": "L1", "expiry": "2027-01-31",
        },
        "consent": None,
        "preparation": {
            "identified": None, "checks": [], "time_out_first": None, "time_out_second": None,
        },
        "infusion": {
            "rates": [{"from": AT, "to": LATER, "syringe": "1", "rate_ml_per_h": "5.2",
                       "rate_mg_per_h": "52"}],
            "deviation": "",
            "started_by": "Bea", "stopped_by": "Bea", "stop_reason": "completed",
            "given_ml": "3.50", "given_mg": "35.00",
        },
        "doses": {
            "syringes": [], "boluses": [], "injections": [], "devices": [], "device_uses": [],
            "wastes": [], "flushes": [], "extensions": [],
        },
        "care": {
            "rescues": [], "oxygen": [], "comforts": [], "calls": [], "emergencies": [],
            "hand_overs": [],
        },
        "vitals": [
            {**SAID, "context": "baseline", "source": "manual",
             "values": {"sbp_mmhg": "124", "dbp_mmhg": "78", "spo2_pct": "98"}},
        ],
        "observations": [],
        "devices": [],
        "series": [
            {"binding": "b", "channel": "spo2", "unit": "%", "intermittent": False, "from": AT,
             "to": LATER, "readings": [[0, "97"], [60_000, None, "sensor_off"], [120_000, "96"]],
             "gaps": [{"from": AT, "to": LATER, "because": "sensor off"}]},
        ],
        "effects": [], "alarms": [], "monitoring_gaps": [], "overrides": [],
        "recovery": {"min_observation_min": "60", "scores": [], "criteria": []},
        "discharge": {
            "escort": None, "instructions": None, "to": "", "discharged": None, "departed": None,
        },
        "withdrawn": [],
        "events": [{"seq": 1, "occurred_at": AT, "recorded_at": LATER,
                    "type": "treatment.effect_started.v1"}],
        "digests": {"content": "c" * 64, "limits": "d" * 64},
        "chain": {"seq": 1, "head": "e" * 64},
    }  # fmt: skip


def copy(record, **changes):
    return NoteCopy(record, "f" * 64, **changes)


def test_a_name_is_escaped_wherever_it_stands(record):
    body = note_body(copy(record))
    assert "O&#x27;Neil &lt;b&gt;, Cora" in body
    assert "<b>, Cora" not in body


def test_amounts_are_printed_without_needless_zeros_and_with_units(record):
    body = note_body(copy(record))
    assert "0.5 mg/kg × 70 kg = 35 mg over 40 min: 3.5 mL at 5.2 mL/h" in body
    assert "35 mg in 3.5 mL" in body


def test_times_are_the_clinics_own(record):
    body = note_body(copy(record))
    assert "10:00:00" in body
    assert "America/New_York" in body
    assert note_title(record) == "O'Neil <b>, Cora: session 2, 19 Nov 2026"


@pytest.mark.hazard("H1", "H21")
def test_gaps_are_named_and_no_value_is_never_zero(record):
    body = note_body(copy(record))
    assert "10:00:00 to 10:40:00 (sensor off)" in body
    assert "96 to 97" in body
    assert figure(None, "mg") == "no value"


@pytest.mark.hazard("H1")
def test_the_chart_breaks_where_the_record_states_a_gap(record):
    chart = chart_of(record, Clock("America/New_York"))
    assert None in [value for _, value in chart.spo2]
    assert [value for _, value in chart.spo2 if value is not None] == [97.0, 96.0]
    assert chart.pressures[0][1:] == (124.0, 78.0)


@pytest.mark.hazard("H32")
def test_an_entry_written_late_shows_both_times(record):
    body = note_body(copy(record))
    assert "effect started" in body
    assert body.count("10:40:00") >= 2


@pytest.mark.hazard("H31")
def test_a_signature_that_does_not_fit_is_said_in_capitals(record):
    signature = Signature(WHEN, "f" * 64, "Read.", "key", "ab")
    assert "DOES NOT FIT" in note_body(
        copy(record, signatures=(signature,), verified={9: False})
    )  # fmt: skip
    assert "DOES NOT FIT" not in note_body(
        copy(record, signatures=(signature,), verified={9: True})
    )


def test_addenda_stand_after_the_record_with_their_author(record):
    body = note_body(copy(record, addenda=(Addendum(WHEN, "Called <at> home."),)))
    assert "Called &lt;at&gt; home." in body
    assert "19 Nov 2026 13:00" in body
    assert "Addenda" not in note_body(copy(record))


def test_an_unsigned_copy_says_so(record):
    body = note_body(copy(record))
    assert "This note is not signed." in body
    assert "not signed yet" in body


def test_figures_are_read_exactly():
    assert figure("0.50", "mg/kg") == "0.5 mg/kg"
    assert figure(str(Decimal("1250")), "mL") == "1,250 mL"
