"""A session written as FHIR is valid, exact, and says what the log says."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from fhir.resources.R4B import get_fhir_model_class

from leeward.content.coding import Coding
from leeward.content.kinds.drug import Drug
from leeward.content.kinds.effect import SessionEffect
from leeward.content.kinds.route import Route
from leeward.core.alarms.limits import AlarmPlan
from leeward.core.candidacy import FactKind
from leeward.core.protocols.plan import InfusionPlan
from leeward.core.quantities.published import Citation, Grade
from leeward.core.treatment import MonitoringPlan, fold
from leeward.core.treatment import events as e
from leeward.exchange.fhir.facts import to_facts
from leeward.exchange.fhir.importing import import_files
from leeward.exchange.fhir.session_bundle import SessionSubject, SessionTerms, session_bundle
from leeward.exchange.fhir.writing import to_json
from leeward.usecases.imported import ImportOutcome

from .resources import RXNORM, SNOMED

START = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
SESSION = UUID(int=11)
BEA = e.Actor("00000000-0000-0000-0000-00000000000b", "Bea")
CITED = Citation("rxnorm", "ingredient")
KETAMINE = Drug(
    "racemic_ketamine",
    "racemic ketamine",
    "ketamina racémica",
    "KETAMINE (racemic)",
    "KET",
    ("ketamine",),
    "ketamine base",
    "",
    "",
    (Coding(RXNORM, "6130", "ketamine", CITED, Grade("V")),),
    ("iv",),
)
IV = Route(
    "iv",
    "intravenous infusion",
    "infusión intravenosa",
    "IV",
    Coding(SNOMED, "47625008", "Intravenous route", CITED, Grade("K")),
)
NAUSEA = SessionEffect(
    "nausea",
    "Nausea",
    "Náuseas",
    1,
    ("mild", "moderate", "severe"),
    (Coding(SNOMED, "422587007", "Nausea", CITED, Grade("V")),),
    None,
)
TERMS = SessionTerms(KETAMINE, IV, {"nausea": NAUSEA})
CORA = SessionSubject(
    SESSION,
    UUID(int=12),
    "Cruz",
    "Cora",
    date(1980, 3, 2),
    "female",
    (("http://h.example", "77"), ("", "99")),
    "Harbour",
    "Quay",
)
PLAN = InfusionPlan(
    drug="racemic_ketamine",
    route="iv",
    protocol_id="p",
    indication="depression",
    weight_kg=Decimal("70.0"),
    weight_measured_on=date(2026, 11, 19),
    weight_basis="actual",
    dose_mg_per_kg=Decimal("0.5"),
    dose_mg=Decimal("35.0"),
    concentration_mg_per_ml=Decimal("1"),
    volume_ml=Decimal("35.00"),
    duration_min=Decimal(40),
    rate_ml_per_h=Decimal("52.50"),
)
MONITORING = MonitoringPlan(
    alarms=AlarmPlan(),
    checks=(),
    identifiers_required=2,
    baseline_required=(),
    baseline_limits=(),
    min_observation_min=Decimal(60),
    scores=(),
    criteria=(),
)


def log(*events):
    """Events one minute apart, the opening first; a syringe is drawn as it is started."""
    opened = e.SessionOpened(str(CORA.patient_id), "c", "o", PLAN, MONITORING, "0" * 64, "1" * 64)
    recorded, minute = [], -1
    for seq, event in enumerate((opened, *events), start=1):
        minute += not isinstance(event, e.InfusionStarted)
        at = START + timedelta(minutes=minute)
        head = e.Envelope(seq, f"e{seq}", f"c{seq}", at, at, BEA)
        recorded.append(e.Recorded(head, event))
    return recorded


WHOLE = log(
    e.VitalsRecorded("baseline", Decimal(97), Decimal(72), Decimal(120), None, None, None),
    e.DrugDrawn("1", Decimal("35.00"), Decimal(1), "LOT7", date(2027, 6, 30)),
    e.InfusionStarted(Decimal("52.50"), Decimal(1), "LOT7", date(2027, 6, 30)),
    e.EffectStarted("nausea", "mild"),
    e.EffectChanged("nausea", "severe"),
    e.EffectChanged("nausea", "moderate"),
    e.RateChanged(Decimal("26.25"), "nausea"),
    e.AlarmRaised("a1", "spo2_low", "spo2", "high", Decimal(90), Decimal(88), "%"),
    e.AlarmAcknowledged("a1"),
    e.AlarmEnded("a1"),
    e.InfusionPaused("nausea"),
    e.InfusionResumed(Decimal("52.50")),
    e.VitalsRecorded("session", temp_cel=Decimal("36.80")),
    e.EntryWithdrawn(14, "wrong patient"),
    e.Observed("moaas", 5),
    e.Observed("pain_nrs", 2),
    e.InfusionStopped("complete", Decimal("34.98"), Decimal("34.98")),
    e.EffectEnded("nausea"),
    e.RecoveryScored("aldrete", "1995", (e.ScoredItem("activity", 2),), 2),
    e.Discharged("home"),
    e.Departed(),
    e.NoteSigned("2" * 64, "author", "key-1", "ab" * 64),
)


def written(recorded):
    return session_bundle(
        fold(recorded),
        CORA,
        TERMS,
        record_digest="2" * 64,
        written_at=START + timedelta(hours=2),
    )


def of(bundle, kind):
    return [
        each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == kind
    ]


def validated(bundle):
    text = to_json(bundle)
    return get_fhir_model_class("Bundle").model_validate_json(text)


@pytest.mark.parametrize("length", [1, 2, 3, 4, 8, 10, 11, 17, 22])
def test_a_session_is_valid_fhir_at_every_stage(length):
    recorded = WHOLE[:length]
    assert validated(written(recorded)).type == "collection"


def test_every_reference_inside_the_bundle_leads_somewhere():
    bundle = written(WHOLE)
    urls = {each["fullUrl"] for each in bundle["entry"]}
    assert len(urls) == len(bundle["entry"])

    def references(value):
        if isinstance(value, dict):
            if isinstance(value.get("reference"), str):
                yield value["reference"]
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    assert set(references(bundle)) <= urls


def test_the_same_log_gives_the_same_text():
    assert to_json(written(WHOLE)) == to_json(written(WHOLE))


def test_amounts_keep_every_digit():
    text = to_json(written(WHOLE))
    assert '"value": 34.98,' in text
    assert '"value": 52.50,' in text
    exact = json.loads(text, parse_float=Decimal)
    assert str(of(exact, "MedicationAdministration")[1]["dosage"]["rateQuantity"]["value"]) == (
        "52.50"
    )


def test_the_dose_is_given_in_milligrams_and_per_kilogram():
    whole = of(written(WHOLE), "MedicationAdministration")[0]
    assert whole["status"] == "completed"
    assert (whole["dosage"]["dose"]["value"], whole["dosage"]["dose"]["code"]) == (
        Decimal("34.98"),
        "mg",
    )
    per_kg = whole["dosage"]["extension"][0]["valueQuantity"]
    assert (per_kg["value"], per_kg["code"]) == (Decimal("0.5"), "mg/kg")


def test_every_rate_is_an_administration_of_its_own_and_a_pause_is_a_hole():
    whole, *stretches = of(written(WHOLE), "MedicationAdministration")
    assert [each["dosage"]["rateQuantity"]["value"] for each in stretches] == [
        Decimal("52.50"),
        Decimal("26.25"),
        Decimal("52.50"),
    ]
    ends = [each["effectivePeriod"]["end"] for each in stretches]
    starts = [each["effectivePeriod"]["start"] for each in stretches]
    assert ends[0] == starts[1]
    assert ends[1] < starts[2]
    whole_url = next(
        each["fullUrl"] for each in written(WHOLE)["entry"] if each["resource"] == whole
    )
    assert {each["partOf"][0]["reference"] for each in stretches} == {whole_url}


def test_the_medicine_carries_lot_expiry_and_strength():
    (medication,) = of(written(WHOLE), "Medication")
    assert medication["batch"] == {"lotNumber": "LOT7", "expirationDate": "2027-06-30"}
    strength = medication["ingredient"][0]["strength"]
    assert (strength["numerator"]["value"], strength["denominator"]["code"]) == (1, "mL")


def test_nothing_given_is_no_administration():
    bundle = written(WHOLE[:2])
    assert of(bundle, "MedicationAdministration") == of(bundle, "Procedure") == []


def test_a_missing_pressure_is_absent_and_not_zero():
    panel = next(
        each
        for each in of(written(WHOLE), "Observation")
        if each["code"]["coding"][0]["code"] == "85354-9"
    )
    systolic, diastolic = panel["component"]
    assert systolic["valueQuantity"]["value"] == 120
    assert "valueQuantity" not in diastolic
    assert diastolic["dataAbsentReason"]["coding"][0]["code"] == "not-performed"


def test_a_withdrawn_entry_is_left_out():
    codes = [each["code"]["coding"][0].get("code") for each in of(written(WHOLE), "Observation")]
    assert "8310-5" not in codes


def test_an_effect_has_its_worst_grade_its_course_and_the_drug():
    (event,) = of(written(WHOLE), "AdverseEvent")
    assert event["severity"]["text"] == "severe"
    assert event["outcome"]["text"] == "resolved"
    assert event["event"]["coding"][0]["code"] == "422587007"
    assert event["suspectEntity"]
    assert event["extension"][0]["valueDateTime"] > event["date"]


def test_an_unknown_effect_keeps_its_own_name():
    (event,) = of(written(log(e.EffectStarted("odd_feeling", "mild"))), "AdverseEvent")
    assert event["event"]["text"] == "odd feeling"
    assert event["outcome"]["text"] == "ongoing"
    assert "suspectEntity" not in event


def test_an_alarm_says_what_when_and_who_answered():
    (issue,) = of(written(WHOLE), "DetectedIssue")
    assert (issue["severity"], issue["detail"]) == ("high", "spo2: 88 %, limit 90 %")
    assert issue["mitigation"][0]["author"]["display"] == "Bea"
    assert issue["identifiedPeriod"]["end"]


def test_the_provenance_carries_digest_and_signature_of_everything():
    bundle = written(WHOLE)
    (provenance,) = of(bundle, "Provenance")
    assert provenance["entity"][0]["what"]["identifier"]["value"] == "2" * 64
    assert len(provenance["target"]) == len(bundle["entry"]) - 1
    assert provenance["signature"][0]["who"]["display"] == "Bea"


def test_an_unsigned_session_names_who_opened_it():
    (provenance,) = of(written(WHOLE[:4]), "Provenance")
    assert "signature" not in provenance
    assert provenance["agent"][0]["who"]["display"] == "Bea"


def test_an_unknown_birth_date_is_left_out():
    bundle = session_bundle(
        fold(WHOLE[:2]),
        replace(CORA, birth_date=None, given=""),
        TERMS,
        record_digest="2" * 64,
        written_at=START,
    )
    assert "birthDate" not in of(bundle, "Patient")[0]
    validated(bundle)


def test_a_wrong_resource_would_not_pass_the_validator():
    bundle = written(WHOLE)
    of(bundle, "Encounter")[0]["period"] = "yesterday"
    with pytest.raises(ValueError, match="period"):
        validated(bundle)


def test_leeward_reads_back_what_it_wrote(tmp_path):
    taken = []

    def take(batch):
        taken.extend(batch)
        return ImportOutcome()

    path = tmp_path / "session.json"
    path.write_text(to_json(written(WHOLE)))
    import_files([str(path)], take)
    values = [
        (fact.codings[0].code, fact.value)
        for fact in to_facts(taken)
        if fact.kind is FactKind.OBSERVATION
    ]
    assert values == [("2708-6", 97), ("8867-4", 72), ("8480-6", 120), ("72514-3", 2)]
