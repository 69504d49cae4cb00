"""The supervisor: one command that starts every process of a clinic and keeps it running.

What dies is started again, after a pause that grows while it keeps dying, and every time one clear
line says so. `run/status.json` in the home tells who runs.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leeward.jobs.child import command
from leeward.jobs.one_per_home import AlreadyRunning, take_lock
from leeward.jobs.start import Stop, stop_on_signal

LOOK_EVERY_S = 0.1
SHORTEST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
SETTLED_AFTER_S = 30.0
WEB_GRACE_S = 3
PATIENCE_S = 8.0


@dataclass(frozen=True, slots=True)
class Part:
    """One process of a clinic: its name, and the module that runs it with its arguments."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()


def parts(host: str, port: int) -> tuple[Part, ...]:
    """The processes of a clinic, in the order they are started; alarms first, screens last."""
    web = (
        "leeward.config.asgi:application", "--host", host, "--port", str(port),
        "--lifespan", "on", "--log-level", "warning", "--no-access-log", "--no-server-header",
        "--timeout-graceful-shutdown", str(WEB_GRACE_S),
    )  # fmt: skip
    return (
        Part("alarms", "leeward.jobs.alarm_engine"),
        Part("gateway", "leeward.jobs.gateway"),
        Part("worker", "django", ("db_worker", "--no-startup-delay", "--queue-name", "*")),
        Part("scheduled", "leeward.jobs.scheduled"),
        Part("web", "uvicorn", web),
    )


@dataclass(slots=True)
class Running:
    """A part with its process and its history."""

    part: Part
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    since: str = ""
    restarts: int = 0
    last_exit: int | None = None
    pause_s: float = SHORTEST_PAUSE_S
    start_at_s: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own modules
            command(self.part.module, *self.part.arguments)
        )
        self.started_s = time.monotonic()
        self.since = datetime.now(UTC).isoformat(timespec="seconds")

    def look(self) -> bool:
        """Start, or notice the end of, this part's process; True when something changed."""
        if self.process is None:
            if time.monotonic() < self.start_at_s:
                return False
            self.start()
            return True
        code = self.process.poll()
        if code is None:
            return False
        self._died(code)
        return True

    def _died(self, code: int) -> None:
        lived_s = time.monotonic() - self.started_s
        settled = lived_s >= SETTLED_AFTER_S
        pause_s = SHORTEST_PAUSE_S if settled else self.pause_s
        self.pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        self.process, self.last_exit = None, code
        self.restarts += 1
        self.start_at_s = time.monotonic() + pause_s
        say(f"{self.part.name} {_ended(code)} after {lived_s:.0f} s; "
            f"starting it again in {pause_s:.1f} s (restart {self.restarts})")  # fmt: skip


@dataclass(slots=True)
class Supervisor:
    """Keeps the parts running until told to stop."""

    home: Path
    host: str
    port: int
    running: list[Running]
    started_at: str = field(
        default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds")
    )

    def run(self, stop: Stop) -> None:
        try:
            while not stop.wait(LOOK_EVERY_S):
                changed = [one.look() for one in self.running]
                if any(changed):
                    self.write_status()
        finally:
            self.stop()

    def stop(self) -> None:
        """End every part: ask, wait, and insist. Screens go first, alarms last."""
        left = [one.process for one in reversed(self.running) if one.process is not None]
        for process in left:
            process.terminate()
        deadline_s = time.monotonic() + PATIENCE_S
        for process in left:
            try:
                process.wait(max(0.0, deadline_s - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        (self.home / "run" / "status.json").unlink(missing_ok=True)

    def write_status(self) -> None:
        """Replace `run/status.json` in one step, so that a reader never sees half of it."""
        file = self.home / "run" / "status.json"
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(self.status(), indent=1))
        fresh.replace(file)

    def status(self) -> dict[str, Any]:
        return {
            "pid": os.getpid(),
            "started_at": self.started_at,
            "address": f"http://{self.host}:{self.port}",
            "processes": {one.part.name: _status(one) for one in self.running},
        }


def _status(one: Running) -> dict[str, Any]:
    alive = one.process is not None
    return {
        **asdict(one.part),
        "pid": one.process.pid if one.process else None,
        "state": "running" if alive else "waiting to start",
        "since": one.since,
        "restarts": one.restarts,
        "last_exit": one.last_exit,
    }


def supervise(home: Path, host: str, port: int, wanted: Sequence[Part]) -> int:
    """Run a clinic's processes until a signal ends it. Returns the exit code."""
    try:
        lock = take_lock(home / "run")
    except AlreadyRunning as refused:
        say(str(refused))
        return 1
    with lock:
        if any(part.name == "web" for part in wanted) and (fault := _port_fault(host, port)):
            say(fault)
            return 1
        os.environ["LEEWARD_HOME"] = str(home)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.config.settings")
        stop = stop_on_signal()
        say(f"starting {', '.join(part.name for part in wanted)} on http://{host}:{port}")
        Supervisor(home, host, port, [Running(part) for part in wanted]).run(stop)
        say("stopped")
    return 0


def say(line: str) -> None:
    print(f"leeward: {line}", file=sys.stderr, flush=True)


def _port_fault(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            return f"can't listen on {host}:{port} ({fault.strerror}); choose another with --port"
    return None


def _ended(code: int) -> str:
    return f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="leeward run")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--only", default="", help="comma list of parts, for tests and large sites"
    )
    args = parser.parse_args(argv)
    wanted = parts(args.host, args.port)
    if args.only:
        names = args.only.split(",")
        wanted = tuple(part for part in wanted if part.name in names)
    return supervise(args.home.resolve(), args.host, args.port, wanted)


if __name__ == "__main__":
    sys.exit(main())
