"""The same rules over many people: equal evidence is judged once, by the one implementation.

A rule reads only the facts whose concepts it names, and only their standing and the side of a few
cut-off days on which their dates fall.  So the facts of a population fall into few *classes*, the
evidence that one question (a rule, or an indication) finds in one person is a small set of
classes, and each set that occurs, a *unit*, is put once to `engine.find`, with the facts of the
first person who has it.  What drug and route it is about matters only then, so a second question
over the same people costs the units, not the people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .facts import Fact, FactKind
from .predicates.person import age_range_years, birth_date
from .predicates.substances import months_before
from .questions import Question, concepts_read, reads_person
from .recognition import Recogniser
from .rules import Rule
from .when import When

Ints = NDArray[np.int64]
EPOCH: Final = date(1970, 1, 1)
NO_DAY: Final = -(2**31)
NO_INSTANT: Final = -(2**62)
ONSET, ABATEMENT, RECORDED = range(3)
_RANKS = 2**20


@dataclass(frozen=True, slots=True)
class FactColumns:
    """The facts of many people as columns, ordered by person and then as they were recorded.

    Attributes
    ----------
    people : int
        How many people there are.
    person : int64 array, shape (n,)
        Whose fact it is, from 0.
    template : int64 array, shape (n,)
        Index into `templates`.
    first, last : int64 array, shape (n, 3)
        First and last day [d since 1970-01-01] that onset, abatement and recording can mean;
        `NO_DAY` where there is none.
    instant : int64 array, shape (n,)
        Instant of the onset [us since 1970-01-01 UTC], or `NO_INSTANT`.
    templates : tuple of Fact
        What the facts say, apart from their dates and references.
    """

    people: int
    person: Ints
    template: Ints
    first: Ints
    last: Ints
    instant: Ints
    templates: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Units:
    """Evidence by person and question, each distinct set of it numbered.

    Attributes
    ----------
    person, question, unit : int64 array, shape (g,)
        Group g is the evidence of one person for one question; `unit` numbers equal evidence.
    starts : int64 array, shape (g + 1,)
        Where the items of a group begin among all items.
    rows_from : int64 array, shape (items + 1,)
        Where the rows of an item begin in `rows`.
    rows : int64 array
        Rows of the columns, item by item.
    example : int64 array
        For each unit: the first group that has it.
    """

    person: Ints
    question: Ints
    unit: Ints
    starts: Ints
    rows_from: Ints
    rows: Ints
    example: Ints

    def rows_of(self, group: int) -> list[Ints]:
        """Give the rows of each item of a group."""
        first, last = self.starts[group], self.starts[group + 1]
        cuts = self.rows_from[first : last + 1]
        return [self.rows[a:b] for a, b in pairwise(cuts)]


def find_units(
    columns: FactColumns, questions: Sequence[Question], recogniser: Recogniser, as_of: date
) -> Units:
    """Sort the evidence of a population by person and question, and number what is equal.

    Parameters
    ----------
    columns : FactColumns
        The facts.
    questions : sequence of Rule or Indication
        What will be asked.
    recogniser : Recogniser
        The code lists.
    as_of : datetime.date
        The date of the questions.

    Returns
    -------
    Units
    """
    asking = _asking(questions)
    of_template = [_questions_of(fact, asking, recogniser) for fact in columns.templates]
    lengths = np.array([len(each) for each in of_template], dtype=np.int64)
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    listed = np.array([q for each in of_template for q in each], dtype=np.int64)
    counts = lengths[columns.template] if len(columns.template) else np.zeros(0, np.int64)
    rows = np.repeat(np.arange(len(columns.template)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    asked = listed[offsets[columns.template[rows]] + within] if len(rows) else rows
    classes = _classes(columns, cut_off_days(questions, recogniser, as_of), as_of)
    holder = columns.person[rows] * max(1, len(questions)) + asked
    item = classes[rows] * _RANKS + _ranks(columns, rows, holder)
    return _numbered(rows, holder, item, max(1, len(questions)))


def example_facts(columns: FactColumns, units: Units, unit: int) -> list[Fact]:
    """Build the facts of the first person who has a unit, each named by the item it stands for."""
    items = units.rows_of(int(units.example[unit]))
    rows = sorted((int(each[0]), index) for index, each in enumerate(items))
    return [_fact(columns, row, str(index)) for row, index in rows]


def cut_off_days(questions: Sequence[Question], recogniser: Recogniser, as_of: date) -> list[date]:
    """List every day on which crossing can change an answer: today and the end of each window."""
    days = {as_of}
    figures = [c.tail for c in recogniser.concepts.values() if c.tail is not None]
    for question in questions:
        if isinstance(question, Rule):
            figures += question.figures.values()
    for figure in figures:
        if figure.unit == "d":
            days.add(as_of - timedelta(days=int(figure.value)))
        elif figure.unit == "mo":
            days.add(months_before(as_of, int(figure.value)))
    return sorted(days)


def _asking(questions: Sequence[Question]) -> dict[str, list[int]]:
    """List the questions that read each concept; those about the person stand under ``""``."""
    asking: dict[str, list[int]] = {"": []}
    for number, question in enumerate(questions):
        if reads_person(question):
            asking[""].append(number)
        for concept in concepts_read(question):
            asking.setdefault(concept, []).append(number)
    return asking


def _questions_of(
    fact: Fact, asking: dict[str, list[int]], recogniser: Recogniser
) -> Sequence[int]:
    if fact.kind is FactKind.DEMOGRAPHIC:
        return asking[""]
    named = {match.concept for match in recogniser.recognise(fact)}
    return sorted({number for concept in named for number in asking.get(concept, ())})


def _classes(columns: FactColumns, cuts: list[date], as_of: date) -> Ints:
    """Number what facts say together with the side of each cut-off on which their dates fall."""
    days = np.array([(day - EPOCH).days for day in cuts], dtype=np.int64)
    key = _same_age(columns, as_of)
    for ends in (columns.first, columns.last):
        for slot in (ONSET, ABATEMENT, RECORDED):
            day = ends[:, slot]
            # Below, on and above each cut-off are three different places.
            side = np.searchsorted(days, day, "left") + np.searchsorted(days, day, "right") + 1
            side[day == NO_DAY] = 0
            key = key * (2 * len(days) + 2) + side
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
    return key


def _same_age(columns: FactColumns, as_of: date) -> Ints:
    """Take birth dates of one age for one; people with two birth dates keep them apart."""
    alike = np.arange(len(columns.templates), dtype=np.int64)
    first_of: dict[tuple[int, int], int] = {}
    is_birth = np.zeros(len(columns.templates), dtype=bool)
    for index, fact in enumerate(columns.templates):
        if fact.kind is FactKind.DEMOGRAPHIC and fact.name == "birth_date":
            is_birth[index] = True
            born = birth_date(fact)
            if born is not None:
                ages = age_range_years(born, as_of)
                alike[index] = first_of.setdefault(ages, index)
    born_rows = np.flatnonzero(is_birth[columns.template])
    told = np.bincount(columns.person[born_rows], minlength=columns.people)
    once = born_rows[told[columns.person[born_rows]] == 1]
    key = columns.template.copy()
    key[once] = alike[columns.template[once]]
    return key


def _ranks(columns: FactColumns, rows: Ints, holder: Ints) -> Ints:
    """Order the measurements of one person for one question in time: only the newest counts."""
    measured = np.array(
        [fact.kind is FactKind.OBSERVATION for fact in columns.templates], dtype=bool
    )
    ranks = np.zeros(len(rows), dtype=np.int64)
    chosen = np.flatnonzero(measured[columns.template[rows]]) if len(rows) else rows
    if not len(chosen):
        return ranks
    row, held = rows[chosen], holder[chosen]
    day, instant = columns.last[row, ONSET], columns.instant[row]
    order = np.lexsort((instant, day, held))
    held, day, instant = held[order], day[order], instant[order]
    new_holder = np.concatenate(([True], held[1:] != held[:-1]))
    later = np.concatenate(([False], (day[1:] != day[:-1]) | (instant[1:] != instant[:-1])))
    steps = np.cumsum(later & ~new_holder)
    begins = np.maximum.accumulate(np.where(new_holder, np.arange(len(order)), 0))
    ranks[chosen[order]] = np.minimum(steps - steps[begins], _RANKS - 1)
    return ranks


def _numbered(rows: Ints, holder: Ints, item: Ints, questions: int) -> Units:
    order = np.lexsort((item, holder))
    rows, holder, item = rows[order], holder[order], item[order]
    new_holder = _changes(holder)
    new_item = new_holder | _changes(item)
    item_at = np.flatnonzero(new_item)
    rows_from = np.concatenate((item_at, [len(rows)]))
    starts = np.concatenate((np.flatnonzero(new_holder[item_at]), [len(item_at)]))
    group_holder, items = holder[np.flatnonzero(new_holder)], item[item_at]
    unit, example = _equal(items, starts, group_holder % questions)
    return Units(
        group_holder // questions,
        group_holder % questions,
        unit,
        starts,
        rows_from,
        rows,
        example,
    )


def _changes(values: Ints) -> NDArray[np.bool_]:
    if not len(values):
        return np.zeros(0, dtype=bool)
    return np.concatenate(([True], values[1:] != values[:-1]))


def _equal(items: Ints, starts: Ints, question: Ints) -> tuple[Ints, Ints]:
    """Number groups of equal items under one question; equality is checked, not trusted to a hash.

    Returns
    -------
    (int64 array, int64 array)
        The number of each group, and the first group of each number.
    """
    if not len(question):
        return question, question
    sizes = np.diff(starts)
    for salt in range(1, 9):
        mixed = np.add.reduceat(_mix(items, salt), starts[:-1]) + _mix(question, salt + 100)
        _, example, unit = np.unique(mixed, return_index=True, return_inverse=True)
        twin = example[unit]
        if np.array_equal(sizes, sizes[twin]) and np.array_equal(question, question[twin]):
            shift = np.arange(len(items)) - np.repeat(starts[:-1], sizes)
            if np.array_equal(items, items[np.repeat(starts[:-1][twin], sizes) + shift]):
                return unit.astype(np.int64), example.astype(np.int64)
    raise AssertionError("eight hashes of the evidence collided")


def _mix(values: Ints, salt: int) -> NDArray[np.uint64]:
    """Scramble integers (splitmix64), so that sums of different sets differ."""
    mixed = values.astype(np.uint64) + np.uint64((salt * 0x9E3779B97F4A7C15) % 2**64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _fact(columns: FactColumns, row: int, name: str) -> Fact:
    said = columns.templates[int(columns.template[row])]
    onset, abatement, recorded = (
        _when(int(columns.first[row, slot]), int(columns.last[row, slot])) for slot in range(3)
    )
    instant = int(columns.instant[row])
    if onset is not None and instant != NO_INSTANT:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
        onset = When(onset.first, onset.last, onset.text, moment)
    return Fact(
        said.kind,
        said.codings,
        said.text,
        said.name,
        said.clinical_status,
        said.verification,
        said.criticality,
        said.relation,
        onset,
        abatement,
        recorded,
        said.value,
        said.unit,
        said.value_codings,
        name,
        said.provenance,
    )


def _when(first_day: int, last_day: int) -> When | None:
    if first_day == NO_DAY:
        return None
    first, last = EPOCH + timedelta(days=first_day), EPOCH + timedelta(days=last_day)
    return When(first, last, first.isoformat() if first == last else f"{first}/{last}")
