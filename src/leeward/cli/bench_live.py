"""`leeward bench live`: chairs at 1 Hz x 8 channels through ingest, alarms, storage and viewers.

The engine and the web process run as they do in a clinic, on a throw-away home; samples enter by
the use case that the device gateway calls, one transaction for each device and second. Times are
those a person has: from the moment a sample was taken to the moment a browser holds it, and from
its commit to the alarm's. Beside it, in the same run, the same rows inserted bare.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

VIEWERS, CHAIRS, SECONDS, FULL_S = 20, "12,100", 30, 600
# What must hold for a number of chairs to count as served.
SENSOR_TO_BROWSER_MS, DECISION_MS = 1000, 250
LARGEST_TRIED = 800


def add_parser(subparsers: Any) -> None:
    """Add the benchmark."""
    parser = subparsers.add_parser("live", help="a ward of live chairs, end to end")
    parser.add_argument("--chairs", default=CHAIRS, help="comma list of how many")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="how long each")
    parser.add_argument("--viewers", type=int, default=VIEWERS, help="open boards")
    parser.add_argument("--largest", action="store_true", help="look for the most that is served")
    parser.add_argument("--full", action="store_true", help="ten minutes each")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make a demo home once, and measure on copies of it, which are removed afterwards."""
    from .live_run import measure

    seconds = FULL_S if args.full else args.seconds
    with tempfile.TemporaryDirectory(prefix="leeward-live-") as folder:
        demo = Path(folder) / "demo"
        _make_demo(demo)
        results = []
        wanted = [int(text) for text in args.chairs.split(",")]
        while wanted:
            chairs = wanted.pop(0)
            home = Path(folder) / f"ward-{chairs}"
            shutil.copytree(demo, home)
            result = measure(home, chairs, seconds=seconds, viewers=args.viewers)
            shutil.rmtree(home, ignore_errors=True)
            results.append(result)
            _say(result)
            if args.format == "text":
                _print(result)
            if args.largest and not wanted and is_served(result):
                wanted += [chairs * 2] if chairs * 2 <= LARGEST_TRIED else []
    if args.format == "json":
        print(json.dumps({"benchmark": "live", "results": results}))
    return 0


def is_served(result: dict[str, Any]) -> bool:
    """Whether everything arrived in time."""
    return bool(
        result["sensor_to_browser_ms"]["p99"] <= SENSOR_TO_BROWSER_MS
        and result["alarm_decision_ms"]["p99"] <= DECISION_MS
        and result["alarms_missed"] == 0
    )


def _make_demo(home: Path) -> None:
    import subprocess

    subprocess.run(
        [sys.executable, "-m", "leeward.cli.main", "demo", "--no-serve"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ | {"LEEWARD_HOME": str(home)},
    )  # fmt: skip


def _say(result: dict[str, Any]) -> None:
    served = "served" if is_served(result) else "NOT served"
    print(f"{result['chairs']} chairs: {served}", file=sys.stderr, flush=True)


def _print(r: dict[str, Any]) -> None:
    see, decide, cpu, memory = (
        r["sensor_to_browser_ms"], r["alarm_decision_ms"], r["cpu_pct"], r["memory_mb"],
    )  # fmt: skip
    print(f"{r['chairs']} chairs x 8 channels at 1 Hz, {r['viewers']} viewers, "
          f"{r['seconds']} s, load before {r['load_before']}")  # fmt: skip
    print(f"  sensor to browser  p50 {see['p50']} ms  p99 {see['p99']} ms  "
          f"({see['count']} readings seen, {r['seen_pct']} % of those sent)")  # fmt: skip
    screen = r["sensor_to_alarm_on_screen_ms"]
    print(f"  sensor to alarm    p50 {decide['p50']} ms  p99 {decide['p99']} ms  "
          f"({decide['count']} alarms, {r['alarms_missed']} missed)")  # fmt: skip
    print(f"  alarm on a screen  p50 {screen['p50']} ms  p99 {screen['p99']} ms")
    print("  CPU of one core    " + ", ".join(f"{k} {v} %" for k, v in cpu.items()))
    print("  memory             " + ", ".join(f"{k} {v[0]} to {v[1]} MB"
                                               for k, v in memory.items()))  # fmt: skip
    print(f"  ingest             {r['ingest_ms_per_s']} ms a second for "
          f"{r['chairs']} transactions; bare inserts of the same rows "
          f"{r['bare_ms_per_s']} ms")  # fmt: skip
