"""Runs a module as a child that ends when its parent does.

`python -m leeward.jobs.child PARENT_PID MODULE [ARGUMENT...]`. For Leeward's own processes the
settings and the apps are loaded before the module is. A process left behind would serve an
old screen or write samples beside its successor, so the kernel is asked to end it with its parent;
a watching thread does the same where the kernel can't.
"""

import contextlib
import ctypes
import os
import runpy
import signal
import sys
import threading
import time

from leeward.jobs.start import start_django

PR_SET_PDEATHSIG = 1
WATCH_EVERY_S = 1.0
LAST_CHANCE_S = 5.0


def tie_to(parent_pid: int) -> None:
    """End this process when `parent_pid` is gone. Exits at once if it is gone already."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent_pid:
        sys.exit(f"the parent {parent_pid} is gone")
    threading.Thread(target=_watch, args=(parent_pid,), name="parent", daemon=True).start()


def _watch(parent_pid: int) -> None:
    while os.getppid() == parent_pid:
        time.sleep(WATCH_EVERY_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST_CHANCE_S)
    os._exit(1)


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs `module` as a child of the calling process."""
    return [sys.executable, "-m", "leeward.jobs.child", str(os.getpid()), module, *arguments]


def main() -> None:
    parent_pid, module = int(sys.argv[1]), sys.argv[2]
    tie_to(parent_pid)
    if module.startswith("leeward.jobs."):
        start_django()
    sys.argv = [module, *sys.argv[3:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
