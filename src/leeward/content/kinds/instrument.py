"""Rating scales: questions, rule, alerts, definitions of change, and the words by language."""

import hashlib
import json
from types import MappingProxyType
from typing import Any

from leeward.content.document import (
    Amount,
    ContentDoc,
    FigureDoc,
    GradeMark,
    Part,
    SourceDoc,
    Text,
    check_dimension,
)
from leeward.content.errors import Mistake
from leeward.core.instruments import (
    AskedIf,
    Form,
    FormItem,
    FormOption,
    Instrument,
    Item,
    Mode,
    Option,
    Reading,
    Step,
    Terms,
)

from ._instrument_checks import check_instrument
from ._instrument_rules import AlertDoc, OutcomeDoc, ScoringDoc

FOLDER = "instruments"


class OptionDoc(Part):
    """One answer. `score` is left out for an answer that is kept and not scored."""

    value: int
    score: int | None = None
    loinc: str | None = None
    not_applicable: bool = False

    def option(self) -> Option:
        """Return the answer as a core value."""
        return Option(self.value, self.score, self.loinc, self.not_applicable)


class StepDoc(Part):
    """Readings from `lo` to `hi`, both included; an end that is left out is open."""

    lo: Amount | None = None
    hi: Amount | None = None
    score: int


class ReadingDoc(Part):
    """A question answered by a number. `steps` say how it scores; without them it is the score."""

    unit: str
    decimals: int = 0
    minimum: Amount
    maximum: Amount
    steps: tuple[StepDoc, ...] = ()
    source: SourceDoc | None = None
    grade: GradeMark | None = None

    def reading(self) -> Reading:
        """Return the rule of the number as a core value."""
        if self.steps and (self.source is None or self.grade is None):
            raise Mistake("Steps are published figures: add their source and grade.")
        check_dimension(self.unit, self.unit)
        steps = tuple(Step(step.lo, step.hi, step.score) for step in self.steps)
        return Reading(self.unit, self.decimals, self.minimum, self.maximum, steps)


class AskedIfDoc(Part):
    """When a question is asked at all."""

    any_of: tuple[str, ...]
    values: tuple[int, ...]
    declined: bool = False


class ItemDoc(Part):
    """One question: `answers` names a list of answers, or `reading` describes a number."""

    link_id: Text
    answers: str | None = None
    reading: ReadingDoc | None = None
    scored: bool = True
    asked_if: AskedIfDoc | None = None
    loinc: str | None = None


class NumberedItemsDoc(Part):
    """Questions known by number only, because their words may not be shipped."""

    count: int
    lowest: int
    highest: int
    reversed: tuple[int, ...] = ()

    def items(self, prefix: str) -> tuple[Item, ...]:
        """Return the questions as core values, named by the instrument and their number."""
        return tuple(
            Item(f"{prefix}-{number}", True, self._options(number))
            for number in range(1, self.count + 1)
        )

    def _options(self, number: int) -> tuple[Option, ...]:
        turned = number in self.reversed
        return tuple(
            Option(value, self.lowest + self.highest - value if turned else value)
            for value in range(self.lowest, self.highest + 1)
        )


class TermsDoc(Part):
    """What may be done with the words."""

    licence: Text
    basis: Text


class FormDoc(Part):
    """The words in one language, exactly as published."""

    language: Text
    title: str
    version: str
    recall_period: str
    instructions: str = ""
    stem: str = ""
    prompt_before_items: str = ""
    acuity_instruction: str = ""
    notice: str = ""
    labels: dict[str, tuple[str, ...]]
    texts: dict[str, str]
    compared_with: tuple[str, ...] = ()


class Doc(ContentDoc):
    """A rating scale. One that may not be shipped in words has no `forms`."""

    title: Text
    version: Text
    mode: Mode
    validated: bool = True
    enabled_by_default: bool = True
    terms: TermsDoc
    codes: dict[str, str] = {}
    answers: dict[str, tuple[OptionDoc, ...]] = {}
    items: tuple[ItemDoc, ...] = ()
    numbered_items: NumberedItemsDoc | None = None
    scoring: ScoringDoc
    alerts: tuple[AlertDoc, ...] = ()
    outcomes: tuple[OutcomeDoc, ...] = ()
    wait_after_session: FigureDoc | None = None
    note: str = ""
    forms: tuple[FormDoc, ...] = ()


def build(doc: Doc) -> Instrument:
    """Make the scale a value, once all its parts fit together."""
    if doc.wait_after_session is not None:
        check_dimension(doc.wait_after_session.unit, "h", "The wait after a session")
    instrument = Instrument(
        id=doc.id,
        title=doc.title,
        version=doc.version,
        mode=doc.mode,
        validated=doc.validated,
        enabled_by_default=doc.enabled_by_default,
        items=_items(doc),
        scoring=doc.scoring.rule(),
        terms=Terms(doc.terms.licence, doc.terms.basis),
        alerts=tuple(alert.alert() for alert in doc.alerts),
        outcomes=tuple(outcome.definition() for outcome in doc.outcomes),
        forms=tuple(_form(doc, form) for form in doc.forms),
        codes=MappingProxyType(dict(doc.codes)),
        wait_after_session=doc.wait_after_session.figure() if doc.wait_after_session else None,
        note=doc.note,
    )
    check_instrument(instrument)
    return instrument


def _items(doc: Doc) -> tuple[Item, ...]:
    if doc.numbered_items is not None:
        if doc.items or doc.forms:
            raise Mistake("Numbered items stand alone: leave out items and forms.")
        return doc.numbered_items.items(doc.id)
    return tuple(_item(doc, item) for item in doc.items)


def _item(doc: Doc, item: ItemDoc) -> Item:
    if (item.answers is None) == (item.reading is None):
        raise Mistake(f"Give {item.link_id} either answers or a reading.")
    if item.answers is not None and item.answers not in doc.answers:
        raise Mistake(f"{item.link_id} uses the answers {item.answers!r}; add that list.")
    asked = item.asked_if
    return Item(
        link_id=item.link_id,
        scored=item.scored,
        options=tuple(option.option() for option in doc.answers.get(item.answers or "", ())),
        reading=item.reading.reading() if item.reading else None,
        asked_if=AskedIf(asked.any_of, asked.values, asked.declined) if asked else None,
        loinc=item.loinc,
    )


def _form(doc: Doc, form: FormDoc) -> Form:
    lists = {item.link_id: item.answers for item in doc.items}
    items = tuple(
        FormItem(link_id, text, _labelled(doc, form, lists.get(link_id)))
        for link_id, text in form.texts.items()
    )
    words: dict[str, Any] = form.model_dump(exclude={"labels", "texts", "compared_with"})
    return Form(**words, items=items, sha256=_fingerprint(words, items))


def _labelled(doc: Doc, form: FormDoc, answers: str | None) -> tuple[FormOption, ...]:
    if answers is None:
        return ()
    options, labels = doc.answers[answers], form.labels.get(answers, ())
    if len(options) != len(labels):
        raise Mistake(
            f"The form in {form.language} has {len(labels)} labels for the answers {answers!r},"
            f" which are {len(options)}."
        )
    pairs = zip(options, labels, strict=True)
    return tuple(FormOption(option.value, label) for option, label in pairs)


def _fingerprint(words: dict[str, Any], items: tuple[FormItem, ...]) -> str:
    spoken = [
        [item.link_id, item.text, [[option.value, option.label] for option in item.options]]
        for item in items
    ]
    canonical = json.dumps([words, spoken], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
