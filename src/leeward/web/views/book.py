"""A patient's visits, and booking one."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.core.quantities import Refusal
from leeward.records.overview.booking import BookingPage, get_booking_page
from leeward.records.scheduling.selectors import get_visit
from leeward.usecases.book_appointment import book_appointment, cancel_appointment
from leeward.web import door
from leeward.web.forms.book import BookForm
from leeward.web.refusals import add_to_form


@door.allow(*door.STAFF_ROLES, methods=("GET", "POST"))
def show(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    viewer, now = door.viewer(request), door.now()
    page = get_booking_page(viewer, patient_id, now=now)
    if request.method == "GET":
        return _render(request, page, BookForm(initial=page.suggestion))
    form = BookForm(request.POST)
    if form.is_valid():
        starts = form.start(page.timezone)
        result = book_appointment(
            actor=viewer,
            now=now,
            command_id=door.command_id(request),
            patient_id=patient_id,
            chair_id=form.cleaned_data["chair"],
            starts=starts,
            ends=starts + timedelta(minutes=form.cleaned_data["minutes"]),
            order_id=page.order_id,
            session_number=form.cleaned_data["session_number"],
        )
        if not isinstance(result, Refusal):
            messages.success(request, f"Booked for {starts:%H:%M}.")
            return redirect("book", patient_id=patient_id)
        refusal = Refusal(result.code, result.because, result.source, _field(result.field))
        add_to_form(form, refusal)
    return _render(request, page, form, status=422)


@door.allow(*door.STAFF_ROLES, methods=("POST",))
def cancel(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    viewer = door.viewer(request)
    visit = get_visit(viewer, appointment_id)
    result = cancel_appointment(
        actor=viewer,
        now=door.now(),
        command_id=door.command_id(request),
        appointment_id=appointment_id,
        because=request.POST.get("because", ""),
    )
    if isinstance(result, Refusal):
        messages.error(request, result.because)
    else:
        messages.success(request, "The visit is cancelled and the chair is free.")
    return redirect("book", patient_id=visit.patient_id)


def _render(
    request: HttpRequest, page: BookingPage, form: BookForm, *, status: int = 200
) -> HttpResponse:
    context = {"page": page, "banner": page.banner, "form": form}
    return render(request, "book.html", context, status=status)


def _field(name: str | None) -> str | None:
    """The form's name for a field of the use case."""
    return {"starts": "time", "ends": "minutes"}.get(name or "", name)
