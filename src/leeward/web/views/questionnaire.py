"""One question on a page, answered by the patient; a worrying answer leads to help at once."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from leeward.core.quantities import Refusal
from leeward.records.overview.portal import FormPage, get_form_page, get_question
from leeward.usecases.follow_up import answer_question, complete_questionnaire
from leeward.web import door
from leeward.web.crisis import crisis_lines

LEAVE_OUT, LATER = "leave_out", "later"


@door.allow(door.PATIENT, methods=("GET", "POST"))
def show(request: HttpRequest, response_id: UUID) -> HttpResponse:
    page = _form(request, response_id)
    if not page.open:
        return redirect("questionnaire-done", response_id=response_id)
    number = _number(request, page)
    if request.method == "GET":
        return _question(request, page, number)
    return _answer(request, page, number)


@door.allow(door.PATIENT, methods=("GET", "POST"))
def check(request: HttpRequest, response_id: UUID) -> HttpResponse:
    """All answers once more, then sent; nothing is scored before that."""
    page = _form(request, response_id)
    if not page.open:
        return redirect("questionnaire-done", response_id=response_id)
    if request.method == "GET":
        return _check(request, page)
    result = complete_questionnaire(
        actor=door.viewer(request),
        now=door.now(),
        command_id=door.command_id(request),
        response_id=response_id,
    )
    if isinstance(result, Refusal):
        return _check(request, page, refusal=result)
    return redirect("questionnaire-done", response_id=response_id)


@door.allow(door.PATIENT)
def help_now(request: HttpRequest, response_id: UUID) -> HttpResponse:
    """Whom to call, before the next question."""
    page = _form(request, response_id)
    context = {
        "lines": crisis_lines(),
        "after_item": True,
        "go_on": _next(page, _number(request, page)) if page.open else reverse("portal"),
        "clinic_phone": page.clinic_phone,
    }
    return render(request, "help.html", context)


@door.allow(door.PATIENT)
def done(request: HttpRequest, response_id: UUID) -> HttpResponse:
    page = _form(request, response_id)
    if page.open:
        return redirect("questionnaire", response_id=response_id)
    return render(request, "questionnaire_done.html", {"page": page, "section": "portal"})


def _answer(request: HttpRequest, page: FormPage, number: int) -> HttpResponse:
    question = get_question(page, door.viewer(request), number)
    typed = request.POST.get("answer", "")
    choices = {str(option.value) for option in question.item.options}
    left_out = LEAVE_OUT in request.POST
    if LATER in request.POST and typed not in choices:
        return redirect("portal")
    if typed not in choices and not left_out:
        return _question(request, page, number, wrong=True)
    result = answer_question(
        actor=door.viewer(request),
        now=door.now(),
        command_id=door.command_id(request),
        response_id=page.id,
        link_id=question.item.link_id,
        value=None if left_out else int(typed),
        language=_language(),
    )
    if isinstance(result, Refusal):
        return _question(request, page, number, wrong=True)
    if result.alerts:
        url = reverse("questionnaire-help", args=[page.id])
        return redirect(f"{url}?{urlencode({'item': number})}")
    if LATER in request.POST:
        return redirect("portal")
    return redirect(_next(page, number))


def _question(
    request: HttpRequest, page: FormPage, number: int, *, wrong: bool = False
) -> HttpResponse:
    question = get_question(page, door.viewer(request), number)
    context: dict[str, Any] = {
        "page": page,
        "question": question,
        "wrong": wrong,
        "back": _item_url(page, number - 1) if number > 1 else reverse("portal"),
        "here": _item_url(page, number),
        "section": "portal",
    }
    return render(request, "questionnaire.html", context, status=422 if wrong else 200)


def _check(
    request: HttpRequest, page: FormPage, *, refusal: Refusal | None = None
) -> HttpResponse:
    context = {
        "page": page,
        "back": _item_url(page, page.count),
        "refusal": refusal,
        "section": "portal",
    }
    return render(request, "questionnaire_check.html", context, status=422 if refusal else 200)


def _form(request: HttpRequest, response_id: UUID) -> FormPage:
    return get_form_page(door.viewer(request), response_id, language=_language())


def _number(request: HttpRequest, page: FormPage) -> int:
    """The question asked for, else the first without an answer, else the last."""
    asked = request.GET.get("item", "")
    if asked.isdecimal() and len(asked) < 4 and 1 <= int(asked) <= page.count:
        return int(asked)
    return page.first_unanswered or page.count


def _next(page: FormPage, number: int) -> str:
    if number < page.count:
        return _item_url(page, number + 1)
    return reverse("questionnaire-check", args=[page.id])


def _item_url(page: FormPage, number: int) -> str:
    return f"{reverse('questionnaire', args=[page.id])}?{urlencode({'item': number})}"


def _language() -> str:
    return "es-US" if (get_language() or "en").startswith("es") else "en-US"
