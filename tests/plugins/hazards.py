"""Ties tests to hazards: `@pytest.mark.hazard("H9")`.

An unknown id stops collection. A full run (`--hazards`) fails when a hazard has no passing test,
and writes the map from which `docs/safety/traceability.md` is generated.
"""

from pathlib import Path

import pytest
import yaml

HAZARDS = Path(__file__).parents[2] / "docs" / "safety" / "hazards.yaml"
COVERED = pytest.StashKey[dict[str, set[str]]]()


def known_hazards() -> dict[str, dict]:
    return {row["id"]: row for row in yaml.safe_load(HAZARDS.read_text())["hazards"]}


def pytest_addoption(parser):
    parser.addoption(
        "--hazards",
        action="store_true",
        help="fail when a hazard of this walk has no passing test",
    )


def pytest_configure(config):
    config.stash[COVERED] = {}


def pytest_collection_modifyitems(config, items):
    known = known_hazards()
    for item in items:
        for mark in item.iter_markers("hazard"):
            unknown = [hazard for hazard in mark.args if hazard not in known]
            if unknown or not mark.args:
                raise pytest.UsageError(
                    f"{item.nodeid}: hazard {unknown or 'without id'} is not in {HAZARDS.name}; "
                    "add it there with its controls, or correct the mark"
                )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call" and report.passed:
        for mark in item.iter_markers("hazard"):
            report.user_properties.extend(("hazard", hazard) for hazard in mark.args)
    return report


class _Ledger:
    """Collects covered hazards, also from xdist workers (their reports carry user_properties)."""

    def __init__(self, config):
        self.config = config

    def pytest_runtest_logreport(self, report):
        for key, hazard in report.user_properties:
            if key == "hazard":
                self.config.stash[COVERED].setdefault(hazard, set()).add(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session):
    session.config.pluginmanager.register(_Ledger(session.config), "hazard-ledger")


def pytest_sessionfinish(session, exitstatus):
    config = session.config
    if not config.getoption("--hazards") or hasattr(config, "workerinput"):
        return
    bare = [
        hazard
        for hazard, row in known_hazards().items()
        if row["walk"] and hazard not in config.stash[COVERED]
    ]
    if bare:
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        reporter.write_line(f"HAZARDS WITHOUT A PASSING TEST: {', '.join(bare)}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
