"""Gives every test run a home of its own before Django reads its settings.

With `--pg` the same suite runs on PostgreSQL (`LEEWARD_TEST_PG` names the server).
"""

import os
import shutil
import sys
import tempfile

HOME = tempfile.mkdtemp(prefix="leeward-test-")
os.environ["LEEWARD_HOME"] = HOME
os.environ.pop("LEEWARD_DATABASE_URL", None)
if "--pg" in sys.argv or os.environ.get("LEEWARD_TEST_ON_PG"):
    os.environ["LEEWARD_TEST_ON_PG"] = "1"  # xdist workers see the environment, not the option
    os.environ["LEEWARD_DATABASE_URL"] = os.environ.get(
        "LEEWARD_TEST_PG", "postgresql://postgres@127.0.0.1:5432/postgres"
    )


def pytest_addoption(parser):
    parser.addoption("--pg", action="store_true", help="run the suite on PostgreSQL")


def pytest_unconfigure(config):
    shutil.rmtree(HOME, ignore_errors=True)
