import json
import os
import signal
import subprocess
import sys
import threading

import pytest

from leeward.jobs.one_per_home import AlreadyRunning, take_lock
from leeward.jobs.supervisor import LONGEST_PAUSE_S, Part, Running, Supervisor, parts, supervise

SLEEPER = Part("sleeper", "tests.unit.runtime.sleeper")
FAILER = Part("failer", "tests.unit.runtime.sleeper", ("--fail",))
PATIENCE_S = 20.0


def eventually(what):
    pause = threading.Event()
    for _ in range(int(PATIENCE_S / 0.02)):
        if (found := what()) is not None and found is not False:
            return found
        pause.wait(0.02)
    raise AssertionError(f"did not happen: {what}")


@pytest.fixture
def run(tmp_path):
    """A supervisor in a thread; `run(parts)` starts it, the fixture stops it."""
    (tmp_path / "run").mkdir()
    stop, threads = threading.Event(), []

    def begin(*wanted):
        supervisor = Supervisor(tmp_path, "127.0.0.1", 1, [Running(part) for part in wanted])
        thread = threading.Thread(target=supervisor.run, args=(stop,))
        threads.append(thread)
        thread.start()
        return supervisor

    yield begin
    stop.set()
    for thread in threads:
        thread.join()


def running_pid(supervisor, name="sleeper"):
    one = next(r for r in supervisor.running if r.part.name == name)
    return one.process.pid if one.process else None


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_dies_is_started_again_and_told(run, capfd):
    supervisor = run(SLEEPER)
    first = eventually(lambda: running_pid(supervisor))
    os.kill(first, signal.SIGKILL)
    second = eventually(lambda: (p := running_pid(supervisor)) and p != first and p)
    assert second != first
    assert "sleeper was killed by signal 9" in capfd.readouterr().err
    assert supervisor.running[0].restarts == 1


def test_one_that_keeps_dying_is_given_growing_pauses_and_does_not_stop_the_others(run):
    supervisor = run(FAILER, SLEEPER)
    eventually(lambda: supervisor.running[0].restarts >= 2)
    assert running_pid(supervisor) is not None
    assert 0.4 < supervisor.running[0].pause_s <= LONGEST_PAUSE_S
    assert supervisor.running[0].last_exit == 3


def test_the_status_file_tells_who_runs(run, tmp_path):
    supervisor = run(SLEEPER)
    pid = eventually(lambda: running_pid(supervisor))
    file = tmp_path / "run" / "status.json"
    status = eventually(lambda: file.exists() and json.loads(file.read_text()))
    assert status["pid"] == os.getpid()
    assert status["processes"]["sleeper"]["pid"] == pid
    assert status["processes"]["sleeper"]["state"] == "running"


def supervisor_process(tmp_path, part=SLEEPER):
    script = (
        "from pathlib import Path; import sys;"
        "from leeward.jobs.supervisor import Part, supervise;"
        f"sys.exit(supervise(Path({str(tmp_path)!r}), '127.0.0.1', 1, [{part!r}]))"
    )
    return subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE)


def child_of(tmp_path):
    file = tmp_path / "run" / "status.json"
    return eventually(
        lambda: (
            file.exists() and next(iter(json.loads(file.read_text())["processes"].values()))["pid"]
        )
    )


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_cleanly(tmp_path, end):
    process = supervisor_process(tmp_path)
    child = child_of(tmp_path)
    process.send_signal(end)
    assert process.wait(PATIENCE_S) == 0
    assert not is_alive(child)
    assert b"stopped" in process.stderr.read()
    assert not (tmp_path / "run" / "status.json").exists()
    process.stderr.close()


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel")
def test_children_die_with_a_supervisor_that_is_killed(tmp_path):
    process = supervisor_process(tmp_path)
    child = child_of(tmp_path)
    process.kill()
    process.wait()
    process.stderr.close()
    eventually(lambda: not is_alive(child))


def test_a_home_is_served_once(tmp_path):
    with take_lock(tmp_path / "run"):
        with pytest.raises(AlreadyRunning, match=str(os.getpid())):
            take_lock(tmp_path / "run")
        assert supervise(tmp_path, "127.0.0.1", 1, [SLEEPER]) == 1
    take_lock(tmp_path / "run").close()


def test_a_port_that_is_taken_is_said_before_anything_starts(tmp_path, capfd):
    import socket

    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert supervise(tmp_path, "127.0.0.1", port, parts("127.0.0.1", port)) == 1
    assert "choose another with --port" in capfd.readouterr().err


def test_alarms_start_first_and_end_last():
    names = [part.name for part in parts("127.0.0.1", 8000)]
    assert (names[0], names[-1]) == ("alarms", "web")
    assert set(names) == {"alarms", "gateway", "worker", "scheduled", "web"}
