"""Booking: one chair, one patient, however many desks press the button at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from leeward.core.quantities import Refusal
from leeward.records.people.models import Patient
from leeward.records.scheduling.models import Appointment, ChairSlot
from leeward.usecases.book_appointment import book_appointment, cancel_appointment
from tests.cast import cid


def book(cast, name="book", *, patient=None, chair=None, start=60, minutes=180):
    starts = cast.now + timedelta(minutes=start)
    return book_appointment(
        actor=cast.dev, now=cast.now, command_id=cid(name),
        patient_id=(patient or cast.cora_patient).id, chair_id=(chair or cast.chair).id,
        starts=starts, ends=starts + timedelta(minutes=minutes),
    )  # fmt: skip


def somebody(cast, name):
    return Patient.objects.create(
        id=cid(name), organization=cast.organization, location=cast.location, family=name,
        created_at=cast.now,
    )  # fmt: skip


def test_books_a_free_chair(cast):
    visit = book(cast)
    assert visit.status == Appointment.BOOKED
    assert visit.slots.count() == 36


def test_refuses_a_chair_that_is_taken_for_part_of_the_time(cast):
    book(cast)
    refused = book(cast, "other", patient=somebody(cast, "Other"), start=200)
    assert isinstance(refused, Refusal)
    assert refused.code == "appointment.chair_taken"
    assert ChairSlot.objects.count() == 36


def test_lets_the_next_patient_begin_when_the_last_one_ends(cast):
    book(cast)
    assert not isinstance(book(cast, "next", patient=somebody(cast, "Next"), start=240), Refusal)


def test_refuses_a_patient_who_would_be_in_two_chairs(cast):
    book(cast)
    refused = book(cast, "again", chair=cast.other_chair, start=90)
    assert refused.code == "appointment.patient_taken"


@pytest.mark.parametrize(
    ("start", "minutes", "code"),
    [(-300, 60, "appointment.past"), (61, 60, "appointment.grid"), (60, -10, "appointment.times"),
     (60, 13 * 60, "appointment.too_long")],
)  # fmt: skip
def test_refuses_times_that_make_no_sense(cast, start, minutes, code):
    assert book(cast, start=start, minutes=minutes).code == code


def test_a_cancelled_visit_frees_its_chair_and_says_why(cast):
    visit = book(cast)
    refused = cancel_appointment(
        actor=cast.dev, now=cast.now, command_id=cid("c0"), appointment_id=visit.id, because=" "
    )
    assert refused.code == "appointment.no_reason"
    cancel_appointment(
        actor=cast.dev, now=cast.now, command_id=cid("c1"), appointment_id=visit.id,
        because="The patient called.",
    )  # fmt: skip
    assert not isinstance(book(cast, "again", patient=somebody(cast, "Other")), Refusal)


def test_sending_the_same_booking_twice_books_once(cast):
    assert book(cast) == book(cast)
    assert Appointment.objects.count() == 1


def test_of_many_racing_bookings_of_one_chair_exactly_one_wins(real_cast):
    racers = 8
    people = [somebody(real_cast, f"Racer{n}") for n in range(racers)]
    line = Barrier(racers)

    def run(number):
        try:
            line.wait(timeout=30)
            return book(real_cast, f"race{number}", patient=people[number])
        finally:
            connection.close()

    with ThreadPoolExecutor(racers) as pool:
        results = list(pool.map(run, range(racers)))
    won = [r for r in results if not isinstance(r, Refusal)]
    assert len(won) == 1
    assert {r.code for r in results if isinstance(r, Refusal)} == {"appointment.chair_taken"}
    assert ChairSlot.objects.count() == 36
