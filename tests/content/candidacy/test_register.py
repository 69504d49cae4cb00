"""The register of indications and the baseline work-up, held against their own cases."""

from pathlib import Path

import pytest

from leeward import content

from . import register_mutants as mutants
from .mutation_run import counted, report
from .test_candidacy_cases import recogniser

IDS = sorted(entry.id for entry in mutants.entries())


@pytest.mark.parametrize("entry", IDS)
def test_entry_does_what_its_cases_say(entry):
    assert list(mutants.contradictions(entry, mutants.entries(), recogniser())) == []


@pytest.mark.parametrize("entry", IDS)
def test_no_change_of_an_entry_goes_unnoticed(entry):
    made = [m for each in mutants.entries() if each.id == entry for m in mutants.mutants_of(each)]
    assert [str(m) for m in made if mutants.killed_by(m, recogniser()) is None] == []


def test_every_entry_has_cases_and_no_case_is_about_nothing():
    held = mutants.register()
    assert set(held["indications"]) == set(content.load().indications)
    assert set(held["workup"]) == set(content.load().workup)


def test_the_page_about_the_mutation_run_is_fresh():
    """Every mutant is killed in tests of its own; the page counts them."""
    page = Path(__file__).parents[3] / "docs" / "science" / "mutants.md"
    assert page.read_text() == report(counted(), ()), "run: make mutants"
