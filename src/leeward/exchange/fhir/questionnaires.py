"""Rating scales as FHIR R4 Questionnaire and QuestionnaireResponse, both ways. Pure mappings."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from leeward.core.instruments import (
    DECLINED,
    Answer,
    Answers,
    Form,
    FormItem,
    FormOption,
    Instrument,
    Item,
    Option,
)
from leeward.core.quantities import Refusal

from .datatypes import Json, Unreadable, member, members, string

LOINC: Final = "http://loinc.org"
CANONICAL: Final = "urn:leeward:questionnaire:"
ANSWERS: Final = "urn:leeward:questionnaire-answer"
EXTENSION: Final = "http://hl7.org/fhir/StructureDefinition/"
ORDINAL: Final = EXTENSION + "ordinalValue"
ABSENT: Final = EXTENSION + "data-absent-reason"
UNIT: Final = EXTENSION + "questionnaire-unit"
ASKED_DECLINED: Final = "asked-declined"
LOINC_NOTICE: Final = (
    "This material contains content from LOINC (http://loinc.org). LOINC is copyright 1995-2024,"
    " Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC)"
    " Committee, and is available at no cost under the license at http://loinc.org/license."
)
_LOINC_AT_END = re.compile(r"(\d{3,6}-\d)$")


def questionnaire(instrument: Instrument, form: Form) -> Json:
    """Write a scale, in the words of one of its forms, as a Questionnaire."""
    panel = instrument.codes.get("panel")
    resource: Json = {
        "resourceType": "Questionnaire",
        "id": f"{instrument.id}.{form.language}",
        "language": form.language,
        "url": CANONICAL + instrument.id,
        "version": form.version,
        "title": form.title,
        "status": "active",
        "subjectType": ["Patient"],
        "copyright": _copyright(instrument, form),
        "item": [
            *_displays(form),
            *(_item(item, form.item(item.link_id)) for item in instrument.items),
        ],
    }
    if panel is not None:
        resource["code"] = [{"system": LOINC, "code": panel}]
    return {key: value for key, value in resource.items() if value}


def _copyright(instrument: Instrument, form: Form) -> str:
    coded = instrument.codes or any(item.loinc for item in instrument.items)
    return "\n".join(part for part in (form.notice, LOINC_NOTICE if coded else "") if part)


def _displays(form: Form) -> Iterator[Json]:
    for name in ("instructions", "prompt_before_items", "stem", "acuity_instruction"):
        if words := getattr(form, name):
            yield {"linkId": name, "type": "display", "text": words}


def _item(item: Item, words: FormItem) -> Json:
    written: Json = {"linkId": item.link_id}
    if item.loinc is not None:
        written["code"] = [{"system": LOINC, "code": item.loinc}]
    if words.text:
        written["text"] = words.text
    written["type"] = "choice" if item.reading is None else "decimal"
    if item.asked_if is not None:
        written["enableWhen"] = [
            {
                "question": link_id,
                "operator": "=",
                "answerCoding": {"system": ANSWERS, "code": code},
            }
            for link_id in item.asked_if.any_of
            for code in map(str, item.asked_if.values)
        ]
        written["enableBehavior"] = "any"
    if item.reading is not None:
        unit = {"system": "http://unitsofmeasure.org", "code": item.reading.unit}
        written["extension"] = [{"url": UNIT, "valueCoding": unit}]
    else:
        written["answerOption"] = [
            {"valueCoding": _coding(option, label.label, item.scored)}
            for option, label in zip(item.options, words.options, strict=True)
        ]
    return written


def _coding(option: Option, label: str, scored: bool) -> Json:
    coding: Json = {}
    if scored and option.score is not None:
        coding["extension"] = [{"url": ORDINAL, "valueDecimal": option.score}]
    coded = (LOINC, option.loinc_answer) if option.loinc_answer else (ANSWERS, str(option.value))
    return {**coding, "system": coded[0], "code": coded[1], "display": label}


def words_of(resource: Json, instrument: Instrument) -> Form | Refusal:
    """Read the words of a Questionnaire for a scale whose rule is known.

    A clinic that may use a wording which cannot be shipped brings it this way. Questions are
    matched by link id, or else by LOINC code; every one of the scale must be there, with as many
    answers in the same order of points.
    """
    written = {_link_of(each, instrument): each for each in _leaves(members(resource, "item"))}
    items: list[FormItem] = []
    for item in instrument.items:
        found = written.get(item.link_id)
        labels = _labels(found) if found is not None else []
        if found is None or len(labels) != len(item.options):
            return Refusal(
                "questionnaire.does_not_fit",
                f"The Questionnaire has no question {item.link_id!r} of {instrument.title} with"
                f" {len(item.options)} answers.",
                field=item.link_id,
            )
        options = zip(item.options, labels, strict=True)
        worded = tuple(FormOption(option.value, label) for option, label in options)
        items.append(FormItem(item.link_id, string(found, "text"), worded))
    shown = {string(each, "linkId"): string(each, "text") for each in members(resource, "item")}
    notice = string(resource, "copyright").removesuffix(LOINC_NOTICE).rstrip("\n")
    return Form(
        language=string(resource, "language") or "en",
        title=string(resource, "title") or instrument.title,
        version=string(resource, "version"),
        recall_period="",
        instructions=shown.get("instructions", ""),
        stem=shown.get("stem", ""),
        prompt_before_items=shown.get("prompt_before_items", ""),
        acuity_instruction=shown.get("acuity_instruction", ""),
        notice=notice,
        items=tuple(items),
        sha256="",
    )


def _labels(item: Json) -> list[str]:
    codings = [member(option, "valueCoding") or {} for option in members(item, "answerOption")]
    return [string(coding, "display") for coding in codings]


def questionnaire_response(
    instrument: Instrument,
    form: Form | None,
    answers: Answers,
    *,
    subject: str,
    authored: datetime,
    complete: bool = True,
) -> Json:
    """Write the answers of one person as a QuestionnaireResponse.

    A question that was declined stays, without an answer and with the reason; one that was not
    answered is left out.
    """
    given = (_answered(item, form, answers.get(item.link_id)) for item in instrument.items)
    resource: Json = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": CANONICAL + instrument.id + (f"|{form.version}" if form else ""),
        "status": "completed" if complete else "in-progress",
        "subject": {"reference": subject},
        "authored": authored.isoformat(),
        "item": [each for each in given if each is not None],
    }
    if form is not None:
        resource["language"] = form.language
    return {key: value for key, value in resource.items() if value}


def _answered(item: Item, form: Form | None, answer: Answer) -> Json | None:
    if answer is None:
        return None
    written: Json = {"linkId": item.link_id}
    words = form.item(item.link_id) if form is not None else None
    if words is not None and words.text:
        written["text"] = words.text
    if answer is DECLINED:
        written["extension"] = [{"url": ABSENT, "valueCode": ASKED_DECLINED}]
        return written
    if item.reading is not None:
        written["answer"] = [{"valueDecimal": answer}]
        return written
    option = item.option(answer)
    if option is None:
        raise ValueError(f"{answer} is no answer to {item.link_id}: score the answers first")
    labels = {each.value: each.label for each in words.options} if words is not None else {}
    coding = _coding(option, labels.get(option.value, str(option.value)), item.scored)
    written["answer"] = [{"valueCoding": coding}]
    return written


@dataclass(frozen=True, slots=True)
class ReadResponse:
    """What a QuestionnaireResponse said, in the terms of a known scale.

    `left` names what was not taken, each with its reason; `stated_total` is a total the other
    system wrote down, never used as ours.
    """

    instrument: str
    answers: Mapping[str, Answer]
    left: tuple[str, ...] = ()
    stated_total: Decimal | None = None


@dataclass(slots=True)
class _Taken:
    answers: dict[str, Answer] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    total: Decimal | None = None


def read_response(resource: Json, instruments: Iterable[Instrument]) -> ReadResponse | Refusal:
    """Read the answers of a QuestionnaireResponse.

    The scale is the one its `questionnaire` names, or else the one whose LOINC codes most of its
    questions carry. Answers are read by LOINC answer code, by ordinal value, by our own code, by
    number or by the exact words of a form; nothing is guessed.
    """
    try:
        items = list(_leaves(members(resource, "item")))
        instrument = _instrument_of(resource, items, tuple(instruments))
        if instrument is None:
            return Refusal(
                "questionnaire.unknown", "No known rating scale asks the questions answered here."
            )
        taken = _Taken()
        for item in items:
            _take(instrument, item, taken)
    except Unreadable as reason:
        return Refusal("questionnaire.unreadable", f"The response cannot be read: {reason}.")
    return ReadResponse(instrument.id, taken.answers, tuple(taken.left), taken.total)


def _leaves(items: tuple[Json, ...]) -> Iterator[Json]:
    waiting = list(reversed(items))
    while waiting:
        item = waiting.pop()
        yield item
        below = [*members(item, "item")]
        below += [each for answer in members(item, "answer") for each in members(answer, "item")]
        waiting.extend(reversed(below))


def _instrument_of(
    resource: Json, items: list[Json], instruments: tuple[Instrument, ...]
) -> Instrument | None:
    canonical = string(resource, "questionnaire").partition("|")[0]
    if canonical.startswith(CANONICAL):
        named = canonical.removeprefix(CANONICAL)
        return next((each for each in instruments if each.id == named), None)
    codes = {_loinc_of(item) for item in items} - {None}
    ranked = []
    for instrument in instruments:
        own = {item.loinc for item in instrument.items if item.loinc}
        shared = len(own & codes)
        if shared and 2 * shared >= len(own):
            ranked.append((-shared, len(own), instrument.id, instrument))
    return min(ranked, key=lambda entry: entry[:3])[3] if ranked else None


def _loinc_of(item: Json) -> str | None:
    for code in members(item, "code"):
        if string(code, "system") == LOINC:
            return string(code, "code")
    at_end = _LOINC_AT_END.search(string(item, "linkId"))
    return at_end.group(1) if at_end else None


def _link_of(item: Json, instrument: Instrument) -> str | None:
    link_id, loinc = string(item, "linkId"), _loinc_of(item)
    if instrument.item(link_id) is not None:
        return link_id
    return next((own.link_id for own in instrument.items if loinc and own.loinc == loinc), None)


def _take(instrument: Instrument, item: Json, taken: _Taken) -> None:
    link_id, name = _link_of(item, instrument), string(item, "linkId")
    given = members(item, "answer")
    own = instrument.item(link_id) if link_id is not None else None
    if own is None:
        total = instrument.codes.get("total")
        if given and total is not None and _loinc_of(item) == total:
            taken.total = _number(given[0])
        elif given:
            taken.left.append(f"{name}: not a question of {instrument.title}")
        return
    answer = _read_answer(instrument, own, item, given)
    if answer is None:
        if given:
            taken.left.append(f"{name}: the answer is none of those the scale offers")
    elif own.link_id in taken.answers and taken.answers[own.link_id] != answer:
        taken.answers[own.link_id] = None
        taken.left.append(f"{name}: answered twice, and not the same")
    else:
        taken.answers[own.link_id] = answer


def _read_answer(instrument: Instrument, own: Item, item: Json, given: tuple[Json, ...]) -> Answer:
    reasons = [e for e in members(item, "extension") if string(e, "url") == ABSENT]
    if not given:
        declined = any(string(reason, "valueCode") == ASKED_DECLINED for reason in reasons)
        return DECLINED if declined else None
    if len(given) > 1:
        return None
    coding = member(given[0], "valueCoding")
    if own.reading is not None:
        number = _number(given[0])
        return number if number is not None and own.accepts(number) else None
    if coding is None:
        number = _number(given[0])
        option = None if number is None or number % 1 else own.option(int(number))
        return option.value if option is not None else None
    return _read_coding(instrument, own, coding)


def _read_coding(instrument: Instrument, own: Item, coding: Json) -> Answer:
    system, code, words = (string(coding, name) for name in ("system", "code", "display"))
    ordinal = _ordinal(coding)
    labels = {
        (option.value, option.label.casefold())
        for form in instrument.forms
        for option in form.item(own.link_id).options
    }
    for option in own.options:
        if (system == LOINC and option.loinc_answer == code and code) or (
            system == ANSWERS and code == str(option.value)
        ):
            return option.value
    for option in own.options:
        by_points = ordinal is not None and option.score is not None and ordinal == option.score
        if by_points or (ordinal is None and (option.value, words.casefold()) in labels):
            return option.value
    return None


def _ordinal(coding: Json) -> Decimal | None:
    for extension in members(coding, "extension"):
        if string(extension, "url") == ORDINAL:
            return _finite(extension.get("valueDecimal"))
    return None


def _number(answer: Json) -> Decimal | None:
    if "valueBoolean" in answer:
        return Decimal(answer["valueBoolean"] is True)
    if "valueQuantity" in answer:
        return _finite((member(answer, "valueQuantity") or {}).get("value"))
    return _finite(answer.get("valueInteger", answer.get("valueDecimal")))


def _finite(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None


def with_words(instrument: Instrument, form: Form) -> Instrument:
    """Give a scale the words a clinic has brought, beside those it has."""
    return replace(instrument, forms=(*instrument.forms, form))
