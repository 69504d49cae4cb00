"""The self-check: one question a page, three outcomes, nothing kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward import content
from leeward.content.kinds.self_check import Question
from leeward.core.quantities import Refusal
from leeward.usecases.check_oneself import (
    NONE,
    UNSURE,
    Checked,
    Outcome,
    accept_answers,
    check_oneself,
    questions,
)
from leeward.web import door
from leeward.web.crisis import crisis_lines
from leeward.web.self_check_page import show_checked, show_question
from leeward.web.self_check_state import Answers, seal, unseal
from leeward.web.two_languages import address, localized

# Stands where the answers would, before there is one.
BEGINNING = "start"


@door.public()
@localized
def show(request: HttpRequest, language: str) -> HttpResponse:
    """What it is, and the way in."""
    return _start(request)


@door.public("GET", "POST")
@localized
def step(request: HttpRequest, language: str, question_id: str, token: str) -> HttpResponse:
    """One question, with the answers before it in the address."""
    answers = _read(token)
    question = next((q for q in questions().questions if q.id == question_id), None)
    if answers is None or question is None:
        return _start(request, lapsed=True)
    if request.method != "POST":
        return _ask(request, language, question, answers, token)
    given = accept_answers(question, tuple(request.POST.getlist("answer")))
    if isinstance(given, Refusal):
        return _ask(request, language, question, answers, token, refusal=given)
    answers[question.id] = given
    return redirect(_next(question, answers))


@door.public()
@localized
def result(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """What follows from the answers."""
    answers = _read(token)
    if not answers:
        return _start(request, lapsed=True)
    checked = check_oneself(answers, today=door.now().date())
    left = [q for q in questions().questions if q.id not in answers]
    context = {
        "page": show_checked(checked, language, token),
        "lines": crisis_lines(),
        "articles": _articles(checked, language),
        "go_on": _address("self-check-step", left[0], seal(answers)) if left else "",
        "first": _address("self-check-step", questions().questions[0], token),
    }
    return render(request, "self_check_result.html", context)


def _ask(
    request: HttpRequest,
    language: str,
    question: Question,
    answers: Answers,
    token: str,
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    every = questions().questions
    place = every.index(question)
    before = _address("self-check-step", every[place - 1], token) if place else ""
    context = {
        "page": show_question(question, language, place + 1, len(every)),
        "kept": answers.get(question.id, ()),
        "none": NONE if question.several else "",
        "unsure": UNSURE,
        "before": before or address("self-check"),
        "refusal": refusal,
    }
    return render(request, "self_check_step.html", context, status=422 if refusal else 200)


def _next(question: Question, answers: Answers) -> str:
    """The next question that is open; help at once if that was answered; else the result."""
    token = seal(answers)
    chosen = [c for c in question.choices if c.id in answers[question.id]]
    left = [q for q in questions().questions if q.id not in answers]
    if any(choice.help_now for choice in chosen) or not left:
        return address("self-check-result", token=token)
    return _address("self-check-step", left[0], token)


def _address(name: str, question: Question, token: str) -> str:
    return address(name, question_id=question.id, token=token)


def _read(token: str) -> Answers | None:
    """Answers of a token that still fit the questions; a start has none."""
    if token == BEGINNING:
        return {}
    answers = unseal(token)
    if answers is None:
        return None
    fitting: Answers = {}
    for question in questions().questions:
        given = accept_answers(question, answers.get(question.id, ()))
        if not isinstance(given, Refusal):
            fitting[question.id] = given
    return fitting


def _start(request: HttpRequest, *, lapsed: bool = False) -> HttpResponse:
    every = questions().questions
    context = {
        "count": len(every),
        "begin": _address("self-check-step", every[0], BEGINNING),
        "lapsed": lapsed,
    }
    return render(request, "self_check.html", context)


def _articles(checked: Checked, language: str) -> list[object]:
    library = content.load().articles
    slugs = [*checked.articles, "who-may-not" if checked.reasons else "who-may"]
    if checked.outcome is Outcome.HELP_NOW:
        slugs = list(checked.articles)
    return [library[f"{slug}.{language}"] for slug in slugs if f"{slug}.{language}" in library]
