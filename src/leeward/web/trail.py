"""What the door writes into the audit trail: who looked at whom, and who was turned away.

In one place, so that a new page is in the trail from its first day. A view that says more of its
own accord (a note with its digest, an export) is not noted twice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from leeward.records.accounts.actor import Actor
from leeward.records.audit import store as audit
from leeward.records.overview.whose import find_patient

# A page that renews parts of itself is one view; told again after this time.
SAME_VIEW = timedelta(minutes=10)
SHOWN = (".viewed", ".exported", ".printed")
NOT_FOUND, CONFLICT, INVALID = 404, 409, 422
Answered = Callable[[HttpResponse], HttpResponse]


@contextmanager
def noting(
    who: Actor, request: HttpRequest, kwargs: dict[str, Any], now: Callable[[], datetime]
) -> Iterator[Answered]:
    """Hand every answer through the value given; a page that is not there is noted as well."""
    with audit.telling() as told:

        def answered(response: HttpResponse) -> HttpResponse:
            _note(who, request, kwargs, response.status_code, now(), told)
            return response

        try:
            yield answered
        except Http404:
            _note(who, request, kwargs, NOT_FOUND, now(), told)
            raise


def _note(
    who: Actor,
    request: HttpRequest,
    kwargs: dict[str, Any],
    status: int,
    now: datetime,
    told: list[tuple[str, UUID | None]],
) -> None:
    page = request.resolver_match.url_name if request.resolver_match else ""
    patient_id = who.patient_id or find_patient(who, kwargs)
    if status in (403, NOT_FOUND, CONFLICT):
        audit.record(
            who, "access.denied", at=now, outcome="refused", patient_id=patient_id,
            subject=("page", page), status=status, method=request.method,
            asked=_ids(kwargs),
        )  # fmt: skip
        return
    shown = status == INVALID or 200 <= status < 300
    if not shown or any(_tells(action, of, patient_id) for action, of in told):
        return
    action = "patient.viewed" if patient_id else "page.viewed"
    again = request.htmx and audit.told_lately(  # type: ignore[attr-defined]
        who, action, page or "", patient_id, since=now - SAME_VIEW
    )
    if not again:
        # Where no patient is named, the thing is: a request by somebody who is none yet.
        asked = {} if patient_id else _ids(kwargs)
        audit.record(
            who, action, at=now, patient_id=patient_id, subject=("page", page),
            **({"asked": asked} if asked else {}),
        )  # fmt: skip


def _ids(kwargs: dict[str, Any]) -> dict[str, str]:
    """Ids alone: an address may also hold a link that opens something."""
    return {name: str(value) for name, value in kwargs.items() if isinstance(value, UUID)}


def _tells(action: str, of: UUID | None, patient_id: UUID | None) -> bool:
    return of == patient_id and action.endswith(SHOWN)
