"""The self-check's questions and reasons in the reader's language."""

from dataclasses import dataclass

from leeward import content
from leeward.content.kinds.self_check import Choice, Question
from leeward.usecases.check_oneself import Checked, Reason

from .self_check_state import Answers
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
    """You told us; why it matters; the source; the way back to the answer."""

    rule: str
    title: str
    told: tuple[str, ...]
    question: str
    why: str
    source: str
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


def show_checked(checked: Checked, answers: Answers, language: str, token: str) -> ShownChecked:
    """Outcome and reasons in a language."""
    shown = [(r.weighty, _reason(r, language, token)) for r in checked.reasons]
    return ShownChecked(
        outcome=checked.outcome.value,
        help_for=checked.help_for,
        weighty=tuple(reason for weighty, reason in shown if weighty),
        others=tuple(reason for weighty, reason in shown if not weighty),
    )


def _reason(reason: Reason, language: str, token: str) -> ShownReason:
    library = content.load()
    rule = library.rules[reason.finding.rule]
    return ShownReason(
        rule=rule.id,
        title=getattr(rule.title, language),
        told=tuple(_label(choice, language) for choice in reason.choices),
        question=reason.question.text_es if language == "es" else reason.question.text,
        why=getattr(rule.patient, language),
        source=library.sources[reason.finding.source.source].citation,
        unsure=reason.unsure,
        change=address("self-check-step", question_id=reason.question.id, token=token),
    )


def _label(choice: Choice, language: str) -> str:
    return choice.label_es if language == "es" else choice.label
