"""Every case file, case by case; and every rule has the cases that pin it down."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from leeward import content
from leeward.core.candidacy import Assessment, Effect, Finding, Recogniser, Status, assess

from .people import AS_OF, facts_of

CASES = Path(__file__).parent / "cases"
STATUSES = ("present", "unknown", "absent", "silent")
SAID_TO_EVERYONE = {"off_label", "compounded_product", "rems"}


class Case(NamedTuple):
    rule: str
    expected: str
    drug: str
    route: str
    told: dict[str, Any]


@cache
def read_cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{case.rule}-{case.expected}-{number}")
        for path in sorted(CASES.glob("*.yaml"))
        for rule, entry in yaml.load(path.read_text(), yaml.CSafeLoader).items()
        for number, case in enumerate(_cases_of(rule, entry))
    ]


def _cases_of(rule: str, entry: dict[str, Any]) -> list[Case]:
    drug, route = entry.get("drug", "racemic_ketamine"), entry.get("route", "iv")
    return [
        Case(rule, status, told.get("drug", drug), told.get("route", route), told)
        for status in STATUSES
        for told in entry.get(status, ())
    ]


@cache
def recogniser() -> Recogniser:
    return Recogniser(content.load().concepts.values())


def assessed(case: Case) -> Assessment:
    found = assess(
        facts_of(case.told["facts"]),
        content.load().rules.values(),
        recogniser(),
        drug=case.drug,
        route=case.route,
        as_of=date.fromisoformat(AS_OF),
        limits={name: Decimal(value) for name, value in case.told.get("limits", {}).items()},
    )
    assert isinstance(found, Assessment), found
    return found


def finding_of(case: Case) -> Finding | None:
    return next((f for f in assessed(case).findings if f.rule == case.rule), None)


@pytest.mark.hazard("H27", "H28")
@pytest.mark.parametrize("case", read_cases())
def test_case_gives_its_status(case):
    finding = finding_of(case)
    if case.expected == "silent":
        assert finding is None
        return
    assert finding is not None
    assert finding.status == case.expected, finding.facts
    told = case.told
    assert len(finding.contradictions) == told.get("contradictions", 0)
    if "effect" in told:
        assert finding.effect is Effect(told["effect"])
    if "lines" in told:
        assert len(finding.facts) == told["lines"]
    assert told.get("says", "") in finding.because
    assert told.get("confirms", "") in " ".join(finding.missing)
    if finding.status is Status.UNKNOWN:
        assert finding.missing


def test_every_rule_has_present_absent_and_unknown_cases():
    held: dict[str, set[str]] = {}
    for parameter in read_cases():
        case = parameter.values[0]
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
