"""A kept state must be the state a fresh fold gives, always."""

from datetime import timedelta

import pytest

from leeward.core.treatment import commands as c
from leeward.core.treatment import fold
from leeward.records.treatments import folding, store
from leeward.records.treatments.models import TreatmentEvent, TreatmentSession
from leeward.usecases.open_session import open_session
from leeward.usecases.treat_session import carry_out, load_state
from tests.cast import chart_weight, cid
from tests.integration.test_altered_records import tamper
from tests.integration.test_one_patient_all_the_way import accept, booked, consent, order


@pytest.fixture
def session(real_cast):
    folding.forget()
    chart_weight(real_cast)
    accept(real_cast), consent(real_cast), order(real_cast)
    visit = booked(real_cast)
    yield open_session(
        actor=real_cast.bea, now=real_cast.now, command_id=cid("open"), appointment_id=visit.id
    )
    folding.forget()


def identify(cast, session, number):
    return carry_out(
        actor=cast.bea, now=cast.now + timedelta(minutes=number), command_id=cid(f"id{number}"),
        session_id=session.id, command=c.IdentifyPatient(("name", "birth_date")),
    )  # fmt: skip


def test_carrying_a_state_on_gives_what_a_fresh_fold_gives(real_cast, session):
    for number in range(5):
        carried = identify(real_cast, session, number)
        assert carried == load_state(session.id) == fold(store.load(session.id))


def test_a_refused_act_leaves_nothing_behind(real_cast, session):
    before = load_state(session.id)
    refused = carry_out(
        actor=real_cast.bea, now=real_cast.now, command_id=cid("no"), session_id=session.id,
        command=c.PauseInfusion("too early"),
    )  # fmt: skip
    assert refused.code
    assert load_state(session.id) == before


@pytest.mark.hazard("H31")
def test_a_record_changed_underneath_is_not_served_from_memory(real_cast, session):
    identify(real_cast, session, 1)
    assert len(load_state(session.id).identification.identifiers) == 2
    row = TreatmentEvent.objects.filter(session_id=session.id, seq=2).get()
    tamper("treatments_treatmentevent", "hash", row.id, "0" * 64)
    TreatmentSession.objects.filter(id=session.id).update(last_hash="0" * 64)
    assert load_state(session.id) == fold(store.load(session.id))
    assert store.verify(session.id)
