"""The note of a session: read, signed, added to; its copies as page, PDF and FHIR Bundle."""

from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify

from leeward import content
from leeward.core.quantities import Refusal
from leeward.exchange.documents.note_html import NoteCopy, note_body, note_title
from leeward.exchange.documents.note_pdf import PAPERS, note_pdf, pdf_available
from leeward.exchange.fhir.session_bundle import SessionSubject, SessionTerms, session_bundle
from leeward.exchange.fhir.writing import to_json
from leeward.records.audit.store import record as audit
from leeward.records.overview.note import NotePage, get_note_page
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.session_record import SessionRecord, read_record
from leeward.usecases.sign_note import SIGNING, sign_note, verify_signatures, write_addendum
from leeward.web import door

MEANING = "I have read this record and sign it as the prescriber of this session."
FHIR_JSON = "application/fhir+json"


@door.allow(*door.CLINICAL)
def show(request: HttpRequest, session_id: UUID) -> HttpResponse:
    return _page(request, session_id)


@door.allow(door.PRESCRIBER, methods=("POST",))
def sign(request: HttpRequest, session_id: UUID) -> HttpResponse:
    viewer, now, command_id = door.viewer(request), door.now(), door.command_id(request)
    get_note_page(viewer, session_id, now=now)  # nothing is confirmed for a session elsewhere
    confirmed = confirm_identity(
        actor=viewer,
        now=now,
        command_id=command_id,
        login=request.POST.get("login", ""),
        password=request.POST.get("password", ""),
        purpose=SIGNING,
    )
    if isinstance(confirmed, Refusal):
        return _page(request, session_id, refusal=confirmed, action="sign")
    result = sign_note(
        actor=viewer,
        now=now,
        command_id=command_id,
        session_id=session_id,
        seen_digest=request.POST.get("seen_digest", ""),
        seen_seq=_whole(request.POST.get("seen_seq", "")),
        meaning=MEANING,
        confirmed=confirmed,
    )
    if isinstance(result, Refusal):
        return _page(request, session_id, refusal=result, action="sign")
    messages.success(request, "Signed. What comes later is written as an addendum.")
    return redirect("note", session_id=session_id)


@door.allow(door.NURSE, door.PRESCRIBER, methods=("POST",))
def add(request: HttpRequest, session_id: UUID) -> HttpResponse:
    result = write_addendum(
        actor=door.viewer(request),
        now=door.now(),
        command_id=door.command_id(request),
        session_id=session_id,
        text=request.POST.get("text", ""),
    )
    if isinstance(result, Refusal):
        return _page(request, session_id, refusal=result, action="addendum")
    messages.success(request, "Addendum written.")
    return redirect("note", session_id=session_id)


@door.allow(*door.CLINICAL)
def printout(request: HttpRequest, session_id: UUID) -> HttpResponse:
    _, record, copy = _read(request, session_id, "note.printed")
    context = {"title": note_title(record.content), "body": note_body(copy)}
    return render(request, "note_print.html", context)


@door.allow(*door.CLINICAL)
def pdf(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The PDF; where Pango is missing, the reason as text, so that nothing looks broken."""
    _, record, copy = _read(request, session_id, "note.exported")
    reason = pdf_available()
    if reason:
        return HttpResponse(reason, status=503, content_type="text/plain; charset=utf-8")
    asked = request.GET.get("paper", "")
    paper = asked if asked in PAPERS else PAPERS[0]
    made = note_pdf(copy, styles=Path(settings.STATICFILES_DIRS[0]), paper=paper)
    return _download(made, "application/pdf", record, "pdf")


@door.allow(*door.CLINICAL)
def bundle(request: HttpRequest, session_id: UUID) -> HttpResponse:
    page, record, _ = _read(request, session_id, "note.exported")
    library = content.load()
    plan, who = page.state.plan, page.subject
    made = session_bundle(
        page.state,
        SessionSubject(
            session_id=page.id,
            patient_id=who.patient_id,
            family=who.family,
            given=who.given,
            birth_date=who.birth_date,
            sex=who.sex,
            identifiers=who.identifiers,
            organization_name=who.organization_name,
            location_name=who.location_name,
        ),
        SessionTerms(library.drugs[plan.drug], library.routes[plan.route], library.effects),
        record_digest=record.digest,
        written_at=door.now(),
        series=record.content["series"],
    )
    return _download(to_json(made).encode(), FHIR_JSON, record, "json")


def _page(
    request: HttpRequest, session_id: UUID, *, refusal: Refusal | None = None, action: str = ""
) -> HttpResponse:
    page, record, copy = _read(request, session_id, "note.viewed")
    context = {
        "page": page,
        "banner": page.banner,
        "record": record,
        "body": note_body(copy),
        "verified": copy.verified,
        "all_valid": all((copy.verified or {}).values()),
        "meaning": MEANING,
        "no_pdf": pdf_available(),
        "papers": PAPERS,
        "refusal": refusal,
        "refused": action,
        "entered": request.POST,
    }
    with timezone.override(ZoneInfo(page.timezone)):
        return render(request, "note.html", context, status=422 if refusal else 200)


def _read(
    request: HttpRequest, session_id: UUID, action: str
) -> tuple[NotePage, SessionRecord, NoteCopy]:
    viewer, now = door.viewer(request), door.now()
    page = get_note_page(viewer, session_id, now=now)
    record = read_record(actor=viewer, session_id=session_id)
    audit(viewer, action, at=now, patient_id=page.banner.patient.id,
          subject=("session", session_id), record=record.digest)  # fmt: skip
    copy = NoteCopy(
        record=record.content,
        digest=record.digest,
        signatures=page.signatures,
        verified=verify_signatures(page.state),
        addenda=page.addenda,
    )
    return page, record, copy


def _download(body: bytes, kind: str, record: SessionRecord, ending: str) -> HttpResponse:
    """A file whose name tells nobody who it is about."""
    name = slugify(f"session-{record.content['session']['opened_at'][:10]}-{record.digest[:8]}")
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
