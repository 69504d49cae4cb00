"""The clinic's own emergency protocol: written by the medical director, shown at the chair."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import DIRECTOR, Actor, NotFound
from leeward.records.audit import store as audit
from leeward.records.organizations.models import Location
from leeward.usecases.access import require

LONGEST = 20_000


def set_emergency_protocol(
    *, actor: Actor, now: datetime, command_id: UUID, location_id: UUID, text: str
) -> Location | Refusal:
    """Write what a location's staff shall do in an emergency, in the clinic's own words.

    *Refuses when* the text is empty or far too long. *Emits* audit `emergency_protocol.written`
    with the text it replaces. *Locks* the location.
    """
    with transaction.atomic():
        place = (
            Location.objects.select_for_update()
            .filter(id=location_id, organization_id=actor.wall)
            .first()
        )
        if place is None or not actor.works_at(place.id):
            raise NotFound("location")
        require(actor, place.id, DIRECTOR)
        if audit.recall(command_id, "set_emergency_protocol", actor, of=place.id):
            return place
        words = text.strip()
        if not words or len(words) > LONGEST:
            because = "Write what your staff shall do, in up to 20,000 characters."
            return Refusal("protocol.empty", because, field="text")
        audit.record(
            actor, "emergency_protocol.written", at=now, subject=("location", place.id),
            text=words, before=place.emergency_protocol,
        )  # fmt: skip
        place.emergency_protocol = words
        place.save(update_fields=["emergency_protocol"])
        audit.remember(command_id, "set_emergency_protocol", actor, now, place.id)
    return place
