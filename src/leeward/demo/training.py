"""A training run: a simulated patient in a real session of the demo clinic, marked TRAINING.

It exists in a demo home alone, whose people are all invented and whose outcomes are nobody's. The
patient's very name says TRAINING, so that every screen, list, note and print does too.
"""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from leeward.core.quantities import Refusal
from leeward.exchange.devices.simulated.scenario import Scenario
from leeward.records.accounts.actor import Actor
from leeward.records.accounts.selectors import list_staff_actors
from leeward.records.organizations.selectors import Place, list_chairs
from leeward.records.overview.board import get_board
from leeward.records.people.selectors import list_patients
from leeward.records.treatments.selectors_devices import list_simulated
from leeward.usecases.bind_device import bind_device
from leeward.usecases.open_session import open_session

from .acts import Clinic, act, must
from .course import begin_course, book
from .imported import import_all, write_record
from .people import RUNNING, Person

MARK = "TRAINING"
SPEEDS = ("1", "2", "4")
# What the simulated patient reports once a second; at another speed, more often.
EVERY_SECOND = ("hr", "pr", "spo2", "rr", "etco2", "pump_rate_ml_h", "pump_vol_ml")


def begin_training(
    *, viewer: Actor, now: datetime, place: Place, scenario: Scenario, speed: str, folder: Path
) -> UUID | Refusal:
    """Make a patient of that name in a free chair and put the scenario on them; the session.

    *Refuses when* no chair is free, or the speed is not offered.
    """
    if speed not in SPEEDS:
        return Refusal("training.speed", "Choose one of the speeds.", field="speed")
    chair = _free_chair(viewer, place, now)
    if chair is None:
        because = "No chair is free. Let a training run end first: stop, discharge, depart."
        return Refusal("training.no_chair", because)
    number = len(list_simulated(viewer, place.id)) + 1
    clinic = Clinic(place, tuple(list_chairs(place.id)), list_staff_actors(viewer.wall), now, "")
    person = _person(number, scenario)
    patient_id = _patient(clinic, person, folder)
    order_id = begin_course(clinic, person, patient_id, now - timedelta(days=3))
    visit_id = book(clinic, patient_id, order_id, 1, now, chair=chair,
                    booked_at=now - timedelta(days=2))  # fmt: skip
    session = must(
        open_session(
            actor=viewer, now=now, command_id=act(f"{person.key}:open"), appointment_id=visit_id
        )
    )
    must(
        bind_device(
            actor=viewer, now=now, command_id=act(f"{person.key}:bind"), session_id=session.id,
            kind="simulator", label=_label(number, speed),
            settings={
                "scenario": scenario.id, "speed": speed,
                "period_s": dict.fromkeys(EVERY_SECOND, str(1 / int(speed))),
            },
        )
    )  # fmt: skip
    return session.id


def _label(number: int, speed: str) -> str:
    return f"{MARK} {number}: simulated patient and pump, {speed} times life"


def _person(number: int, scenario: Scenario) -> Person:
    return Person(
        f"training-{number}", "Simulated", f"{MARK}-{number:03d}", RUNNING.sex, RUNNING.born,
        str(scenario.weight_kg), RUNNING.height_cm, RUNNING.pressure_mmhg, RUNNING.tried,
    )  # fmt: skip


def _patient(clinic: Clinic, person: Person, folder: Path) -> UUID:
    dev, place = clinic.staff["dev"], clinic.place.id
    at = clinic.now - timedelta(days=11)
    record = write_record(person, folder, clinic.now.date())
    import_all([record], actor=dev, now=at, command_id=act(f"{person.key}:import"),
               location_id=place)  # fmt: skip
    return list_patients(dev, search=person.family, now=clinic.now)[0].id


def _free_chair(viewer: Actor, place: Place, now: datetime) -> int | None:
    free = {
        tile.chair_id
        for tile in get_board(viewer, place.id, now=now).tiles
        if tile.session_id is None and tile.next_visit is None
    }
    chairs = list_chairs(place.id)
    return next((n for n, chair in enumerate(chairs) if chair.id in free), None)
