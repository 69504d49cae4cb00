"""The chair-side page of a session, and everything that is done there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from leeward.core.quantities import Refusal
from leeward.core.treatment import commands as c
from leeward.core.treatment.state import PREPARING
from leeward.records.audit.store import record as audit
from leeward.records.overview.ledger import list_vials_for
from leeward.records.overview.session import get_session_page
from leeward.records.overview.session_commands import get_command_fate, get_visit_times
from leeward.records.overview.session_series import get_record_series
from leeward.records.treatments.selectors_devices import list_unbound
from leeward.usecases.bind_device import bind_device, unbind_device
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.draw_from_vial import draw_from_vial
from leeward.usecases.open_session import answer_check, open_session
from leeward.usecases.treat_session import TIME_OUT, carry_out, confirm_time_out
from leeward.usecases.witnessed_acts import (
    TAKE_OVER,
    WITNESS,
    hand_over,
    waste_before_witness,
)
from leeward.web import door
from leeward.web.forms.session import command_of, time_out_figures
from leeward.web.forms.session_acts import vial_of, waste_of
from leeward.web.forms.when import FIELD, when_of
from leeward.web.replays import RECORDINGS, settings_of
from leeward.web.stream_tokens import stream_token
from leeward.web.views.levels import chair_context

NURSING = (door.NURSE, door.PRESCRIBER)
# What is done for comfort in one tap.
COMFORTS = (
    ("music", "Music"), ("light", "Light dimmed"), ("blanket", "Blanket"),
    ("eye_mask", "Eye mask"), ("talk", "Talked, calmed"), ("drink", "Drink"),
)  # fmt: skip
# A refusal, or whatever the act made; the page is folded anew from the log either way.
Outcome = object | Refusal


@door.allow(door.FRONT_DESK, *NURSING, methods=("POST",))
def begin(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    result = open_session(
        actor=door.viewer(request),
        now=door.now(),
        command_id=door.command_id(request),
        appointment_id=appointment_id,
    )
    if isinstance(result, Refusal):
        messages.error(request, result.because)
        return redirect("schedule-today")
    return redirect("session", session_id=result.id)


@door.allow(*door.CLINICAL)
def show(request: HttpRequest, session_id: UUID) -> HttpResponse:
    return _page(request, session_id)


@door.allow(*NURSING, methods=("POST",))
def act(request: HttpRequest, session_id: UUID, action: str) -> HttpResponse:
    """Do one thing; the page again with the reason when it is refused."""
    result = _do(request, session_id, action)
    if isinstance(result, Refusal):
        return _page(request, session_id, refusal=result, action=action)
    if request.htmx:  # type: ignore[attr-defined]
        return _page(request, session_id)
    if action == "emergency":
        return redirect("session-emergency", session_id=session_id)
    return redirect("session", session_id=session_id)


@door.allow(*door.CLINICAL)
def command(request: HttpRequest, session_id: UUID, command_id: UUID) -> JsonResponse:
    """Whether an act whose answer never came was taken: the page asks after a break."""
    return JsonResponse(get_command_fate(door.viewer(request), session_id, command_id))


@door.allow(*door.CLINICAL)
def series(request: HttpRequest, session_id: UUID) -> JsonResponse:
    """What the live record draws: samples, typed values, rates, numbered events."""
    return JsonResponse(get_record_series(door.viewer(request), session_id, now=door.now()))


def _do(request: HttpRequest, session_id: UUID, action: str) -> Outcome:
    special = {"check": _check, "time-out-second": _second, "bind": _bind, "unbind": _unbind,
               "waste": _waste, "hand-over": _hand_over, "draw-vial": _draw_vial}  # fmt: skip
    data: Mapping[str, str] = request.POST.dict()
    if action in special:
        return special[action](request, session_id, data)
    command = command_of(action, data)
    if isinstance(command, Refusal):
        return command
    at = _when(request, session_id, data)
    if isinstance(at, Refusal):
        return at
    return carry_out(**_act(request), session_id=session_id, command=command, occurred_at=at)


def _when(
    request: HttpRequest, session_id: UUID, data: Mapping[str, str]
) -> datetime | Refusal | None:
    """When it happened, if the person says that it was not now."""
    if not data.get(FIELD):
        return None
    visit = get_visit_times(door.viewer(request), session_id)
    return when_of(data, now=door.now(), zone=visit.timezone, opened_at=visit.opened_at)


def _act(request: HttpRequest) -> dict[str, Any]:
    """Who does it, when, and under which id."""
    return {
        "actor": door.viewer(request),
        "now": door.now(),
        "command_id": door.command_id(request),
    }


def _check(request: HttpRequest, session_id: UUID, data: Mapping[str, str]) -> Outcome:
    return answer_check(
        **_act(request),
        session_id=session_id,
        item=data.get("item", ""),
        answer=data.get("answer", ""),
        note=data.get("note", ""),
    )


def _bind(request: HttpRequest, session_id: UUID, data: Mapping[str, str]) -> Outcome:
    if data.get("device"):
        return _bind_reporting(request, session_id, data["device"])
    recording = RECORDINGS.get(data.get("recording", ""))
    if recording is None:
        return Refusal("device.recording", "Choose a recording.", field="recording")
    return bind_device(
        **_act(request),
        session_id=session_id,
        kind="replay",
        label=f"{recording.label}, chair {data.get('chair', '')}",
        settings=settings_of(recording),
    )


def _bind_reporting(request: HttpRequest, session_id: UUID, device: str) -> Outcome:
    page = get_session_page(door.viewer(request), session_id, now=door.now())
    unbound = list_unbound(page.location_id, now=door.now())
    chosen = next((d for d in unbound if str(d.id) == device), None)
    if chosen is None:
        because = "This device does not report here now, or is on a patient. Load the page again."
        return Refusal("device.unknown", because, field="device")
    return bind_device(
        **_act(request),
        session_id=session_id,
        kind="hl7",
        label=chosen.key[:120],
        settings={},
        device_key=chosen.key,
    )


def _unbind(request: HttpRequest, session_id: UUID, data: Mapping[str, str]) -> Outcome:
    try:
        binding_id = UUID(data.get("binding_id", ""))
    except ValueError:
        return Refusal("device.unknown", "This page is out of date. Load it again.")
    return unbind_device(**_act(request), session_id=session_id, binding_id=binding_id)


def _waste(request: HttpRequest, session_id: UUID, data: Mapping[str, str]) -> Outcome:
    waste, at = waste_of(data), _when(request, session_id, data)
    if isinstance(waste, Refusal):
        return waste
    if isinstance(at, Refusal):
        return at
    witness = _confirmed(request, session_id, data, WITNESS)
    if isinstance(witness, Refusal):
        return witness
    return waste_before_witness(
        **_act(request), session_id=session_id, waste=waste, witness=witness, occurred_at=at
    )


def _draw_vial(request: HttpRequest, session_id: UUID, data: Mapping[str, str]) -> Outcome:
    """From a vial of the ledger, named with its store as one choice."""
    at = _when(request, session_id, data)
    if isinstance(at, Refusal):
        return at
    drawn = vial_of(data)
    if isinstance(drawn, Refusal):
        return drawn
    return draw_from_vial(**_act(request), session_id=session_id, occurred_at=at, **drawn)


def _hand_over(request: HttpRequest, session_id: UUID, data: Mapping[str, str]) -> Outcome:
    receiver = _confirmed(request, session_id, data, TAKE_OVER)
    if isinstance(receiver, Refusal):
        return receiver
    return hand_over(
        **_act(request), session_id=session_id, words=data.get("words", ""), receiver=receiver
    )


def _confirmed(
    request: HttpRequest, session_id: UUID, data: Mapping[str, str], purpose: str
) -> Any:
    """A second person with their own login and password, for this session alone."""
    get_visit_times(door.viewer(request), session_id)  # nothing is confirmed for one elsewhere
    return confirm_identity(
        **_act(request), login=data.get("login", ""), password=data.get("password", ""),
        purpose=purpose,
    )  # fmt: skip


def _second(request: HttpRequest, session_id: UUID, data: Mapping[str, str]) -> Outcome:
    figures = time_out_figures(data)
    if isinstance(figures, Refusal):
        return figures
    who, now, command_id = door.viewer(request), door.now(), door.command_id(request)
    witness = confirm_identity(
        actor=who, now=now, command_id=command_id, login=data.get("login", ""),
        password=data.get("password", ""), purpose=TIME_OUT,
    )  # fmt: skip
    if isinstance(witness, Refusal):
        return witness
    command = c.RecordTimeOutSecond(drug=data.get("drug", ""), **figures)
    return confirm_time_out(
        actor=who, now=now, command_id=command_id, session_id=session_id, command=command,
        witness=witness,
    )  # fmt: skip


def _page(
    request: HttpRequest, session_id: UUID, *, refusal: Refusal | None = None, action: str = ""
) -> HttpResponse:
    viewer, now = door.viewer(request), door.now()
    page = get_session_page(viewer, session_id, now=now)
    context = {
        "page": page,
        "banner_data": page.banner,
        "refusal": refusal,
        "refused_action": action,
        "entered": request.POST if refusal else {},
        "recordings": RECORDINGS if settings.LEEWARD_DEMO else {},
        "unbound": list_unbound(page.location_id, now=now),
        "comforts": COMFORTS,
        "vials": list_vials_for(page.location_id, page.state.plan, now),
        "token": stream_token(
            viewer,
            [f"session:{page.id}", f"board:{page.location_id}"],
            now,
            visit=door.visit(request),
        ),
        **chair_context(page, request.GET.dict()),
    }
    preparing = page.state.stage in PREPARING
    template = "session_prepare.html" if preparing else "session.html"
    if request.htmx:  # type: ignore[attr-defined]
        template += "#body"
    else:
        audit(
            viewer,
            "session.viewed",
            at=now,
            patient_id=page.banner.patient.id,
            subject=("session", page.id),
        )
    return render(request, template, context, status=422 if refusal else 200)
