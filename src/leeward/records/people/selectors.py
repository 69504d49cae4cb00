"""Reads of patients."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from leeward.records.accounts.actor import CLINICAL, Actor, NotFound, NotPermitted

from .models import Patient


@dataclass(frozen=True, slots=True)
class PatientName:
    """What identifies a person on any page: two identifiers and where they belong."""

    id: UUID
    name: str
    birth_date: date | None
    age_y: int | None
    sex: str
    language: str
    deceased: bool
    location_id: UUID


def get_patient_name(viewer: Actor, patient_id: UUID, *, now: datetime) -> PatientName:
    """The person, or `NotFound` when they are not the viewer's to see."""
    patient = visible_patients(viewer).filter(id=patient_id).first()
    if patient is None:
        raise NotFound("patient")
    return name_of(patient, now.date())


def list_patients(
    viewer: Actor, *, search: str = "", now: datetime, limit: int = 200
) -> list[PatientName]:
    """People by family name; `search` matches the beginning of either name, or a birth date."""
    patients = visible_patients(viewer)
    for word in search.split():
        patients = patients.filter(
            Q(family__istartswith=word) | Q(given__istartswith=word) | _born(word)
        )
    today = now.date()
    return [name_of(p, today) for p in patients.order_by("family", "given")[:limit]]


def find_language(viewer: Actor) -> str | None:
    """The language a patient has chosen to be addressed in; nothing for staff."""
    if viewer.is_staff or viewer.patient_id is None:
        return None
    return visible_patients(viewer).values_list("language", flat=True).first()


def visible_patients(viewer: Actor):  # type: ignore[no-untyped-def]
    """The patients a viewer may see, as a query for other selectors."""
    patients = Patient.objects.filter(organization_id=viewer.organization_id)
    if not viewer.is_staff:
        return patients.filter(id=viewer.patient_id)
    places = viewer.location_ids
    return patients if places is None else patients.filter(location_id__in=places)


def clinical_patient(viewer: Actor, patient_id: UUID) -> Patient:
    """A person whose clinical pages the viewer may read: staff by a role held at that place.

    Raises `NotFound` for somebody the viewer may not see at all, else `NotPermitted`.
    """
    patient: Patient | None = visible_patients(viewer).filter(id=patient_id).first()
    if patient is None:
        raise NotFound("patient")
    if viewer.is_staff and not viewer.works_at(patient.location_id, *CLINICAL):
        raise NotPermitted(f"this is for: {', '.join(CLINICAL)}")
    return patient


def name_of(patient: Patient, today: date) -> PatientName:
    return PatientName(
        id=patient.id,
        name=patient.display_name,
        birth_date=patient.birth_date,
        age_y=age_on(patient.birth_date, today),
        sex=patient.sex,
        language=patient.language,
        deceased=patient.deceased,
        location_id=patient.location_id,
    )


def age_on(birth_date: date | None, today: date) -> int | None:
    if birth_date is None:
        return None
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (0 if had_birthday else 1)


def _born(word: str) -> Q:
    try:
        return Q(birth_date=date.fromisoformat(word))
    except ValueError:
        return Q(pk__in=[])
