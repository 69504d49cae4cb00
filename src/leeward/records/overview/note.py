"""What stands around the canonical record on the note page: who signed, what was added."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from leeward.core.treatment import SessionState, Stage, fold
from leeward.core.treatment.entries import Addendum, Signature
from leeward.records.accounts.actor import Actor
from leeward.records.charts.selectors import PatientBanner, banner_of
from leeward.records.treatments import store
from leeward.records.treatments.models import TreatmentSession

from .session import find_session


@dataclass(frozen=True, slots=True)
class NoteSubject:
    """Whose session it is, and where it was held, as an exported Bundle names them."""

    patient_id: UUID
    family: str
    given: str
    birth_date: date | None
    sex: str
    identifiers: tuple[tuple[str, str], ...]
    organization_name: str
    location_name: str


@dataclass(frozen=True, slots=True)
class NotePage:
    id: UUID
    number: int | None
    opened_at: datetime
    timezone: str
    banner: PatientBanner
    subject: NoteSubject
    state: SessionState
    signatures: tuple[Signature, ...]
    addenda: tuple[Addendum, ...]
    signed_by_viewer: bool
    may_sign: bool
    may_add: bool

    @property
    def over(self) -> bool:
        """Whether the patient has left, so that the note can be signed."""
        return self.state.stage in (Stage.DEPARTED, Stage.SIGNED)

    @property
    def stage(self) -> str:
        return self.state.stage.value


def get_note_page(viewer: Actor, session_id: UUID, *, now: datetime) -> NotePage:
    """The page, or `NotFound` for a session elsewhere."""
    row = find_session(viewer, session_id)
    state = fold(store.load(row.id))
    return NotePage(
        id=row.id,
        number=row.session_number,
        opened_at=row.opened_at,
        timezone=row.location.timezone,
        banner=banner_of(row.patient, now),
        subject=subject_of(row),
        state=state,
        signatures=state.signatures,
        addenda=state.addenda,
        signed_by_viewer=any(s.said.by.id == str(viewer.id) for s in state.signatures),
        may_sign=viewer.works_at(row.location_id, "prescriber"),
        may_add=viewer.works_at(row.location_id, "nurse", "prescriber"),
    )


def subject_of(row: TreatmentSession) -> NoteSubject:
    """Whose session a row is, and where it was held."""
    patient, place = row.patient, row.location
    return NoteSubject(
        patient_id=patient.id,
        family=patient.family,
        given=patient.given,
        birth_date=patient.birth_date,
        sex=patient.sex,
        identifiers=tuple(
            (str(i.get("system", "")), str(i.get("value", "")))
            for i in patient.identifiers
            if isinstance(i, dict) and i.get("value")
        ),
        organization_name=place.organization.name,
        location_name=place.name,
    )
