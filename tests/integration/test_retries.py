"""The same command twice: harmless for who sent it, and nothing for anybody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from leeward.core.treatment import commands as c
from leeward.records.accounts.actor import NotFound
from leeward.records.audit.store import CommandTaken
from leeward.records.consents.models import Consent
from leeward.records.scheduling.models import Appointment
from leeward.usecases.book_appointment import book_appointment, cancel_appointment
from leeward.usecases.tasks import complete_task, raise_task
from leeward.usecases.treat_session import carry_out
from tests.cast import cid
from tests.integration.test_one_patient_all_the_way import consent, session  # noqa: F401


def book(cast, **changed):
    return book_appointment(**{
        "actor": cast.dev, "now": cast.now, "command_id": cid("twice"),
        "patient_id": cast.cora_patient.id, "chair_id": cast.chair.id, "starts": cast.now,
        "ends": cast.now + timedelta(hours=3), **changed,
    })  # fmt: skip


def test_a_command_of_somebody_else_gives_nobody_its_result(cast):
    book(cast)
    with pytest.raises(CommandTaken):
        book(cast, actor=cast.bea)


def test_a_command_carried_out_in_one_session_does_not_pass_for_done_in_another(cast, session):  # noqa: F811
    act = {"actor": cast.bea, "now": cast.now, "command_id": cid("identify"),
           "command": c.IdentifyPatient(("name", "birth_date"))}  # fmt: skip
    carry_out(**act, session_id=session.id)
    other = type(session).objects.get(id=session.id)
    other.pk, other.last_seq, other.last_hash = uuid4(), 0, ""
    other.save(force_insert=True)
    with pytest.raises(CommandTaken):
        carry_out(**act, session_id=other.id)


def test_a_task_is_not_told_done_by_the_command_that_closed_another(cast):
    one, two = (
        raise_task(actor=cast.bea, now=cast.now, command_id=cid(name), patient=cast.cora_patient,
                   kind="call", because="Call back.")
        for name in ("one", "two")
    )  # fmt: skip
    close = {"actor": cast.bea, "now": cast.now, "command_id": cid("done"), "outcome": "Called."}
    complete_task(**close, task_id=one.id)
    with pytest.raises(CommandTaken):
        complete_task(**close, task_id=two.id)


def test_a_visit_that_is_not_there_is_not_found(cast):
    with pytest.raises(NotFound):
        cancel_appointment(
            actor=cast.dev, now=cast.now, command_id=cid("cancel"), appointment_id=uuid4(),
            because="Called off.",
        )  # fmt: skip


def pressed_twice(act):
    """The answers to one command sent twice at the same moment."""
    line = Barrier(2)

    def press(_):
        try:
            line.wait(timeout=60)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(press, range(2)))


def test_a_booking_pressed_twice_at_once_is_booked_once_and_twice_confirmed(real_cast):
    answers = pressed_twice(lambda: book(real_cast))
    assert [type(answer) for answer in answers] == [Appointment, Appointment], answers
    assert Appointment.objects.count() == 1


def test_a_consent_sent_twice_at_once_is_given_once_and_twice_confirmed(real_cast):
    one, other = pressed_twice(lambda: consent(real_cast))
    assert one.id == other.id
    assert Consent.objects.count() == 1


def test_a_chair_of_another_location_is_refused(cast):
    from leeward.records.accounts.models import StaffRole
    from leeward.records.accounts.selectors import get_actor
    from leeward.records.organizations.models import Chair, Location

    second = Location.objects.create(
        organization=cast.organization, name="Second", slug="second", timezone="UTC"
    )
    chair = Chair.objects.create(location=second, label="9", position=1)
    StaffRole.objects.create(user_id=cast.dev.id, role="front_desk", location=second)
    refused = book(cast, actor=get_actor(cast.dev.id), chair_id=chair.id)
    assert refused.code == "appointment.other_location"
