"""The register of indications and the baseline work-up, changed by one step at a time.

The cases stand in `register.yaml`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

from leeward import content
from leeward.core.candidacy import Assessment, Indication, Recogniser, WorkupItem, assess

from .cases import CASES
from .people import AS_OF, facts_of

REGISTER = CASES.parent / "register.yaml"
LEVELS = ("A", "B", "C", "D", "N", "C/D", "D/N", "N/C")
LIMIT_D = Decimal(30)
Entry = Indication | WorkupItem


@dataclass(frozen=True, slots=True)
class EntryMutant:
    """One entry with one change; `entry` is None where it is gone."""

    of: str
    kind: str
    what: str
    entry: Entry | None

    def __str__(self) -> str:
        return f"{self.of}: {self.what}"


@cache
def register() -> Mapping[str, Any]:
    read = yaml.safe_load(REGISTER.read_text())
    assert isinstance(read, dict)
    return read


def entries() -> list[Entry]:
    library = content.load()
    return [*library.indications.values(), *library.workup.values()]


def mutants_of(entry: Entry) -> Iterator[EntryMutant]:
    yield EntryMutant(entry.id, "deleted", "deleted", None)
    changed = _of_indication(entry) if isinstance(entry, Indication) else _of_workup(entry)
    for kind, what, mutant in changed:
        yield EntryMutant(entry.id, kind, what, mutant)


def _of_indication(entry: Indication) -> Iterator[tuple[str, str, Entry]]:
    for part in ("concepts", "ask", "treatments"):
        for name, kept in _without_one(getattr(entry, part)):
            yield "reads", f"no longer reads {name}", replace(entry, **{part: kept})
    if entry.failed_trials is not None:
        for step in (1, -1):
            moved = replace(entry.failed_trials, value=entry.failed_trials.value + step)
            yield "figure", f"{moved.value} failed trials", replace(entry, failed_trials=moved)
    for number, evidence in enumerate(entry.evidence):
        for level in LEVELS:
            if level != evidence.level:
                told = replace(evidence, level=level)
                yield "effect", f"level {level}", _with(entry, number, told)
        routes = () if evidence.approved_routes else ("iv",)
        yield (
            "effect",
            f"approved routes {routes}",
            _with(entry, number, replace(evidence, approved_routes=routes)),
        )


def _with(entry: Indication, number: int, told: Any) -> Indication:
    evidence = list(entry.evidence)
    evidence[number] = told
    return replace(entry, evidence=tuple(evidence))


def _of_workup(entry: WorkupItem) -> Iterator[tuple[str, str, Entry]]:
    for part in ("concepts", "only_if"):
        for name, kept in _without_one(getattr(entry, part)):
            yield "reads", f"no longer looks at {name}", replace(entry, **{part: kept})
    if entry.concepts:
        yield (
            "figure",
            "asked once more",
            replace(entry, occasions=entry.occasions + 1),
        )
    if len(entry.concepts) > 1:
        yield "negated", "any for every", replace(entry, every=not entry.every)
    if entry.occasions > 1:
        yield "figure", "asked once less", replace(entry, occasions=entry.occasions - 1)
    if entry.max_age:
        yield "limit", "does not go out of date", replace(entry, max_age="")
    if entry.only_if:
        yield "reads", "asked of everyone", replace(entry, only_if=())


def _without_one(names: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in names:
        yield name, tuple(other for other in names if other != name)


def killed_by(mutant: EntryMutant, recogniser: Recogniser) -> str | None:
    """Name what contradicts a mutant; None if it survives."""
    held = [entry for entry in entries() if entry.id != mutant.of]
    return next(
        contradictions(mutant.of, [*held, *filter(None, [mutant.entry])], recogniser), None
    )


def contradictions(of: str, held: list[Entry], recogniser: Recogniser) -> Iterator[str]:
    """Yield what the register's own entry says against the content."""
    indications = [entry for entry in held if isinstance(entry, Indication)]
    workup = [entry for entry in held if isinstance(entry, WorkupItem)]

    def found(facts: Any, limit: str | None = None) -> Assessment:
        answer = assess(
            facts_of(facts),
            content.load().rules.values(),
            recogniser,
            drug="racemic_ketamine",
            route="iv",
            as_of=date.fromisoformat(AS_OF),
            indications=indications,
            workup=workup,
            limits={limit: LIMIT_D} if limit else {},
        )
        assert isinstance(answer, Assessment)
        return answer

    if of in register()["indications"]:
        yield from _against_indication(of, indications, found)
    else:
        yield from _against_workup(of, found)


def _against_indication(of: str, held: list[Indication], found: Any) -> Iterator[str]:
    told = register()["indications"][of]
    mine = next((entry for entry in held if entry.id == of), None)
    said = {drug: (level[0], tuple(level[1:])) for drug, level in told["evidence"].items()}
    known = {e.drug: (e.level, e.approved_routes) for e in mine.evidence} if mine else {}
    if mine and known != said:
        yield "evidence"
    for status in ("present", "unknown", "absent"):
        for number, case in enumerate(told.get(status, ())):
            facts = [entry for entry in case if "shown" not in entry]
            shown = next((entry["shown"] for entry in case if "shown" in entry), None)
            finding = next((i for i in found(facts).indications if i.id == of), None)
            if finding is None or finding.status != status:
                yield f"{status}-{number}"
            elif shown is not None and len(finding.facts) != shown:
                yield f"{status}-{number} shows {len(finding.facts)}"


def _against_workup(of: str, found: Any) -> Iterator[str]:
    told = register()["workup"][of]
    limit = told.get("limit")
    done = told.get("done") or [[{"answer": of, "value": True, "by": "staff"}]]
    empty: list[list[Any]] = [[]]
    wanted = {
        "done": (True, done),
        "missing": (False, [*told.get("missing", ()), *empty]),
        "asked": (False, told.get("asked", ())),
        "not_asked": (None, told.get("not_asked", ())),
    }
    for name, (expected, cases) in wanted.items():
        for number, facts in enumerate(cases):
            item = next((w for w in found(facts, limit).workup if w.id == of), None)
            if (item.done if item else None) is not expected:
                yield f"{name}-{number}"
