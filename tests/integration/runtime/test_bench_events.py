import json
import subprocess
import sys

from tests.faults.clinic import environment

MEASURE = """
import argparse
from leeward.cli import bench_events
parser = argparse.ArgumentParser()
bench_events.add_parser(parser.add_subparsers())
args = parser.parse_args(["events", "--events", "3", "--format", "json"])
args.run(args)
"""


def test_events_are_measured_beside_their_limit_and_leave_nothing_behind(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", MEASURE], capture_output=True, check=True, env=environment(tmp_path)
    )
    rates = json.loads(run.stdout)["rates"]
    assert rates[0]["of_limit"] == 1
    assert [rate["count"] for rate in rates] == [3] * len(rates)
    assert list(tmp_path.iterdir()) == []
