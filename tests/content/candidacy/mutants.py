"""Every way in which one rule of content could be wrong by one step, and whether a case notices.

A mutant is a rule with one thing changed: gone, turned round, a code list it no longer reads, a
figure or clinic limit off by one, another reading of time, another effect, a route forgotten. It
is *killed* when a case file or the table of effects contradicts it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import yaml

from leeward import content
from leeward.core.candidacy import Effect, Finding, Recogniser, Rule, Status, assess
from leeward.core.candidacy.predicates import PREDICATES, Predicate, Verdict

from .cases import CASES, Case, read_cases
from .people import facts_of

EFFECTS = CASES.parent / "effects.yaml"
COURSES = ("ever", "lasting", "episodic")
PREDICATE_TABLE = "leeward.core.candidacy.engine.PREDICATES"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one change; `rule` is None where the rule is gone."""

    of: str
    kind: str
    what: str
    rule: Rule | None
    predicates: Mapping[str, Predicate] | None = None
    limits: Mapping[str, int] | None = None

    def __str__(self) -> str:
        return f"{self.of}: {self.what}"


def mutants_of(rule: Rule) -> Iterator[Mutant]:
    yield Mutant(rule.id, "deleted", "deleted", None)
    yield from _logic(rule)
    yield from _reads(rule)
    yield from _figures(rule)
    yield from _limits(rule)
    yield from _effects(rule)


def _logic(rule: Rule) -> Iterator[Mutant]:
    predicate = PREDICATES[rule.predicate]
    turned = replace(predicate, run=lambda case, r: _negated(predicate, case, r))
    yield Mutant(rule.id, "negated", "negated", rule, {**PREDICATES, rule.predicate: turned})
    if rule.predicate in READS_TIME:
        for course in COURSES:
            if course != rule.course:
                what = f"time read as {course}, not {rule.course}"
                yield Mutant(rule.id, "time", what, replace(rule, course=course))


READS_TIME = ("condition", "recent_event", "bipolar")


def _negated(predicate: Predicate, case: Any, rule: Rule) -> Verdict | None:
    verdict = predicate.run(case, rule)
    if verdict is None:
        return Verdict(Status.PRESENT)
    flipped = {Status.PRESENT: Status.ABSENT, Status.ABSENT: Status.PRESENT}
    return replace(verdict, status=flipped.get(verdict.status, Status.ABSENT))


def _reads(rule: Rule) -> Iterator[Mutant]:
    for part, names in rule.reads.items():
        for name in names:
            kept = tuple(other for other in names if other != name)
            what = f"no longer reads {name} ({part})"
            yield Mutant(rule.id, "reads", what, replace(rule, reads={**rule.reads, part: kept}))


def _figures(rule: Rule) -> Iterator[Mutant]:
    for name, figure in rule.figures.items():
        for step in (Decimal(1), Decimal(-1)):
            moved = replace(figure, value=figure.value + step)
            what = f"{name} {moved.value} {figure.unit}, not {figure.value}"
            changed = replace(rule, figures={**rule.figures, name: moved})
            yield Mutant(rule.id, "figure", what, changed)


def _limits(rule: Rule) -> Iterator[Mutant]:
    for part, limit in rule.limit_ids.items():
        other = {**rule.limit_ids, part: "limit.of.nobody"}
        what = f"clinic limit {limit} not looked at"
        yield Mutant(rule.id, "limit", what, replace(rule, limit_ids=other))
        for step in (1, -1):
            what = f"clinic limit {limit} read {step:+d}"
            yield Mutant(rule.id, "limit", what, rule, limits={limit: step})


def _effects(rule: Rule) -> Iterator[Mutant]:
    for number, entry in enumerate(rule.effects):
        where = f"{entry.drug} {','.join(entry.routes)}"
        for effect in Effect:
            if effect is not entry.effect:
                what = f"{effect} for {where}, not {entry.effect}"
                yield _with_effect(rule, number, what, effect=effect)
        for route in entry.routes:
            kept = tuple(other for other in entry.routes if other != route)
            yield _with_effect(rule, number, f"silent for {entry.drug} {route}", routes=kept)
        if entry.override:
            yield _with_effect(rule, number, f"override for {where} named to nobody", override="")


def _with_effect(rule: Rule, number: int, what: str, **changes: Any) -> Mutant:
    effects = list(rule.effects)
    effects[number] = replace(effects[number], **changes)
    return Mutant(rule.id, "effect", what, replace(rule, effects=tuple(effects)))


def killed_by(mutant: Mutant, recogniser: Recogniser) -> str | None:
    """Name the first case, or the table, that contradicts a mutant; None if it survives."""
    rules = [mutant.rule] if mutant.rule else []
    if mutant.kind == "effect" and table_of(mutant.rule) != said_of(mutant.of):
        return "effects.yaml"
    with patch(PREDICATE_TABLE, mutant.predicates or PREDICATES):
        for case in read_cases():
            if case.rule == mutant.of:
                finding = finding_of(case, rules, recogniser, mutant.limits or {})
                if fault := contradiction(case, finding):
                    return f"{case.name}: {fault}"
    return None


def finding_of(
    case: Case, rules: list[Rule], recogniser: Recogniser, nudges: Mapping[str, int] = {}
) -> Finding | None:
    found = assess(
        facts_of(case.told["facts"]),
        rules,
        recogniser,
        drug=case.drug,
        route=case.route,
        as_of=date.fromisoformat(case.as_of),
        limits={
            name: Decimal(value) + nudges.get(name, 0)
            for name, value in case.told.get("limits", {}).items()
        },
    )
    # Nothing at all is said where the only rule is gone.
    return next((f for f in getattr(found, "findings", ()) if f.rule == case.rule), None)


def contradiction(case: Case, finding: Finding | None) -> str:
    """Say what a finding gets wrong in the eyes of its case; empty if nothing."""
    if case.expected == "silent" or finding is None:
        return "" if (case.expected == "silent") == (finding is None) else "status"
    told = case.told
    wrong = {
        "status": finding.status != case.expected,
        "contradictions": len(finding.contradictions) != told.get("contradictions", 0),
        "effect": told.get("effect", finding.effect) != finding.effect,
        "lines": told.get("lines", len(finding.facts)) != len(finding.facts),
        "says": told.get("says", "") not in finding.because,
        "confirms": told.get("confirms", "") not in " ".join(finding.missing),
        "gap": finding.status is Status.UNKNOWN and not finding.missing,
    }
    return next((name for name, is_wrong in wrong.items() if is_wrong), "")


def table_of(rule: Rule | None) -> dict[str, str]:
    """What a rule does, by drug and route, with who may override."""
    table = {}
    for entry in rule.effects if rule else ():
        for route in entry.routes:
            override = f", override: {entry.override}" if entry.override else ""
            table[f"{entry.drug} {route}"] = f"{entry.effect}{override}"
    return table


def said_of(rule: str) -> dict[str, str]:
    """What the published table says of a rule, in the same form."""
    racemic, esketamine, *more = _published()[rule]
    exceptions = more[0] if more else {}
    override = exceptions.get("override", {})
    said = {}
    for route in ("iv", "im", "sc", "intranasal", "oral", "sublingual"):
        effect = exceptions.get(route, racemic)
        said[f"racemic_ketamine {route}"] = _told(effect, override.get("racemic_ketamine"))
    said["esketamine intranasal"] = _told(esketamine, override.get("esketamine"))
    return {pair: effect for pair, effect in said.items() if effect}


def _published() -> dict[str, Any]:
    table = yaml.load(EFFECTS.read_text(), yaml.CSafeLoader)
    assert isinstance(table, dict)
    return table


def _told(effect: str | None, override: str | None) -> str:
    return f"{effect}, override: {override}" if effect and override else effect or ""


def all_mutants() -> Iterator[Mutant]:
    for rule in content.load().rules.values():
        yield from mutants_of(rule)
