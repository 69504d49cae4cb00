"""No adapter can write to a monitor or a pump: nothing here opens a way out."""

import ast
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

PACKAGE = Path(str(files("leeward.exchange.devices")))
RECORDING = (
    Path(str(files("leeward.demo")))
    / "data" / "vitals" / "mimic3-numerics" / "s25047-2704-05-04-10-44n.hea"
)  # fmt: skip
# Whatever reaches another machine, another process, or a port of this one.
WAYS_OUT = {
    "asyncio", "bleak", "ctypes", "fcntl", "ftplib", "hl7", "http", "httpx", "mmap",
    "multiprocessing", "os", "paramiko", "pty", "requests", "sdc11073", "select", "serial",
    "shutil", "smtplib", "socket", "socketserver", "ssl", "subprocess", "telnetlib", "termios",
    "tty", "urllib", "urllib3", "usb", "websockets", "xmlrpc",
}  # fmt: skip
COMMANDS_TO_DEVICES = ("set_value", "set_numeric", "activate", "program_pump", "write_gatt_char",
                       "SetValue", "SetString", "SetAlertState", "Activate")  # fmt: skip


# The one module that holds a connection: devices call it, and it answers (see below).
LISTENER = "hl7_listener.py"
OF_THE_LISTENER = {"asyncio", "socket"}
CALLS_OUT = {
    "open_connection", "open_unix_connection", "create_connection", "create_datagram_endpoint",
    "create_unix_connection", "connect", "connect_ex", "create_subprocess_exec",
    "create_subprocess_shell", "connect_write_pipe", "send", "sendall", "sendto", "sendmsg",
    "sendfile", "sock_sendall", "sock_connect", "writelines", "write_eof", "start_tls",
}  # fmt: skip


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


@pytest.mark.hazard("H18")
@pytest.mark.parametrize("module", modules(), ids=lambda m: m.name)
def test_an_adapter_imports_no_way_out(module):
    tree = ast.parse(module.read_text())
    allowed = OF_THE_LISTENER if module.name == LISTENER else set()
    assert set(imported(tree)) & (WAYS_OUT - allowed) == set()
    names = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    assert names & {*COMMANDS_TO_DEVICES, "write_text", "write_bytes", "import_module"} == set()
    called = {n.func.id for n in ast.walk(tree)
              if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}  # fmt: skip
    assert called & {"__import__", "exec", "eval", "open"} == set()


@pytest.mark.hazard("H18")
def test_the_listener_calls_nobody_and_sends_nothing_but_answers():
    tree = ast.parse((PACKAGE / LISTENER).read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    methods = {c.func.attr for c in calls if isinstance(c.func, ast.Attribute)}
    assert methods & CALLS_OUT == set()
    said = [ast.unparse(c) for c in calls
            if isinstance(c.func, ast.Attribute) and c.func.attr == "write"]  # fmt: skip
    assert sorted(said) == ["self.out.write(batch.to_line())", "writer.write(frame(said))"]
    made = [ast.unparse(node.value.func) for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "said"
            and isinstance(node.value, ast.Call)]  # fmt: skip
    assert set(made) == {"hl7_answer.answer", "json.loads"}


WATCH = """
import sys
opened = []
def watch(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "pty.")):
        raise SystemExit(f"a way out: {event} {arguments}")
    if event == "open" and arguments[1] is not None and set(str(arguments[1])) & set("wax+"):
        raise SystemExit(f"opened to write: {arguments}")
from leeward.exchange.devices import replay
import itertools, time
calls = itertools.count()
def sleep(seconds):
    if next(calls) > 3:
        raise KeyboardInterrupt
time.sleep = sleep
sys.addaudithook(watch)
replay.main(["--file", sys.argv[1], "--speed", "3600"])
"""


@pytest.mark.hazard("H18")
def test_a_running_adapter_opens_nothing_but_its_recording():
    run = subprocess.run(
        [sys.executable, "-B", "-c", WATCH, str(RECORDING)], capture_output=True, check=False
    )
    assert run.returncode == 0, run.stderr.decode()
    assert run.stdout.count(b"leeward.observation.v1") == 5


@pytest.mark.parametrize("way_out", ["import socket; socket.socket()", "open('/tmp/x', 'w')"])
def test_the_watch_sees_a_way_out(way_out, tmp_path):
    script = WATCH.partition("replay.main")[0] + way_out
    run = subprocess.run(
        [sys.executable, "-B", "-c", script], capture_output=True, check=False, cwd=tmp_path
    )
    assert run.returncode == 1
    assert b"way out" in run.stderr or b"opened to write" in run.stderr
