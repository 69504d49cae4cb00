from datetime import date
from decimal import Decimal

import pytest

from leeward import content
from leeward.core.candidacy import (
    Coding,
    Effect,
    Fact,
    FactKind,
    Recogniser,
    Status,
    When,
    assess,
)
from leeward.core.candidacy.systems import ICD10CM, SNOMED
from leeward.core.quantities import Refusal

AS_OF = date(2026, 1, 15)


@pytest.fixture(scope="module")
def library():
    return content.load()


@pytest.fixture(scope="module")
def ask(library):
    recogniser = Recogniser(library.concepts.values())

    def assessed(*facts, drug="racemic_ketamine", route="iv", **more):
        return assess(
            facts,
            library.rules.values(),
            recogniser,
            drug=drug,
            route=route,
            as_of=AS_OF,
            indications=tuple(library.indications.values()),
            workup=tuple(library.workup.values()),
            **more,
        )

    return assessed


def diagnosis(code, system=ICD10CM, display="", **fields):
    fields.setdefault("clinical_status", "active")
    return Fact(FactKind.CONDITION, codings=(Coding(system, code, display),), **fields)


def answer(name, value):
    return Fact(
        FactKind.ANSWER, name=name, value=value, provenance="staff", recorded=When.on(AS_OF)
    )


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"drug": "lsd"}, "candidacy.unknown_drug"),
        ({"route": "rectal"}, "candidacy.unknown_route"),
        ({"drug": "esketamine", "route": "iv"}, "candidacy.no_rules_for_route"),
        ({"indication": "baldness"}, "candidacy.unknown_indication"),
    ],
)
def test_refuses_what_no_rule_knows(ask, question, code):
    refusal = ask(**question)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code


@pytest.mark.parametrize("route", ["iv", "im", "sc", "intranasal", "oral", "sublingual"])
def test_every_route_of_racemic_ketamine_has_the_absolute_rules(ask, route):
    found = ask(diagnosis("I71.4"), route=route)
    assert [f.rule for f in found.having(Status.PRESENT, Effect.BLOCK)] == ["aneurysm"]


def test_drugs_are_never_conflated(ask):
    psychosis = diagnosis("F20.9")
    racemic, nasal = ask(psychosis), ask(psychosis, drug="esketamine", route="intranasal")
    assert next(f for f in racemic.findings if f.rule == "primary_psychosis").effect == "BLOCK"
    assert next(f for f in nasal.findings if f.rule == "primary_psychosis").effect == "DECISION"


def test_what_stands_in_the_way_comes_first(ask):
    found = ask(diagnosis("I10"), diagnosis("I71.4"))
    assert [f.rule for f in found.findings][:2] == ["aneurysm", "hypertension"]
    statuses = [f.status for f in found.findings]
    assert statuses == sorted(statuses, key=list(Status).index)


def test_finding_carries_reason_record_source_and_patient_words(ask):
    fact = diagnosis(
        "I71.40", display="Abdominal aortic aneurysm", onset=When.parse("2020-05"),
        resource="Condition/7", provenance="imported",
    )  # fmt: skip
    finding = ask(fact).findings[0]
    (line,) = finding.facts
    assert (line.what, line.date, line.resource) == (
        "Abdominal aortic aneurysm", "2020-05", "Condition/7",
    )  # fmt: skip
    assert finding.source.source == "spr"
    assert finding.unverified  # the racemic column rests on the same physiology, not on a text
    assert finding.because
    assert finding.patient.en != finding.patient.es


def test_two_records_of_one_fact_are_one_line(ask):
    twice = (
        diagnosis("I71.4", resource="Condition/1"),
        diagnosis("I71.4", resource="Condition/2"),
    )
    (line,) = ask(*twice).findings[0].facts
    assert {line.resource, *line.also} == {"Condition/1", "Condition/2"}


def test_unread_and_unrecognised_records_are_listed_and_not_dropped(ask):
    found = ask(
        diagnosis("X1", system="urn:local", resource="Condition/local"),
        diagnosis("444814009", system=SNOMED, display="Viral sinusitis"),
        Fact(FactKind.CONDITION, resource="Condition/empty"),
    )
    said = {each.resource or each.what: each.because for each in found.needs_review}
    assert "manual review" in said["Condition/local"]
    assert "no rule lists" in said["Viral sinusitis"]
    assert "neither code nor text" in said["Condition/empty"]


def test_records_that_do_not_count_are_said_to_be_left_out(ask):
    found = ask(
        diagnosis("I71.4", resource="Condition/late", onset=When.parse("2026-02-01")),
        diagnosis("I71.4", resource="Condition/error", verification="entered-in-error"),
    )
    assert {each.resource for each in found.left_out} == {"Condition/late", "Condition/error"}
    assert not found.having(Status.PRESENT, Effect.BLOCK)


def test_resistant_depression_needs_failed_trials_and_never_guesses_them(ask):
    depressed = diagnosis("F33.2")
    sertraline = Fact(FactKind.MEDICATION, text="sertraline 50 MG", clinical_status="stopped")

    def state(*facts):
        found = ask(*facts, indication="treatment_resistant_depression")
        assert found.indications[0].asked
        return found.indications[0]

    assert state(depressed, sertraline).status is Status.UNKNOWN
    assert "sertraline 50 MG" in [line.what for line in state(depressed, sertraline).facts]
    assert state(depressed, answer("failed_adequate_trials", Decimal(1))).status is Status.ABSENT
    assert state(depressed, answer("failed_adequate_trials", Decimal(2))).status is Status.PRESENT
    assert state(answer("failed_adequate_trials", Decimal(2))).status is Status.UNKNOWN
    assert state(depressed, answer("failed_adequate_trials", True)).status is Status.PRESENT
    assert state(depressed, answer("failed_adequate_trials", False)).status is Status.ABSENT
    assert state(depressed, answer("failed_adequate_trials", "unknown")).status is Status.UNKNOWN


def test_only_the_approved_drug_and_route_say_approved(ask):
    for drug, route, approved in (
        ("racemic_ketamine", "iv", set()),
        (
            "esketamine",
            "intranasal",
            {"treatment_resistant_depression", "depression_with_suicidality"},
        ),
    ):
        found = ask(drug=drug, route=route)
        assert {i.id for i in found.indications if i.approved} == approved


def test_workup_says_what_is_missing_and_shows_the_date_of_what_is_there(ask):
    def reading(code, day):
        coding = Coding("http://loinc.org", code)
        return Fact(
            FactKind.OBSERVATION, codings=(coding,), value=Decimal(120), unit="mm[Hg]",
            clinical_status="final", onset=When.parse(day),
        )  # fmt: skip

    one_day = [reading(code, "2026-01-02") for code in ("8480-6", "8462-4")]
    two_days = [*one_day, *(reading(code, "2026-01-09") for code in ("8480-6", "8462-4"))]

    def missing(*facts):
        return {item.id for item in ask(*facts).workup_missing}

    assert "workup.blood_pressure" in missing(*one_day)
    assert "workup.blood_pressure" not in missing(*two_days)
    assert "workup.consent" in missing()
    assert "workup.consent" not in missing(answer("workup.consent", True))


def test_pregnancy_test_is_not_asked_of_someone_it_cannot_apply_to(ask):
    male = Fact(FactKind.DEMOGRAPHIC, name="birth_sex", value="M")
    assert "workup.pregnancy_test" in {item.id for item in ask().workup}
    assert "workup.pregnancy_test" not in {item.id for item in ask(male).workup}
