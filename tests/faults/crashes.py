"""The stories of the fault tests: a few kills in every run, many in `make faults`."""

import random
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

from tests.faults.clinic import Clinic, charting

NURSES = 3
LONGEST_LIFE_S = 1.5


def kill_the_web_process(clinic: Clinic, kills: int, dice: random.Random) -> dict[str, int]:
    """SIGKILL the web process at random under a stream of commands; returns what was counted."""
    clinic.start("web")
    clinic.wait_for_web()
    stop, nurses, threads = charting(clinic, NURSES)
    for _ in range(kills):
        threading.Event().wait(dice.uniform(0.0, LONGEST_LIFE_S))
        clinic.kill("web")
        clinic.start("web")
        clinic.wait_for_web()
    stop.set()
    for thread in threads:
        thread.join()
    return settle(clinic, nurses)


def kill_the_alarm_engine(clinic: Clinic, kills: int, dice: random.Random) -> dict[str, int]:
    """SIGKILL the alarm engine at random under a stream of commands; each gap must be stated."""
    clinic.start("web")
    clinic.start("gateway")
    clinic.start("alarms")
    clinic.wait_for_web()
    boot = clinic.wait_for_engine(None)
    stop, nurses, threads = charting(clinic, 1)
    deaths = []
    for _ in range(kills):
        threading.Event().wait(dice.uniform(0.0, LONGEST_LIFE_S))
        clinic.kill("alarms")
        died_at = datetime.now(UTC)
        clinic.start("alarms")
        boot = clinic.wait_for_engine(boot)
        deaths.append((died_at, datetime.now(UTC)))
    stop.set()
    for thread in threads:
        thread.join()
    counted = settle(clinic, nurses)
    state_every_gap(clinic, deaths)
    return counted | {"gaps": len(deaths)}


def settle(clinic: Clinic, nurses) -> dict[str, int]:
    """No acknowledged event lost, none doubled, every chain whole."""
    acknowledged = [command for nurse in nurses for command in nurse.acknowledged]
    assert [nurse.refused for nurse in nurses] == [[] for _ in nurses]
    rows = clinic.query(
        "SELECT command_id FROM treatments_treatmentevent WHERE type = ?",
        "treatment.observed.v1",
    )
    written = Counter(row[0].replace("-", "") for row in rows)
    lost = [command for command in acknowledged if command.replace("-", "") not in written]
    doubled = [command for command, count in written.items() if count > 1]
    assert (lost, doubled) == ([], [])
    checked = clinic.verify_chain()
    assert checked.returncode == 0, checked.stdout + checked.stderr
    return {
        "acknowledged": len(acknowledged),
        "written": len(rows),
        "retries": sum(nurse.retries for nurse in nurses),
    }


def state_every_gap(clinic: Clinic, deaths) -> None:
    """For every death a gap that covers the time from it to the next engine's first look."""
    import json

    rows = clinic.query(
        "SELECT payload FROM treatments_treatmentevent WHERE type = ? ORDER BY seq",
        "treatment.monitoring_gap.v1",
    )
    gaps = [json.loads(row[0]) for row in rows]
    gaps = [
        (datetime.fromisoformat(g["from_at"]), datetime.fromisoformat(g["to_at"])) for g in gaps
    ]
    for died_at, back_at in deaths:
        # The engine last said that it looked at most a tick before it died.
        assert any(
            from_at <= died_at <= to_at <= back_at + timedelta(seconds=1)
            for from_at, to_at in gaps
        ), (died_at, back_at, gaps)
