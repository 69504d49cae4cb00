"""The patient calls from a phone: a signed link stands for the chair and nothing more."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.core.treatment import SessionState
from leeward.core.treatment import commands as c
from leeward.core.treatment.state import PRESENT
from leeward.records.accounts.actor import PATIENT, Actor, NotFound
from leeward.records.treatments import store
from leeward.records.treatments.models import TreatmentSession
from leeward.usecases.treat_session import load_state, write

PHONE = "phone"
LONGEST = 200


def call_for_help(
    *, now: datetime, command_id: UUID, session_id: UUID, words: str
) -> SessionState | Refusal:
    """Record that the patient of a session calls, by the link on their phone.

    Whoever holds the link may call and do nothing else. A second press while a call is open is
    the same call.

    *Refuses when* the patient has left. *Emits* PatientCalled by the patient; wakes board and
    chair. *Locks* the session's log.
    """
    with transaction.atomic():
        session = TreatmentSession.objects.select_for_update().filter(id=session_id).first()
        if session is None:
            raise NotFound("session")
        state = load_state(session.id)
        if store.written_by(command_id, session.id) or state.open_calls:
            return state
        if state.stage not in PRESENT:
            because = "This visit is over. Telephone the clinic if you need us."
            return Refusal("call.over", because)
        who = Actor(
            id=session.patient_id, kind=PATIENT, name=session.patient.display_name,
            organization_id=session.organization_id, patient_id=session.patient_id,
        )  # fmt: skip
        call = c.CallForHelp(str(command_id), PHONE, words.strip()[:LONGEST])
        at = max(now, state.log[-1].envelope.recorded_at)
        return write(session, call, actor=who, now=at, command_id=command_id)
