"""What must hold for any record whatever."""

from datetime import date
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from leeward import content
from leeward.core.candidacy import (
    Assessment,
    Coding,
    Fact,
    FactKind,
    Recogniser,
    Status,
    When,
    assess,
)
from leeward.core.candidacy.systems import ICD10CM, RXNORM, SNOMED

AS_OF = date(2026, 1, 15)
CODES = [
    (FactKind.CONDITION, ICD10CM, "I71.4", "Abdominal aortic aneurysm"),
    (FactKind.CONDITION, ICD10CM, "F20.9", "Schizophrenia"),
    (FactKind.CONDITION, ICD10CM, "F10.21", "Alcohol dependence, in remission"),
    (FactKind.CONDITION, SNOMED, "38341003", "Hypertension"),
    (FactKind.CONDITION, SNOMED, "72892002", "Normal pregnancy"),
    (FactKind.CONDITION, "urn:local", "x", "Stroke"),
    (FactKind.MEDICATION, RXNORM, "8123", "phenelzine"),
    (FactKind.MEDICATION, RXNORM, "25480", "gabapentin"),
    (FactKind.ALLERGY, RXNORM, "6130", "ketamine"),
]
STATUSES = ["active", "resolved", "remission", "inactive", "stopped", "completed", ""]
VERIFICATIONS = ["", "confirmed", "provisional", "entered-in-error"]
DATES = [None, "1990", "2025-12", "2026-01-10", "2026-01-15", "2026-06-01"]

facts = st.builds(
    lambda what, status, verification, onset, end, number: Fact(
        what[0],
        codings=(Coding(what[1], what[2], what[3]),),
        clinical_status=status,
        verification=verification,
        onset=When.parse(onset) if onset else None,
        abatement=When.parse(end) if end else None,
        resource=f"Record/{number}",
    ),
    st.sampled_from(CODES),
    st.sampled_from(STATUSES),
    st.sampled_from(VERIFICATIONS),
    st.sampled_from(DATES),
    st.sampled_from(DATES),
    st.integers(0, 9),
)
records = st.lists(facts, max_size=6)


@cache
def recogniser() -> Recogniser:
    return Recogniser(content.load().concepts.values())


def statuses(record: list[Fact]) -> dict[str, Status]:
    found = assess(
        record,
        content.load().rules.values(),
        recogniser(),
        drug="racemic_ketamine",
        route="iv",
        as_of=AS_OF,
    )
    assert isinstance(found, Assessment)
    return {finding.rule: finding.status for finding in found.findings}


@settings(max_examples=60, deadline=None)
@given(records)
def test_records_without_a_denial_never_clear_a_rule(record):
    assert Status.ABSENT not in statuses(record).values()


@settings(max_examples=60, deadline=None)
@given(records, st.randoms(use_true_random=False))
def test_order_of_records_does_not_matter(record, chance):
    shuffled = list(record)
    chance.shuffle(shuffled)
    assert statuses(shuffled) == statuses(record)


@settings(max_examples=60, deadline=None)
@given(records)
def test_the_same_records_twice_say_the_same(record):
    assert statuses([*record, *record]) == statuses(record)


@settings(max_examples=60, deadline=None)
@given(records, facts)
def test_one_more_record_never_hides_what_was_present(record, extra):
    before, after = statuses(record), statuses([*record, extra])
    assert all(
        after[rule] is Status.PRESENT
        for rule, status in before.items()
        if status is Status.PRESENT
    )


@settings(max_examples=40, deadline=None)
@given(records)
def test_what_was_written_later_changes_nothing(record):
    later = [
        Fact(
            FactKind.CONDITION,
            codings=(Coding(ICD10CM, "I71.4"),),
            clinical_status="active",
            recorded=When.parse("2026-01-16"),
        )
    ]
    assert statuses([*record, *later]) == statuses(record)
