"""The answers to one administration, checked: what was asked, what is missing, what scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from leeward.core.quantities import Refusal

from .instrument import Instrument
from .items import DECLINED, Answer, Item
from .rules import Method

Answers = Mapping[str, Answer]

GATE_UNANSWERED: Final = "gate_unanswered"


def is_asked(item: Item, answers: Answers) -> bool | None:
    """Say whether a question is to be asked, given the answers so far.

    Returns
    -------
    bool or None
        None as long as the questions that decide are not all answered and none of them has
        opened this one.
    """
    if item.asked_if is None:
        return True
    deciding = [answers.get(link_id) for link_id in item.asked_if.any_of]
    if any(item.asked_if.admits(answer) for answer in deciding):
        return True
    return None if None in deciding else False


def next_item(instrument: Instrument, answers: Answers) -> Item | None:
    """Find the first question still to be put; None if the form is complete."""
    for item in instrument.items:
        if answers.get(item.link_id) is None and is_asked(item, answers):
            return item
    return None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A checked administration.

    Attributes
    ----------
    points : mapping of str to int or Decimal
        Points [score] by scored question; a question that was rightly skipped has 0.
    missing : tuple of str
        Scored questions that should have been answered.
    flags : tuple of str
        What a reader must know of the answers: declined, not applicable, gate unanswered.
    """

    points: Mapping[str, int | Decimal]
    missing: tuple[str, ...]
    flags: tuple[str, ...]


def read_answers(instrument: Instrument, answers: Answers) -> Sheet | Refusal:
    """Check answers against the questions.

    Parameters
    ----------
    instrument : Instrument
        The scale; it has questions.
    answers : mapping of str to Answer
        Values by link id; None or absent is unanswered, `DECLINED` is asked and refused.

    Returns
    -------
    Sheet or Refusal
        Refused are unknown questions, values out of range, and an answer that scores although
        the answers before it close the question.
    """
    refusal = _unusable(instrument, answers)
    if refusal is not None:
        return refusal
    points: dict[str, int | Decimal] = {}
    missing: list[str] = []
    flags: list[str] = []
    for item in instrument.items:
        answer, asked = answers.get(item.link_id), is_asked(item, answers)
        flags.extend(_remarks(item, answer))
        if not item.scored:
            continue
        if isinstance(answer, int | Decimal):
            points[item.link_id] = item.points(answer)
        elif asked is False:
            points[item.link_id] = 0
        elif not _settled_without(instrument, item, answer, asked):
            missing.append(item.link_id)
    flags.extend(_unanswered_gates(instrument, answers))
    return Sheet(points, tuple(missing), tuple(dict.fromkeys(flags)))


def _unusable(instrument: Instrument, answers: Answers) -> Refusal | None:
    for link_id, answer in answers.items():
        item = instrument.item(link_id)
        if item is None:
            return Refusal(
                "instrument.unknown_item",
                f"{instrument.title} has no question {link_id!r}.",
                field=link_id,
            )
        if answer is None or answer is DECLINED:
            continue
        if not _is_number(answer) or not item.accepts(answer):
            return _out_of_range(instrument, item, answer)
        if _contradicts(instrument, item, answers, answer):
            return Refusal(
                "instrument.contradiction",
                f"The earlier answers close question {link_id!r} of {instrument.title}, and yet "
                "it is answered. Ask again which of them is right.",
                field=link_id,
            )
    return None


def _is_number(answer: object) -> bool:
    # True is a whole number to Python, and a float is never an answer.
    return isinstance(answer, int | Decimal) and not isinstance(answer, bool)


def _contradicts(
    instrument: Instrument, item: Item, answers: Answers, answer: int | Decimal
) -> bool:
    # In a triage the urgent answer stands, whatever was said before it.
    if instrument.scoring.method is Method.TRIAGE:
        return False
    return is_asked(item, answers) is False and item.points(answer) != 0


def _out_of_range(instrument: Instrument, item: Item, answer: object) -> Refusal:
    if item.reading is not None:
        reading = item.reading
        allowed = f"from {reading.minimum} to {reading.maximum} {reading.unit}"
        allowed += f", with up to {reading.decimals} decimals" if reading.decimals else ", whole"
    else:
        allowed = "one of " + ", ".join(str(option.value) for option in item.options)
    return Refusal(
        "instrument.out_of_range",
        f"{answer} is no answer to question {item.link_id!r} of {instrument.title}: it takes a "
        f"number {allowed}. One answer out of range makes the whole administration invalid.",
        field=item.link_id,
    )


def _settled_without(
    instrument: Instrument, item: Item, answer: Answer, asked: bool | None
) -> bool:
    """Say whether a triage can do without the answer: it reads refusals, and may stop early."""
    triage = instrument.scoring.triage
    if triage is None:
        return False
    if answer is DECLINED:
        return any(rule.declined and item.link_id in rule.any_of for rule in triage.rules)
    return asked is None


def _remarks(item: Item, answer: Answer) -> list[str]:
    if answer is DECLINED:
        return [f"declined:{item.link_id}"]
    option = None if answer is None else item.option(answer)
    if option is not None and option.not_applicable:
        return [f"not_applicable:{item.link_id}"]
    return []


def _unanswered_gates(instrument: Instrument, answers: Answers) -> list[str]:
    """Name the unscored questions that decide about others and were left empty."""
    deciding = {
        link_id
        for item in instrument.items
        if item.asked_if is not None and is_asked(item, answers) is None
        for link_id in item.asked_if.any_of
    }
    return [
        f"{GATE_UNANSWERED}:{item.link_id}"
        for item in instrument.items
        if item.link_id in deciding and not item.scored and answers.get(item.link_id) is None
    ]
