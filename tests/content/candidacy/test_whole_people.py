"""Whole people, with everything the assessment must say of them and nothing else."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from leeward import content
from leeward.core.candidacy import Assessment, Status, assess

from .people import facts_of
from .test_candidacy_cases import recogniser

PEOPLE = yaml.safe_load((Path(__file__).parent / "whole_people.yaml").read_text())


def assessed(told) -> Assessment:
    library = content.load()
    found = assess(
        facts_of(told["facts"]),
        library.rules.values(),
        recogniser(),
        drug=told["drug"],
        route=told["route"],
        as_of=date.fromisoformat(told["as_of"]),
        indications=tuple(library.indications.values()),
        limits={name: Decimal(value) for name, value in told.get("limits", {}).items()},
    )
    assert isinstance(found, Assessment), found
    return found


@pytest.mark.hazard("H27", "H28")
@pytest.mark.parametrize("told", PEOPLE, ids=[told["person"] for told in PEOPLE])
def test_the_assessment_says_this_and_nothing_else(told):
    found = assessed(told)
    assert {f.rule: f.effect for f in found.having(Status.PRESENT)} == told["present"]
    assert {f.rule for f in found.having(Status.ABSENT)} == set(told.get("absent", ()))
    shown = {f.rule for f in found.having(Status.UNKNOWN) if f.facts}
    assert shown == set(told.get("asks", ()))
    assert {f.rule for f in found.findings if f.contradictions} == set(
        told.get("contradicted", ())
    )
    assert {
        i.id: [i.status, i.evidence, "approved" if i.approved else "off-label"]
        for i in found.indications
        if i.status is Status.PRESENT
    } == told.get("indications", {})
