"""Every case file, case by case; and every rule has the cases that pin it down."""

from datetime import date
from functools import cache

import pytest

from leeward import content
from leeward.core.candidacy import Assessment, Recogniser, Status, assess

from .cases import Case, read_cases
from .mutants import contradiction, finding_of
from .people import AS_OF

SAID_TO_EVERYONE = {"off_label", "compounded_product", "rems"}


@cache
def recogniser() -> Recogniser:
    return Recogniser(content.load().concepts.values())


@pytest.mark.hazard("H27", "H28")
@pytest.mark.parametrize("case", read_cases(), ids=lambda case: case.name)
def test_case_gives_what_it_says(case: Case):
    finding = finding_of(case, list(content.load().rules.values()), recogniser())
    assert contradiction(case, finding) == "", finding


def test_every_rule_has_present_absent_and_unknown_cases():
    held: dict[str, set[str]] = {}
    for case in read_cases():
        held.setdefault(case.rule, set()).add(case.expected)
    wanted = {
        rule: {"present"}
        if rule in SAID_TO_EVERYONE
        else {"present", "silent"}
        if rule == "deceased"
        else {"present", "absent", "unknown"}
        for rule in content.load().rules
    }
    assert {rule: held.get(rule, set()) for rule in wanted} == wanted


def test_an_empty_record_clears_nothing():
    found = assess(
        [],
        content.load().rules.values(),
        recogniser(),
        drug="racemic_ketamine",
        route="iv",
        as_of=date.fromisoformat(AS_OF),
    )
    assert isinstance(found, Assessment)
    assert not found.having(Status.ABSENT)
    assert {f.rule for f in found.having(Status.PRESENT)} == {"off_label"}
