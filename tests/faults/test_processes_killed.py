"""`make faults`: many kills. The same stories run with a few in `tests/integration/runtime`."""

import os
import random

import pytest

from tests.faults.clinic import Clinic
from tests.faults.crashes import kill_the_alarm_engine, kill_the_web_process

KILLS = int(os.environ.get("LEEWARD_KILLS", "50"))
SEED = int(os.environ.get("LEEWARD_SEED", "20260101"))


@pytest.fixture
def clinic(tmp_path):
    founded = Clinic.found(tmp_path)
    yield founded
    founded.stop()


@pytest.mark.hazard("H14", "H29")
def test_no_acknowledged_command_is_lost_when_the_web_process_is_killed(clinic, capsys):
    counted = kill_the_web_process(clinic, KILLS, random.Random(SEED))
    with capsys.disabled():
        print(f"\nweb process killed {KILLS} times: {counted}")
    assert counted["acknowledged"] > KILLS
    assert counted["retries"] > 0


@pytest.mark.hazard("H2", "H29")
def test_every_gap_is_stated_when_the_alarm_engine_is_killed(clinic, capsys):
    counted = kill_the_alarm_engine(clinic, KILLS, random.Random(SEED))
    with capsys.disabled():
        print(f"\nalarm engine killed {KILLS} times: {counted}")
    assert counted["gaps"] == KILLS
