"""Recovery and discharge of one session: score, confirm, escort, instruct, override, leave."""

from collections.abc import Callable, Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from leeward.core.quantities import Refusal
from leeward.core.treatment import Command, SessionState
from leeward.core.treatment import commands as c
from leeward.core.treatment.events import ScoredItem
from leeward.records.accounts.actor import NotFound
from leeward.records.audit.store import record as audit
from leeward.records.overview.discharge import DischargePage, get_discharge_page
from leeward.usecases.open_session import end_visit
from leeward.usecases.treat_session import carry_out
from leeward.web import door
from leeward.web.crisis import crisis_lines

DEPART = "depart"
SAID = {
    "score": "Score recorded.",
    "confirm": "Confirmed.",
    "escort": "Escort recorded.",
    "instructions": "Instructions recorded.",
    "override": "Override recorded with your name and reason.",
    "discharge": "Discharged. Record when the patient leaves the building.",
    DEPART: "Departure recorded. The chair is free; the note can be signed.",
}
Data = Mapping[str, str]


@door.allow(*door.CLINICAL)
def show(request: HttpRequest, session_id: UUID) -> HttpResponse:
    return _render(request, session_id)


@door.allow(door.NURSE, door.PRESCRIBER, methods=("POST",))
def act(request: HttpRequest, session_id: UUID, action: str) -> HttpResponse:
    """Do one thing; the page again, with the reason beside its form, when it is refused."""
    if action not in SAID:
        raise NotFound("action")
    result = _do(request, session_id, action)
    if isinstance(result, Refusal):
        return _render(request, session_id, refusal=result, action=action)
    messages.success(request, SAID[action])
    return redirect("discharge", session_id=session_id)


@door.allow(*door.CLINICAL)
def instructions(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What the patient takes home, to print, in the language asked for or their own."""
    page = get_discharge_page(
        door.viewer(request),
        session_id,
        language=request.GET.get("language", ""),
        now=door.now(),
    )
    context = {"page": page, "lines": crisis_lines()}
    with translation.override(page.language), timezone.override(ZoneInfo(page.timezone)):
        return render(request, "instructions.html", context)


def _do(request: HttpRequest, session_id: UUID, action: str) -> SessionState | Refusal:
    who, now, command_id = door.viewer(request), door.now(), door.command_id(request)
    if action == DEPART:
        return end_visit(actor=who, now=now, command_id=command_id, session_id=session_id)
    page = get_discharge_page(who, session_id, now=now)
    command = _COMMANDS[action](request.POST.dict(), page)  # type: ignore[arg-type]
    if isinstance(command, Refusal):
        return command
    return carry_out(
        actor=who, now=now, command_id=command_id, session_id=session_id, command=command
    )


def _score(data: Data, page: DischargePage) -> Command | Refusal:
    sheet = next((s for s in page.sheets if s.instrument == data.get("instrument")), None)
    if sheet is None:
        return Refusal("score.unknown", "This session does not use that score.")
    items = []
    for item in sheet.items:
        points = data.get(f"points-{item.id}", "")
        if points not in {str(choice.points) for choice in item.choices}:
            because = f"Choose the points for “{item.label}”."
            return Refusal("score.items", because, field=item.id)
        items.append(ScoredItem(item.id, int(points)))
    return c.ScoreRecovery(sheet.instrument, sheet.version, tuple(items))


def _confirm(data: Data, page: DischargePage) -> Command:
    return c.ConfirmCriterion(data.get("item", ""), data.get("note", "").strip())


def _escort(data: Data, page: DischargePage) -> Command:
    parts = (data.get(name, "").strip() for name in ("name", "phone", "relation"))
    return c.RecordEscort(*parts)


def _instruct(data: Data, page: DischargePage) -> Command:
    return c.GiveInstructions(
        data.get("language", ""), str(page.text["version"]), data.get("teach_back") == "on"
    )


def _override(data: Data, page: DischargePage) -> Command:
    return c.OverrideDischarge(data.get("item", ""), data.get("reason", "").strip())


def _discharge(data: Data, page: DischargePage) -> Command:
    return c.Discharge(page.to or data.get("to", "").strip())


_COMMANDS: dict[str, Callable[[Data, DischargePage], Command | Refusal]] = {
    "score": _score,
    "confirm": _confirm,
    "escort": _escort,
    "instructions": _instruct,
    "override": _override,
    "discharge": _discharge,
}


def _render(
    request: HttpRequest, session_id: UUID, *, refusal: Refusal | None = None, action: str = ""
) -> HttpResponse:
    viewer, now = door.viewer(request), door.now()
    page = get_discharge_page(viewer, session_id, now=now)
    if not request.htmx:  # type: ignore[attr-defined]
        audit(viewer, "session.viewed", at=now, patient_id=page.banner.patient.id,
              subject=("page", "discharge"))  # fmt: skip
    context = {
        "page": page,
        "banner": page.banner,
        "refusal": refusal,
        "refused": action,
        "entered": request.POST,
    }
    with timezone.override(ZoneInfo(page.timezone)):
        return render(request, "discharge.html", context, status=422 if refusal else 200)
