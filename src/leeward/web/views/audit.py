"""The audit trail: searched, reported for one patient, written out, anchored."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from leeward.exchange.fhir.audit_event import audit_event
from leeward.records.accounts.actor import Actor
from leeward.records.audit.selectors import Asked, Entry, iterate_entries
from leeward.records.audit.store import record
from leeward.records.organizations.selectors import list_places
from leeward.records.overview.trail import (
    KINDS,
    OUTCOMES,
    get_access_report,
    get_trail_page,
    patients_called,
)
from leeward.usecases.anchor_records import list_anchors
from leeward.web import door
from leeward.web.forms.audit import TrailForm

COLUMNS = ("seq", "at", "actor_name", "actor_kind", "action", "outcome", "patient_id",
           "subject_type", "subject_id", "detail", "origin", "hash")  # fmt: skip
FORMS = {
    "csv": "text/csv; charset=utf-8",
    "ndjson": "application/x-ndjson",
    "fhir": "application/fhir+ndjson",
}


@door.allow(door.DIRECTOR)
def show(request: HttpRequest) -> HttpResponse:
    viewer = door.viewer(request)
    form, asked = _asked(request, viewer)
    before = form.cleaned_data.get("before")
    page = get_trail_page(viewer, asked, before=before)
    query = request.GET.copy()
    query.pop("before", None)
    context = {"page": page, "form": form, "kinds": KINDS, "outcomes": OUTCOMES,
               "query": query.urlencode(), "searched": any(query.values())}  # fmt: skip
    return render(request, "audit.html", context)


@door.allow(door.DIRECTOR)
def report(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    viewer, now = door.viewer(request), door.now()
    return render(
        request, "audit_report.html", {"report": get_access_report(viewer, patient_id, now=now)}
    )


@door.allow(door.DIRECTOR)
def export(request: HttpRequest) -> StreamingHttpResponse:
    """All that was searched for, as a file; noted before its first line leaves."""
    viewer, now = door.viewer(request), door.now()
    form, asked = _asked(request, viewer)
    kind = request.GET.get("as", "")
    kind = kind if kind in FORMS else "csv"
    entries = iterate_entries(viewer.wall, asked)
    searched = {name: str(value) for name, value in form.cleaned_data.items() if value}
    record(viewer, "audit.exported", at=now, subject=("page", "audit-export"),
           form=kind, searched=searched)  # fmt: skip
    response = StreamingHttpResponse(_lines(kind, entries, viewer), content_type=FORMS[kind])
    ending = "csv" if kind == "csv" else "ndjson"
    name = f'attachment; filename="audit-{now:%Y-%m-%d}.{ending}"'
    response["Content-Disposition"] = name
    return response


@door.allow(door.DIRECTOR)
def anchors(request: HttpRequest) -> HttpResponse:
    """A sheet to print and keep where this machine can't reach it."""
    return render(request, "audit_anchors.html", {"anchors": list_anchors()})


def _asked(request: HttpRequest, viewer: Actor) -> tuple[TrailForm, Asked]:
    form = TrailForm(request.GET)
    form.is_valid()
    patients = patients_called(viewer, form.cleaned_data.get("patient", ""), door.now())
    return form, form.asked(ZoneInfo(viewer.timezone or "UTC"), patients)


def _lines(kind: str, entries: Iterator[Entry], viewer: Actor) -> Iterator[str]:
    if kind == "csv":
        yield _csv_line(COLUMNS)
        for entry in entries:
            yield _csv_line([_cell(getattr(entry, name)) for name in COLUMNS])
    elif kind == "fhir":
        places = list_places(viewer.wall)
        name = places[0].organization_name if places else ""
        for entry in entries:
            yield json.dumps(audit_event(entry, name), ensure_ascii=False) + "\n"
    else:
        for entry in entries:
            yield json.dumps(asdict(entry), default=str, ensure_ascii=False) + "\n"


def _csv_line(cells: object) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)  # type: ignore[arg-type]
    return out.getvalue()


def _cell(value: object) -> str:
    """One cell, that no spreadsheet takes for a formula."""
    if isinstance(value, dict):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
