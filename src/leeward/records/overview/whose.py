"""Whose page an address names, for the audit trail."""

from typing import Any
from uuid import UUID

from leeward.records.accounts.actor import Actor
from leeward.records.charts.models import QuestionnaireResponse, Task
from leeward.records.consents.models import Consent
from leeward.records.people.models import ConsultationRequest, Patient
from leeward.records.pharmacy.models import LedgerEntry
from leeward.records.scheduling.models import Appointment
from leeward.records.treatments.models import TreatmentSession

_ROWS: tuple[tuple[str, Any], ...] = (
    ("session_id", TreatmentSession),
    ("appointment_id", Appointment),
    ("task_id", Task),
    ("consent_id", Consent),
    ("response_id", QuestionnaireResponse),
    ("entry_id", LedgerEntry),
    ("request_id", ConsultationRequest),
)


def find_patient(viewer: Actor, named: dict[str, Any]) -> UUID | None:
    """The patient of the viewer's own organization that these parts of an address lead to."""
    wanted = named.get("patient_id")
    for name, rows in _ROWS:
        if wanted is None and name in named:
            found = rows.objects.filter(id=named[name]).values_list("patient_id", flat=True)
            wanted = found.first()
    if wanted is None:
        return None
    own = Patient.objects.filter(id=wanted, organization_id=viewer.wall)
    return own.values_list("id", flat=True).first()
