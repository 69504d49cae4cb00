"""What `leeward screen` writes: a line for each person, and what they all come to."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any

from leeward.core.candidacy import Finding, Indication, Recogniser, Rule, Status
from leeward.core.candidacy.engine import refuse
from leeward.core.candidacy.rules import Effect
from leeward.core.candidacy.screening import Judged, Outcome, Population, Screened
from leeward.core.quantities import Refusal
from leeward.exchange.fhir.bulk import Export, People

MOST_SHOWN = 12
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of everybody."""

    drug: str
    route: str
    as_of: date
    rules: tuple[Rule, ...]
    indications: tuple[Indication, ...]
    recogniser: Recogniser
    digest: str

    def refusal(self) -> Refusal | None:
        """Refuse a drug and route that no rule speaks of."""
        known = any(rule.effect_for(self.drug, self.route) for rule in self.rules)
        return refuse(self.drug, self.route, None, (), known)


@dataclass(slots=True)
class Tally:
    """What the people come to."""

    question: Question
    people: int = 0
    without_record: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    present: Counter[tuple[str, str]] = field(default_factory=Counter)
    indications: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What one person's records say to one question."""

    judged: Judged
    records: tuple[str, ...]


def screen_people(
    export: Export, question: Question, form: str, out: IO[str], tell: Tell
) -> Tally:
    """Screen everybody, some at a time, and write a line for each."""
    tally, total = Tally(question), export.count_people()
    write = _Json(question, out) if form == "json" else _Csv(out)
    for people in export.people():
        population = Population(
            people.columns,
            question.rules,
            question.indications,
            question.recogniser,
            question.as_of,
        )
        screened = population.screen(question.drug, question.route)
        if isinstance(screened, Refusal):  # refused before anything was read
            raise AssertionError(screened.because)
        write.begin(screened)
        for person, evidence in _each_person(people, population, screened):
            write.line(people, person, screened, evidence)
            _count(tally, people, person, screened, evidence)
        tally.people += len(people.names)
        tell(f"{tally.people} of {total} people screened")
    return tally


def _each_person(
    people: People, population: Population, screened: Screened
) -> Iterator[tuple[int, dict[int, _Evidence | None]]]:
    """Give each person with what the questions found on record, by question."""
    units = population.units
    persons, questions, numbers = (
        each.tolist() for each in (units.person, units.question, units.unit)
    )
    records, at = people.records, 0
    for person in range(len(people.names)):
        evidence: dict[int, _Evidence | None] = {}
        while at < len(persons) and persons[at] == person:
            judged = screened.of_unit[numbers[at]]
            if judged is None:
                evidence[questions[at]] = None
            else:
                held: tuple[str, ...] = ()
                if judged.items:
                    rows = units.rows_of(at)
                    held = tuple(
                        dict.fromkeys(
                            records[row] for item in judged.items for row in rows[item].tolist()
                        )
                    )
                evidence[questions[at]] = _Evidence(judged, held)
            at += 1
        yield person, evidence


def _count(
    tally: Tally,
    people: People,
    person: int,
    screened: Screened,
    evidence: dict[int, _Evidence | None],
) -> None:
    tally.outcomes[screened.outcome(person).value] += 1
    tally.without_record += not people.has_record[person]
    for each in evidence.values():
        if each is None:
            continue
        found = each.judged.finding
        if found.status is Status.PRESENT:
            if isinstance(found, Finding):
                tally.present[found.effect.value, found.rule] += 1
            else:
                tally.indications[found.id] += 1


class _Json:
    """Lines of JSON; what is the same for everybody is written out once and copied."""

    def __init__(self, question: Question, out: IO[str]) -> None:
        self._head = (
            f'"as_of": "{question.as_of}", "drug": "{question.drug}", "route": "{question.route}"'
        )
        self._out = out
        self._said: dict[int, str] = {}
        self._blank: dict[int, str] = {}
        self._rules = len(question.rules)

    def begin(self, screened: Screened) -> None:
        """Take up what is found in a person without records."""
        self._said = {}
        self._blank = {each.question: _json_of(each) + "]}" for each in screened.blank}

    def line(
        self,
        people: People,
        person: int,
        screened: Screened,
        evidence: dict[int, _Evidence | None],
    ) -> None:
        said = dict(self._blank)
        for question, each in evidence.items():
            if each is None:
                said.pop(question, None)
                continue
            key = id(each.judged)
            if key not in self._said:
                self._said[key] = _json_of(each.judged)
            held = ", ".join(f'"{name}"' for name in map(_escaped, each.records))
            said[question] = f"{self._said[key]}{held}]}}"
        findings = ", ".join(text for question, text in said.items() if question < self._rules)
        reasons = ", ".join(text for question, text in said.items() if question >= self._rules)
        recorded = "true" if people.has_record[person] else "false"
        self._out.write(
            f'{{"patient": "{_escaped(people.names[person])}", "patient_record": {recorded}, '
            f'{self._head}, "outcome": "{screened.outcome(person)}", '
            f'"findings": [{findings}], "indications": [{reasons}]}}\n'
        )


def _json_of(judged: Judged) -> str:
    found = judged.finding
    said: dict[str, Any]
    if isinstance(found, Finding):
        said = {
            "rule": found.rule,
            "version": found.version,
            "effect": found.effect.value,
            "status": found.status.value,
        }
    else:
        said = {
            "id": found.id,
            "status": found.status.value,
            "evidence": found.evidence,
            "approved": found.approved,
        }
    return json.dumps(said)[:-1] + ', "records": ['


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


class _Csv:
    """One row a person; several rules in one cell are parted by spaces."""

    def __init__(self, out: IO[str]) -> None:
        self._rows = csv.writer(out)
        self._blank: dict[int, _Evidence | None] = {}
        self._rows.writerow(
            ["patient", "patient_record", "outcome", *(e.value.lower() for e in Effect),
             "unknown_with_records", "indications_present", "indications_to_settle"]
        )  # fmt: skip

    def begin(self, screened: Screened) -> None:
        """Take up what is found in a person without records."""
        self._blank = {each.question: _Evidence(each, ()) for each in screened.blank}

    def line(
        self,
        people: People,
        person: int,
        screened: Screened,
        evidence: dict[int, _Evidence | None],
    ) -> None:
        all_of = [each for each in {**self._blank, **evidence}.values() if each is not None]
        rules = [(e.judged.finding, e.records) for e in all_of]
        present = {effect: [] for effect in Effect}  # type: dict[Effect, list[str]]
        unsettled, named, hinted = [], [], []
        for found, records in rules:
            if isinstance(found, Finding):
                if found.status is Status.PRESENT:
                    present[found.effect].append(found.rule)
                elif found.status is Status.UNKNOWN and records:
                    unsettled.append(found.rule)
            elif found.status is Status.PRESENT:
                named.append(found.id)
            elif found.status is Status.UNKNOWN and records:
                hinted.append(found.id)
        self._rows.writerow(
            [people.names[person], "yes" if people.has_record[person] else "no",
             screened.outcome(person).value,
             *(" ".join(present[effect]) for effect in Effect),
             " ".join(unsettled), " ".join(named), " ".join(hinted)]
        )  # fmt: skip


def summary_json(export: Export, tally: Tally) -> dict[str, Any]:
    """The stable form of the summary."""
    question, left = tally.question, export.left
    return {
        "as_of": question.as_of.isoformat(),
        "drug": question.drug,
        "route": question.route,
        "content_digest": question.digest,
        "files": len(export.files),
        "resources": export.kinds,
        "people": tally.people,
        "without_patient_record": tally.without_record,
        "outcomes": {each.value: tally.outcomes[each.value] for each in Outcome},
        "present": [
            {"rule": rule, "effect": effect, "people": n}
            for (effect, rule), n in tally.present.most_common()
        ],
        "indications": dict(tally.indications.most_common()),
        "damaged_lines": left.bad_lines,
        "left": [
            {"resource": kind, "because": because, "count": n}
            for (kind, because), n in left.reasons.most_common()
        ],
        "located": [
            {"file": e.file, "where": e.where, "resource": e.resource, "because": e.because}
            for e in left.located
        ],
        "not_recognised": [
            {"kind": kind, "what": what, "count": n}
            for (kind, what), n in export.not_recognised.most_common()
        ],
    }


def summary_text(export: Export, tally: Tally) -> Iterator[str]:
    """The summary for people."""
    question, left = tally.question, export.left
    yield (
        f"{tally.people} people in {len(export.files)} files, {question.drug} {question.route}, "
        f"as of {question.as_of}"
    )
    for outcome, words in (
        (Outcome.STOPPED, "something on record blocks"),
        (Outcome.POSSIBLE, "an indication is on record and nothing on record blocks"),
        (Outcome.TO_SETTLE, "records point to an indication without settling it"),
        (Outcome.NOTHING, "no record names an indication"),
    ):
        yield f"  {tally.outcomes[outcome.value]:>8}  {outcome.value}: {words}"
    if tally.without_record:
        yield f"{tally.without_record} people are only referred to: they have no Patient resource."
    if left.bad_lines:
        yield f"{left.bad_lines} damaged lines were left:"
        yield from _located(left.located, lambda each: not each.resource)
    unread = left.reasons.total() - left.bad_lines
    if unread:
        yield f"{unread} resources could not be read:"
        reasons = [(*said, n) for said, n in left.reasons.most_common() if said[0][0] != "("]
        yield from (f"  {n} x {kind}: {why}" for kind, why, n in reasons[:MOST_SHOWN])
    if tally.present:
        yield "Present most often:"
        yield from (
            f"  {n:>8}  {effect:<8} {rule}"
            for (effect, rule), n in tally.present.most_common(MOST_SHOWN)
        )
    if export.not_recognised:
        yield f"Not recognised: {export.not_recognised.total()} records, most often"
        yield from (
            f"  {n:>8}  {kind}: {what}"
            for (kind, what), n in export.not_recognised.most_common(MOST_SHOWN)
        )
    yield "Unknown is never cleared: Leeward advises; a clinician decides."


def _located(located: list[Any], chosen: Callable[[Any], bool]) -> Iterator[str]:
    shown = [each for each in located if chosen(each)]
    for each in shown[:MOST_SHOWN]:
        line = each.where.removeprefix("line ")
        yield f"  {each.file}:{line}: {each.because}"
    if len(shown) > MOST_SHOWN:
        yield f"  ... and {len(shown) - MOST_SHOWN} more (all are listed in the JSON summary)"
