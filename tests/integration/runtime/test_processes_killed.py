"""Three kills of each process in every run; `make faults` does fifty and more."""

import random

import pytest

from tests.faults.clinic import Clinic
from tests.faults.crashes import kill_the_alarm_engine, kill_the_web_process


@pytest.fixture
def clinic(tmp_path):
    founded = Clinic.found(tmp_path)
    yield founded
    founded.stop()


@pytest.mark.hazard("H14", "H29")
def test_no_acknowledged_command_is_lost_when_the_web_process_is_killed(clinic):
    counted = kill_the_web_process(clinic, 3, random.Random(1))
    assert counted["acknowledged"] > 3


@pytest.mark.hazard("H2", "H29")
def test_every_gap_is_stated_when_the_alarm_engine_is_killed(clinic):
    assert kill_the_alarm_engine(clinic, 3, random.Random(2))["gaps"] == 3
