"""A clinic in a home of its own, served by the real supervisor for as long as the stories run."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

PATIENCE_S = 90.0
SHORT_WAIT_S = 0.1
REPOSITORY = Path(__file__).parents[2]


@dataclass
class Clinic:
    """The home, its address, the ids and time zone of its locations, and what it holds."""

    home: Path
    port: int
    harbor: str
    quay: str
    zone: str
    held: dict[str, str]
    process: subprocess.Popen = field(repr=False, default=None)

    @classmethod
    def found(cls, home: Path) -> "Clinic":
        # Recordings stand in for monitors in a demo home alone.
        (home / "DEMO").write_text("The invented clinic of the stories.\n")
        made = subprocess.run(
            [sys.executable, "-m", "tests.e2e.found"],
            check=True, capture_output=True, env=environment(home), cwd=REPOSITORY,
        )  # fmt: skip
        return cls(home, free_port(), **json.loads(made.stdout.splitlines()[-1]))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "leeward.cli.main", "run", "--port", str(self.port)]
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=environment(self.home), cwd=REPOSITORY, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self._wait()

    def stop(self) -> None:
        """End the supervisor, which ends the rest; what is left of its group goes with it."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def log(self) -> str:
        return (self.home / "server.log").read_text()

    def _wait(self) -> None:
        pause = threading.Event()
        for _ in range(int(PATIENCE_S / SHORT_WAIT_S)):
            if self.process.poll() is not None:
                break
            try:
                with urlopen(f"{self.address}/sign-in/", timeout=30):
                    return
            except HTTPError as fault:
                raise AssertionError(f"the clinic answers {fault.code}:\n{self.log()}") from fault
            except (URLError, ConnectionError):
                pause.wait(SHORT_WAIT_S)
        raise AssertionError(f"the clinic does not answer:\n{self.log()}")


def environment(home: Path) -> dict[str, str]:
    return os.environ | {
        "LEEWARD_HOME": str(home),
        "LEEWARD_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "leeward.config.settings",
    }


def free_port() -> int:
    """A free port above 20000."""
    for port in range(20000 + os.getpid() % 20000, 60000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no free port")
