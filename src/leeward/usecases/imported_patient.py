"""One person out of an import: new, changed, unchanged, or somebody else of the same name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from leeward.core.quantities import Refusal
from leeward.records.organizations.models import Location
from leeward.records.people.models import Patient
from leeward.usecases.imported import ImportedPatient
from leeward.usecases.imported_rows import contact_columns, patient_columns

What = Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class TakenPatient:
    """The row of a person, and what happened to it."""

    patient: Patient
    what: What


def take_patient(
    imported: ImportedPatient,
    known: Patient | None,
    location: Location,
    new_id: UUID,
    now: datetime,
) -> TakenPatient | Refusal:
    """Create the person, or bring the row that bears the source's id up to date.

    *Refuses when* that row is plainly about another person: two sources that count their patients
    from 1 must never be merged into one record.
    """
    if known is None:
        return TakenPatient(_create(imported, location, new_id, now), "created")
    if known.source_hash == imported.origin.digest:
        return TakenPatient(known, "unchanged")
    columns = patient_columns(imported)
    if not _same_person(known, imported):
        return Refusal(
            "import.another_person",
            f"{imported.origin.resource} already stands for a person with another name, birth date"
            " and identifiers here; check that both files come from the same source",
        )
    contact = {
        name: value
        for name, value in contact_columns(imported).items()
        if not getattr(known, name)
    }
    changed = {**columns, **contact, "source_hash": imported.origin.digest}
    for name, value in changed.items():
        setattr(known, name, value)
    known.save(update_fields=list(changed))
    return TakenPatient(known, "updated")


def _create(imported: ImportedPatient, location: Location, new_id: UUID, now: datetime) -> Patient:
    return Patient.objects.create(
        id=new_id,
        organization_id=location.organization_id,
        location=location,
        source_id=imported.origin.resource.removeprefix("Patient/"),
        source_hash=imported.origin.digest,
        created_at=now,
        **patient_columns(imported),
        **contact_columns(imported),
    )


def _same_person(known: Patient, imported: ImportedPatient) -> bool:
    """A shared identifier, or else the same family name and the same birth date."""
    here = {(i.get("system", ""), i.get("value", "")) for i in known.identifiers}
    if here & set(imported.identifiers):
        return True
    columns = patient_columns(imported)
    same_name = known.family.casefold() == columns["family"].casefold()
    return bool(same_name and known.birth_date == columns["birth_date"])
