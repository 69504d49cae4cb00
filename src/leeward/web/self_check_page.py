"""The self-check's questions and reasons in the reader's language."""

from dataclasses import dataclass

from leeward import content
from leeward.content.kinds.self_check import Choice, Question
from leeward.usecases.check_oneself import Checked, Reason

from .two_languages import address


@dataclass(frozen=True, slots=True)
class ShownChoice:
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One page of the self-check."""

    id: str
    text: str
    hint: str
    several: bool
    choices: tuple[ShownChoice, ...]
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class ShownReason:
    """You told us; why it matters; the sources; the way back to the answer."""

    rule: str
    title: str
    told: tuple[str, ...]
    question: str
    whys: tuple[str, ...]
    sources: tuple[str, ...]
    unsure: bool
    change: str


@dataclass(frozen=True, slots=True)
class ShownChecked:
    outcome: str
    help_for: tuple[str, ...]
    weighty: tuple[ShownReason, ...]
    others: tuple[ShownReason, ...]


def show_question(question: Question, language: str, number: int, count: int) -> ShownQuestion:
    """A question in a language."""
    spanish = language == "es"
    return ShownQuestion(
        id=question.id,
        text=question.text_es if spanish else question.text,
        hint=question.hint_es if spanish else question.hint,
        several=question.several,
        choices=tuple(ShownChoice(c.id, _label(c, language)) for c in question.choices),
        number=number,
        count=count,
    )


def show_checked(checked: Checked, language: str, token: str) -> ShownChecked:
    """Outcome and reasons in a language."""
    cards: dict[tuple[bool, str], list[Reason]] = {}
    for reason in checked.reasons:
        # Not being sure is one answer, however many rules it leaves open.
        about = reason.question.id if reason.unsure else reason.finding.rule
        cards.setdefault((reason.unsure, about), []).append(reason)
    shown = [
        (any(r.weighty for r in held), _card(held, language, token)) for held in cards.values()
    ]
    return ShownChecked(
        outcome=checked.outcome.value,
        help_for=checked.help_for,
        weighty=tuple(card for weighty, card in shown if weighty),
        others=tuple(card for weighty, card in shown if not weighty),
    )


def _card(reasons: list[Reason], language: str, token: str) -> ShownReason:
    library = content.load()
    first = reasons[0]
    rules = [library.rules[reason.finding.rule] for reason in reasons]
    cited = dict.fromkeys(reason.finding.source.source for reason in reasons)
    return ShownReason(
        rule=rules[0].id,
        title=getattr(rules[0].title, language),
        told=tuple(_label(choice, language) for choice in first.choices),
        question=first.question.text_es if language == "es" else first.question.text,
        whys=tuple(getattr(rule.patient, language) for rule in rules),
        sources=tuple(library.sources[id_].citation for id_ in cited),
        unsure=first.unsure,
        change=address("self-check-step", question_id=first.question.id, token=token),
    )


def _label(choice: Choice, language: str) -> str:
    return choice.label_es if language == "es" else choice.label
