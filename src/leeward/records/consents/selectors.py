"""Reads of consents."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from .models import Consent


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One consent with the text it was given to."""

    id: UUID
    title: str
    version: str
    language: str
    text_digest: str
    drug: str
    route: str
    signed_name: str
    signed_at: datetime
    recorded_by: str
    withdrawn_at: datetime | None
    withdrawn_because: str

    @property
    def in_force(self) -> bool:
        return self.withdrawn_at is None


def list_consents_of(patient_id: UUID) -> list[ConsentLine]:
    """A patient's consents, newest first; the caller has checked who looks."""
    rows = (
        Consent.objects.filter(patient_id=patient_id)
        .select_related("text", "recorded_by")
        .order_by("-signed_at")
    )
    return [_line(row) for row in rows]


def find_consent_in_force(patient_id: UUID, drug: str, route: str) -> ConsentLine | None:
    """The newest consent for this drug and route that was not withdrawn."""
    return next(
        (
            line
            for line in list_consents_of(patient_id)
            if line.in_force and (line.drug, line.route) == (drug, route)
        ),
        None,
    )


def get_text_body(digest: str) -> dict[str, object]:
    """The exact words of a consent text that was agreed to."""
    row = Consent.objects.filter(text_id=digest).select_related("text").first()
    return dict(row.text.body) if row else {}


def _line(row: Consent) -> ConsentLine:
    return ConsentLine(
        id=row.id,
        title=row.text.title,
        version=row.text.version,
        language=row.text.language,
        text_digest=row.text_id,
        drug=row.drug,
        route=row.route,
        signed_name=row.signed_name,
        signed_at=row.signed_at,
        recorded_by=row.recorded_by.name,
        withdrawn_at=row.withdrawn_at,
        withdrawn_because=row.withdrawn_because,
    )
