"""A clinic in a home of its own, run as real processes that a test may kill."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx

from leeward.jobs.child import command
from leeward.jobs.supervisor import Part, parts

PATIENCE_S = 60.0
SHORT_WAIT_S = 0.05
BREATH_S = 0.1


@dataclass
class Clinic:
    """The home, its address, and what a signed-in nurse's browser would send."""

    home: Path
    port: int
    session: str
    cookie: str
    patient: str = ""
    location: str = ""
    chair: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    running: dict[str, subprocess.Popen] = field(default_factory=dict)

    @classmethod
    def found(cls, home: Path, **settings: str) -> "Clinic":
        """Migrate a database in `home`, with the cast and one open session."""
        made = subprocess.run(
            [sys.executable, "-m", "tests.faults.found"],
            check=True,
            capture_output=True,
            env=environment(home) | settings,
        )
        facts = json.loads(made.stdout.splitlines()[-1])
        return cls(home, free_port(), **facts, settings=settings)

    @property
    def environment(self) -> dict[str, str]:
        return environment(self.home) | self.settings

    def leeward(self, *words: str) -> subprocess.CompletedProcess:
        """One command at this clinic's terminal."""
        return subprocess.run(
            [sys.executable, "-m", "leeward.cli.main", *words],
            env=self.environment, capture_output=True, check=False, text=True,
        )  # fmt: skip

    def part(self, name: str) -> Part:
        return next(p for p in parts("127.0.0.1", self.port) if p.name == name)

    def start(self, name: str) -> None:
        part = self.part(name)
        log = (self.home / f"{name}.log").open("ab")
        with log:
            self.running[name] = subprocess.Popen(
                command(part.module, *part.arguments), env=self.environment, stderr=log
            )

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def wait_for_web(self) -> None:
        pause = threading.Event()
        with self.browser() as browser:
            for _ in range(int(PATIENCE_S / SHORT_WAIT_S)):
                try:
                    browser.get("/sign-in/")
                    return
                except httpx.TransportError:
                    pause.wait(SHORT_WAIT_S)
        raise AssertionError("the web process does not answer")

    def wait_for_engine(self, after: str | None) -> str:
        """The engine's new boot id, once it is not `after` any more."""
        pause = threading.Event()
        for _ in range(int(PATIENCE_S / SHORT_WAIT_S)):
            rows = self.query("SELECT boot_id FROM treatments_engineheartbeat")
            if rows and rows[0][0] != after:
                return rows[0][0]
            pause.wait(SHORT_WAIT_S)
        raise AssertionError("the alarm engine does not tick")

    def browser(self) -> httpx.Client:
        token = "t" * 32
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            cookies={"sessionid": self.cookie, "csrftoken": token},
            headers={"X-CSRFToken": token},
            timeout=10,
        )

    def query(self, statement: str, *arguments: object) -> list[tuple]:
        connection = sqlite3.connect(self.home / "leeward.sqlite3", timeout=20)
        try:
            return connection.execute(statement, arguments).fetchall()
        finally:
            connection.close()

    def verify_chain(self) -> subprocess.CompletedProcess:
        return self.leeward("verify-chain")


@dataclass
class Nurse:
    """Charts without end: one observation after another, each sent until it is acknowledged."""

    clinic: Clinic
    stop: threading.Event
    acknowledged: list[str] = field(default_factory=list)
    retries: int = 0
    refused: list[str] = field(default_factory=list)

    def chart(self) -> None:
        with self.clinic.browser() as browser:
            # A log that grows without bound would test its length, not its crashes.
            while not self.stop.wait(BREATH_S):
                command_id = str(uuid4())
                if self._send(browser, command_id):
                    self.acknowledged.append(command_id)

    def _send(self, browser: httpx.Client, command_id: str) -> bool:
        form = {"command_id": command_id, "scale": "moaas", "value": "5"}
        address = f"/sessions/{self.clinic.session}/do/observe/"
        # What was begun is finished also after the stop: its fate must be known.
        for _ in range(int(PATIENCE_S / SHORT_WAIT_S)):
            try:
                answer = browser.post(address, data=form)
            except httpx.TransportError:
                self.retries += 1
                threading.Event().wait(SHORT_WAIT_S)
                continue
            if answer.status_code == 302 and self.clinic.session in answer.headers["location"]:
                return True
            self.refused.append(f"{answer.status_code}: {answer.text[:300]}")
            return False
        raise AssertionError("a command was never answered")


def environment(home: Path) -> dict[str, str]:
    """What the processes of this clinic see: its own home and its own database file."""
    return os.environ | {
        "LEEWARD_HOME": str(home),
        "LEEWARD_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "leeward.config.settings",
    }


def charting(clinic: Clinic, count: int) -> tuple[threading.Event, list[Nurse], list]:
    """Nurses at work, each in a thread."""
    stop = threading.Event()
    nurses = [Nurse(clinic, stop) for _ in range(count)]
    threads = [threading.Thread(target=nurse.chart) for nurse in nurses]
    for thread in threads:
        thread.start()
    return stop, nurses, threads


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
