"""What must hold of the rules as content."""

from datetime import date

import pytest

from leeward import content
from leeward.core.candidacy import Assessment, Effect, Recogniser, assess

from . import mutants
from . import test_candidacy_cases as cases


@pytest.mark.parametrize("rule", sorted(content.load().rules))
def test_every_rule_does_what_the_published_table_says(rule):
    assert mutants.table_of(content.load().rules[rule]) == mutants.said_of(rule)


def test_racemic_rules_that_rest_on_the_esketamine_label_say_so():
    """A racemic effect borrowed from the label of the other drug is never graded as read."""
    for rule in content.load().rules.values():
        entry = rule.effect_for("racemic_ketamine", "iv")
        if entry and entry.source.source == "spr" and rule.id in ("aneurysm", "avm"):
            assert entry.unverified, rule.id


@pytest.mark.parametrize("rule", sorted(content.load().rules))
def test_each_rule_speaks_to_staff_and_patient_in_both_languages(rule):
    told = content.load().rules[rule]
    assert told.because.endswith(".")
    for words in (told.title, told.patient, told.question):
        assert words.en != words.es


@pytest.mark.hazard("H27")
@pytest.mark.parametrize("rule", sorted(content.load().rules))
def test_no_change_of_a_rule_goes_unnoticed(rule):
    """The mutation run; `make mutants` writes its figures down."""
    made = list(mutants.mutants_of(content.load().rules[rule]))
    assert {"deleted", "negated"} <= {mutant.kind for mutant in made}
    assert [str(m) for m in made if mutants.killed_by(m, cases.recogniser()) is None] == []


@pytest.mark.parametrize("drug_route", [("racemic_ketamine", "iv"), ("esketamine", "intranasal")])
def test_no_effect_is_encoded_on_an_uncertain_source(drug_route):
    found = assess(
        [],
        content.load().rules.values(),
        Recogniser(content.load().concepts.values()),
        drug=drug_route[0],
        route=drug_route[1],
        as_of=date(2026, 1, 15),
    )
    assert isinstance(found, Assessment)
    for finding in found.findings:
        assert finding.grade in ("V", "Vs", "D", "V*", "K")
        assert finding.unverified or finding.grade not in ("V*", "K")
        assert finding.source.source in content.load().sources


def test_blocks_on_psychosis_and_active_substance_use_name_who_may_override():
    rules = content.load().rules
    for rule in ("primary_psychosis", "psychosis", "substance_use_active", "ketamine_misuse"):
        entry = rules[rule].effect_for("racemic_ketamine", "iv")
        assert entry is not None
        assert entry.override, rule


def test_only_interactions_by_mouth_are_stronger_than_by_vein():
    for rule in content.load().rules.values():
        by_vein, by_mouth = (
            rule.effect_for("racemic_ketamine", route) for route in ("iv", "oral")
        )
        if by_vein and by_mouth and by_vein.effect != by_mouth.effect:
            assert rule.group == "interaction"
            assert (by_mouth.effect, by_vein.effect) == (Effect.DECISION, Effect.INFO)
