"""One measurement of a ward: the parts, the beat of the samples, and what became of them."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from statistics import mean
from typing import Any
from uuid import UUID, uuid4

from .live_ward import CHANNELS, DATABASE, Bed, Ward, make_ward

WARM_UP_S = 8
PATIENCE_S = 60.0
# A chair dips under its deepest limit for a second; the next chair does so a second later.
DIP, CALM = "70", "97"
DIP_EVERY_S = 20
SEAL_EVERY_S = 5
PARTS = ("alarms", "web")


def measure(home: Path, chairs: int, *, seconds: int, viewers: int) -> dict[str, Any]:
    """Run the ward for so long [s] and tell what was seen."""
    load_before = round(os.getloadavg()[0], 2)
    ward = make_ward(home, chairs)
    with _parts(ward, viewers) as (running, watcher):
        feeder = _Feeder(ward)
        feeder.run(WARM_UP_S)
        before = {name: _used(p.pid) for name, p in running.items()}
        began_s, own_s = time.monotonic(), time.process_time()
        feeder.measured_from = datetime.now(UTC)
        feeder.spent_s.clear()
        feeder.run(seconds)
        lasted_s = time.monotonic() - began_s
        after = {name: _used(p.pid) for name, p in running.items()}
        feeding_pct = round(100 * (time.process_time() - own_s) / lasted_s, 1)
        time.sleep(2)
        watcher.terminate()
        seen = json.loads(watcher.communicate(timeout=120)[0].splitlines()[-1])
    decisions, missed = _answers(_raised(home), feeder)
    shown, _ = _answers(seen["alarms"], feeder)
    cpu = {n: round(100 * (after[n][0] - before[n][0]) / lasted_s, 1) for n in running}
    since = feeder.measured_from.timestamp()
    latencies = [ms for taken, ms in seen["latencies"] if taken >= since]
    sent = seconds * chairs * viewers
    return {
        "chairs": chairs, "viewers": viewers, "seconds": seconds, "load_before": load_before,
        "sensor_to_browser_ms": _spread(latencies),
        "seen_pct": round(100 * len(latencies) / sent, 1),
        "alarm_decision_ms": _spread(decisions), "alarms_missed": missed,
        "sensor_to_alarm_on_screen_ms": _spread(shown),
        "cpu_pct": cpu | {"ingest": feeding_pct},
        "memory_mb": {n: (before[n][1], after[n][1]) for n in running},
        "ingest_ms_per_s": round(1000 * mean(feeder.spent_s), 1),
        "bare_ms_per_s": _bare(home, feeder, chairs),
    }  # fmt: skip


@contextmanager
def _parts(
    ward: Ward, viewers: int
) -> Iterator[tuple[dict[str, subprocess.Popen[bytes]], subprocess.Popen[bytes]]]:
    """The engine, the web process and the watching boards, ended whatever happens."""
    os.environ |= {"LEEWARD_HOME": str(ward.home), "LEEWARD_DATABASE_URL": ""}
    os.environ["DJANGO_SETTINGS_MODULE"] = "leeward.config.settings"
    import django
    from django.db import connections

    django.setup()
    # Each measurement has a home of its own; what this process held of the last one is let go.
    connections.close_all()
    connections["default"].settings_dict["NAME"] = str(ward.home / DATABASE)
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (ward.home / "bench.log").open("ab")
    command = [sys.executable, "-m", "leeward.jobs.supervisor", "--home", str(ward.home),
               "--port", str(port), "--only", ",".join(PARTS)]  # fmt: skip
    supervisor = subprocess.Popen(command, stderr=log, stdout=log)  # noqa: S603 - our own
    watcher: subprocess.Popen[bytes] | None = None
    try:
        running = _wait_for_parts(ward.home, port)
        watcher = subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, "-m", "leeward.cli.live_viewers", str(port), ward.location_id,
             str(viewers)],
            stdout=subprocess.PIPE,
        )  # fmt: skip
        yield running, watcher
    finally:
        for process in (watcher, supervisor):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(20)
        log.close()


class _Process:
    """A part of the supervisor's, by its process id."""

    def __init__(self, pid: int) -> None:
        self.pid = pid


def _wait_for_parts(home: Path, port: int) -> Any:
    from urllib.error import URLError
    from urllib.request import urlopen

    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        try:
            with urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=10):
                status = json.loads((home / "run" / "status.json").read_text())
                found = {n: status["processes"][n]["pid"] for n in PARTS}
                return {n: _Process(pid) for n, pid in found.items()}
        except (URLError, ConnectionError, OSError, TypeError, KeyError):
            time.sleep(0.2)
    raise SystemExit(f"The ward does not start; see {home / 'bench.log'}.")


class _Feeder:
    """What the gateway does with what its adapters hear, each device and second by itself."""

    def __init__(self, ward: Ward) -> None:
        self.ward = ward
        self.boot = uuid4()
        self.seq = 0
        self.spent_s: list[float] = []
        self.measured_from = datetime.now(UTC)
        self.dips: list[tuple[str, float]] = []

    def run(self, seconds: int) -> None:
        from leeward.records.accounts.actor import system_actor
        from leeward.usecases.record_samples import record_samples, seal_samples

        gateway = system_actor("Device gateway")
        for _ in range(seconds):
            began_s = time.monotonic()
            self.seq += 1
            for number, bed in enumerate(self.ward.beds):
                record_samples(
                    actor=gateway, now=datetime.now(UTC), binding_id=UUID(bed.binding_id),
                    boot_id=self.boot, batch=[self._second(number, bed)],
                )  # fmt: skip
            self.spent_s.append(time.monotonic() - began_s)
            if self.seq % SEAL_EVERY_S == 0:
                seal_samples(actor=gateway, now=datetime.now(UTC))
            time.sleep(max(0.0, 1.0 - (time.monotonic() - began_s)))

    def _second(self, number: int, bed: Bed) -> Any:
        from leeward.usecases.record_samples import Observation, SecondOfSamples

        at = datetime.now(UTC)
        dipping = (self.seq + number) % DIP_EVERY_S == 0
        if dipping:
            self.dips.append((bed.session_id, at.timestamp()))
        values = {
            "spo2": DIP if dipping else CALM, "hr": "72", "pr": "72", "rr": "14",
            # The second it was taken, for the viewers to find the age of what they see.
            "etco2": f"{at.timestamp() % 100000:.3f}", "temp": "36.6",
            "pump_rate_ml_h": "61.8", "pump_vol_ml": "10.1",
        }  # fmt: skip
        observations = tuple(Observation(name, values[name], CHANNELS[name]) for name in values)
        return SecondOfSamples(self.seq, at, observations)


def _used(pid: int) -> tuple[float, int]:
    """CPU time [s] and resident memory [MB] of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    ticks = int(fields[11]) + int(fields[12])
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    per_s, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    return ticks / per_s, round(pages * page / 1e6)


def _raised(home: Path) -> list[tuple[str, float]]:
    """When the engine decided on each alarm of the dips, by session."""
    connection = sqlite3.connect(home / DATABASE, timeout=30)
    rows = connection.execute(
        "SELECT session_id, recorded_at, payload FROM treatments_treatmentevent "
        "WHERE type = 'treatment.alarm_raised.v1'"
    ).fetchall()
    connection.close()
    return [
        (session, datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp())
        for session, at, payload in rows
        if json.loads(payload)["condition"] == "spo2_low"
    ]


def _answers(alarms: list[tuple[str, float]], feeder: _Feeder) -> tuple[list[float], int]:
    """From each dip to its alarm [ms], and how many dips had none."""
    raised: dict[str, list[float]] = {}
    for session, at in alarms:
        raised.setdefault(session.replace("-", ""), []).append(at)
    found, missed = [], 0
    for session, taken in feeder.dips:
        if taken < feeder.measured_from.timestamp():
            continue
        after = [w for w in raised.get(session.replace("-", ""), []) if taken <= w < taken + 10]
        if after:
            found.append(1000 * (min(after) - taken))
        else:
            missed += 1
    return found, missed


def _bare(home: Path, feeder: _Feeder, chairs: int) -> float:
    """The same rows inserted by nothing but SQLite, one transaction each [ms a second]."""
    from django.conf import settings

    file = home / "bare.sqlite3"
    connection = sqlite3.connect(file, isolation_level=None)
    connection.executescript(settings.DATABASES["default"]["OPTIONS"]["init_command"])
    connection.execute(
        "CREATE TABLE tail (id INTEGER PRIMARY KEY, binding TEXT, boot TEXT, seq INTEGER, "
        "at TEXT, received TEXT, channels TEXT, UNIQUE (binding, boot, seq))"
    )
    second = feeder._second(0, feeder.ward.beds[0])
    channels = json.dumps({o.channel: {"v": o.value, "q": "valid"} for o in second.observations})
    rounds, began_s = 5, time.monotonic()
    for seq in range(rounds):
        for bed in feeder.ward.beds:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "INSERT INTO tail (binding, boot, seq, at, received, channels) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (bed.binding_id, str(feeder.boot), seq, str(second.at), str(second.at), channels),
            )
            connection.execute("COMMIT")
    spent_s = time.monotonic() - began_s
    connection.close()
    return round(1000 * spent_s / rounds, 1)


def _spread(values_ms: list[float]) -> dict[str, Any]:
    """Median and 99th percentile [ms]."""
    if not values_ms:
        return {"count": 0, "p50": None, "p99": float("inf")}
    ordered = sorted(values_ms)
    at = [ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.99)]
    return {"count": len(ordered), "p50": round(at[0]), "p99": round(at[1])}
