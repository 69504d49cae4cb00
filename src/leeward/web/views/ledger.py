"""The controlled-drug ledger of a location, read and printed."""

import csv
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.records.accounts.actor import NotFound
from leeward.records.organizations.selectors import list_places
from leeward.records.overview.ledger import get_ledger_page, list_cases
from leeward.records.overview.ledger_print import (
    DispensingLog,
    get_dispensing_log,
    get_inventory,
    list_inventories,
)
from leeward.web import door
from leeward.web.forms.ledger import PeriodForm

READERS = (door.CUSTODIAN, door.DIRECTOR, door.NURSE, door.PRESCRIBER)
COLUMNS = ("row", "time", "kind", "patient", "address", "drug", "ndc", "lot", "vial", "ml", "mg",
           "by", "witness")  # fmt: skip


@door.allow(*READERS)
def first(request: HttpRequest) -> HttpResponse:
    viewer = door.viewer(request)
    places = list_places(viewer.wall, viewer.location_ids)
    if not places:
        raise NotFound("location")
    return redirect("ledger", location_id=places[0].id)


@door.allow(*READERS)
def show(request: HttpRequest, location_id: UUID) -> HttpResponse:
    viewer = door.viewer(request)
    page = get_ledger_page(
        viewer, location_id, door.now(), day=door.day_in(request.GET.get("day", "")),
        only=request.GET.get("only", ""),
    )  # fmt: skip
    return render(request, "ledger.html", {"page": page})


@door.allow(*READERS)
def dispensed(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """The log of doses, for a printer or as CSV."""
    viewer, now = door.viewer(request), door.now()
    zone = ZoneInfo(viewer.timezone or "UTC")
    form = PeriodForm(request.GET)
    first_day, last_day = form.period(now.astimezone(zone).date())
    log = get_dispensing_log(viewer, location_id, first_day, last_day)
    if request.GET.get("as") == "csv":
        return _csv(log)
    context = {"log": log, "form": form, "now": now, "inventories": list_inventories(location_id),
               "cases": list_cases(location_id, now)}  # fmt: skip
    return render(request, "ledger_dispensed.html", context)


@door.allow(*READERS)
def inventory(request: HttpRequest, location_id: UUID, entry_id: UUID) -> HttpResponse:
    sheet = get_inventory(door.viewer(request), location_id, entry_id)
    return render(request, "ledger_inventory.html", {"sheet": sheet})


def _csv(log: DispensingLog) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="dispensed-{log.first}-{log.last}.csv"'
    out = csv.writer(answer)
    out.writerow(COLUMNS)
    for row in log.rows:
        cells = (row.seq, row.at.isoformat(), row.kind, row.patient, row.address, row.drug,
                 row.ndc, row.lot, row.vial, row.ml, row.mg, row.by, row.witness)  # fmt: skip
        out.writerow([_inert(str(cell)) for cell in cells])
    return answer


def _inert(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
