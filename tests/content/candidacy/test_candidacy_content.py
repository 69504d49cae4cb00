"""What must hold of the rules as content."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from leeward import content
from leeward.core.candidacy import Assessment, Effect, Recogniser, Status, assess
from leeward.core.candidacy.predicates import PREDICATES, Predicate, Verdict

from . import test_candidacy_cases as cases

EFFECTS = Path(__file__).parent / "effects.yaml"


def test_every_rule_does_what_the_published_table_says():
    said = yaml.safe_load(EFFECTS.read_text())
    done = {}
    for rule in content.load().rules.values():
        pair = (
            rule.effect_for("racemic_ketamine", "iv"),
            rule.effect_for("esketamine", "intranasal"),
        )
        done[rule.id] = [entry.effect.value if entry else None for entry in pair]
    assert done == said


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


@pytest.mark.parametrize("rule", sorted(content.load().rules))
def test_negating_or_deleting_a_rule_fails_a_case(rule, monkeypatch):
    """The mutation run: a rule turned round, or gone, must be noticed by the case files."""
    told = content.load().rules[rule]
    own = [p.values[0] for p in cases.read_cases() if p.values[0].rule == rule]
    predicate = PREDICATES[told.predicate]
    turned = replace(predicate, run=lambda case, r: _negated(predicate, case, r))
    silent = replace(predicate, run=lambda case, r: None)
    for mutant in (turned, silent):
        monkeypatch.setattr(
            "leeward.core.candidacy.engine.PREDICATES", {**PREDICATES, told.predicate: mutant}
        )
        assert any(_fails(case) for case in own), mutant


def _negated(predicate: Predicate, case, rule) -> Verdict | None:
    verdict = predicate.run(case, rule)
    if verdict is None:
        return Verdict(Status.PRESENT)
    flipped = {Status.PRESENT: Status.ABSENT, Status.ABSENT: Status.PRESENT}
    return replace(verdict, status=flipped.get(verdict.status, Status.ABSENT))


def _fails(case) -> bool:
    finding = cases.finding_of(case)
    if case.expected == "silent":
        return finding is not None
    return finding is None or finding.status != case.expected


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
