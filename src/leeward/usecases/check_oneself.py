"""The public self-check: a person's own answers through the candidacy rules. Nothing is kept.

It says "worth talking about", "may not be suitable, because" or "get help now", and never that
somebody qualifies: that is decided by a clinician who has seen them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from leeward import content
from leeward.content.kinds.self_check import Choice, Question, SelfCheck
from leeward.core.candidacy import (
    Effect,
    Fact,
    FactKind,
    Finding,
    Recogniser,
    Status,
    When,
    assess,
)
from leeward.core.quantities import Refusal

UNSURE, NONE = "unsure", "none"
TREATMENTS = (("racemic_ketamine", "iv"), ("esketamine", "intranasal"))
AGE_RULES = ("age_under_18", "age_65_or_over")
ABOUT = "ketamine"

Answers = Mapping[str, tuple[str, ...]]


class Outcome(StrEnum):
    """What the self-check says."""

    WORTH_TALKING = "worth_talking"
    MAY_NOT_SUIT = "may_not_suit"
    HELP_NOW = "help_now"


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that bears on what was answered.

    Attributes
    ----------
    weighty : bool
        Whether it stands in the way until a clinician has settled it.
    unsure : bool
        Whether the person was not sure of the answer.
    question, choices
        What was asked and answered, so that the page can say it in the person's own words.
    """

    finding: Finding
    weighty: bool
    unsure: bool
    question: Question
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """Outcome and reasons, the weighty ones first.

    Attributes
    ----------
    help_for : tuple of str
        ``crisis``, ``medical``: what help is needed for now.
    articles : tuple of str
        Articles about what was answered.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    help_for: tuple[str, ...]
    articles: tuple[str, ...]


def questions() -> SelfCheck:
    """The questions, in order."""
    return content.load().self_checks[ABOUT]


def accept_answers(question: Question, given: tuple[str, ...]) -> tuple[str, ...] | Refusal:
    """Check the answers to one question.

    *Refuses when* nothing is chosen, something unknown is, or two answers exclude each other.
    """
    known = {choice.id for choice in question.choices} | {UNSURE}
    known |= {NONE} if question.several else set()
    chosen = tuple(dict.fromkeys(given))
    if not chosen or not set(chosen) <= known:
        return Refusal("self_check.nothing", "Choose an answer.", field=question.id)
    alone = len(chosen) == 1
    if (not question.several and not alone) or (NONE in chosen and not alone):
        return Refusal("self_check.both", "Choose one of the two.", field=question.id)
    return chosen


def check_oneself(answers: Answers, *, today: date) -> Checked:
    """Put answers to the candidacy rules.

    Parameters
    ----------
    answers : mapping of question id to choice ids
        Accepted answers, of all questions or of some.
    today : date
        The day of the question.
    """
    asked = [q for q in questions().questions if q.id in answers]
    chosen = [(q, c) for q in asked for c in q.choices if c.id in answers[q.id]]
    help_for = tuple(dict.fromkeys(c.help_now for _, c in chosen if c.help_now))
    articles = tuple(dict.fromkeys(c.article for _, c in chosen if c.article))
    reasons = tuple(_reasons(asked, answers, _findings(asked, answers, today)))
    if help_for:
        outcome = Outcome.HELP_NOW
    elif any(reason.weighty for reason in reasons):
        outcome = Outcome.MAY_NOT_SUIT
    else:
        outcome = Outcome.WORTH_TALKING
    return Checked(outcome, reasons, help_for, articles)


def _findings(asked: list[Question], answers: Answers, today: date) -> dict[str, Finding]:
    """What the rules say of the facts answered: for each rule, its strictest finding."""
    facts = [fact for question in asked for fact in _facts(question, answers[question.id], today)]
    found: dict[str, Finding] = {}
    for drug, route in TREATMENTS:
        result = assess(
            facts, content.load().rules.values(), _recogniser(), drug=drug, route=route,
            as_of=today,
        )  # fmt: skip
        assert not isinstance(result, Refusal), result.because
        for finding in result.findings:
            held = found.get(finding.rule)
            if held is None or finding.order() < held.order():
                found[finding.rule] = finding
    return found


@lru_cache(maxsize=1)
def _recogniser() -> Recogniser:
    return Recogniser(content.load().concepts.values())


def _facts(question: Question, given: tuple[str, ...], today: date) -> Iterator[Fact]:
    said: dict[str, bool] = {}
    for choice in question.choices:
        if choice.id in given:
            said |= dict.fromkeys(choice.lacks, False) | dict.fromkeys(choice.holds, True)
            if choice.age_years is not None:
                born = date(today.year - choice.age_years, 1, 1).isoformat()
                yield Fact(kind=FactKind.DEMOGRAPHIC, name="birth_date", value=born)
    if question.several and UNSURE not in given:
        said = dict.fromkeys(question.rules(), False) | said
    for rule, value in said.items():
        yield Fact(
            kind=FactKind.ANSWER, name=rule, value=value, recorded=When.parse(today.isoformat()),
            provenance="patient",
        )  # fmt: skip


def _reasons(
    asked: list[Question], answers: Answers, findings: Mapping[str, Finding]
) -> Iterator[Reason]:
    """Findings about what was asked: those that stand, and those left open by "not sure"."""
    told = []
    for question in asked:
        given = answers[question.id]
        for rule in _rules_of(question):
            finding = findings.get(rule)
            if finding is None or finding.status is Status.ABSENT:
                continue
            unsure = finding.status is Status.UNKNOWN
            if (unsure and UNSURE not in given) or finding.effect is Effect.INFO:
                continue
            chosen = tuple(c for c in question.choices if c.id in given and _says(c, rule))
            weighty = finding.effect is Effect.BLOCK
            told.append(Reason(finding, weighty, unsure, question, chosen))
    yield from sorted(told, key=lambda reason: (not reason.weighty, reason.unsure))


def _rules_of(question: Question) -> tuple[str, ...]:
    aged = any(choice.age_years is not None for choice in question.choices)
    return (*question.rules(), *(AGE_RULES if aged else ()))


def _says(choice: Choice, rule: str) -> bool:
    return rule in choice.holds or (choice.age_years is not None and rule in AGE_RULES)
