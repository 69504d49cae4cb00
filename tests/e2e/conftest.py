"""One clinic and one Chromium for all stories; without Chromium a laptop skips them by name."""

from pathlib import Path

import pytest

from tests.e2e.axe import without
from tests.e2e.visitor import CHROMIUM, FLAGS, PHONE, Visitor, visit


@pytest.fixture(scope="session")
def clinic(tmp_path_factory):
    from tests.e2e.clinic import Clinic

    clinic = Clinic.found(tmp_path_factory.mktemp("clinic"))
    try:
        clinic.start()
        yield clinic
    finally:
        clinic.stop()


@pytest.fixture(scope="session")
def browser():
    if not Path(CHROMIUM).exists():
        without(f"the stories need Chromium at {CHROMIUM} (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def person(browser, clinic):
    """Opens a browser of somebody's own; each is closed, and judged, after the story."""
    opened, said_before = [], len(clinic.log())

    def open_browser(login: str | None = None, *, phone: bool = False) -> Visitor:
        opening = visit(browser, clinic.address, size=PHONE if phone else None)
        visitor = opening.__enter__()
        opened.append(opening)
        return visitor.sign_in(login) if login else visitor

    yield open_browser
    faults = []
    for opening in reversed(opened):
        try:
            opening.__exit__(None, None, None)
        except AssertionError as fault:
            faults.append(str(fault))
    said = clinic.log()[said_before:]
    assert "Traceback" not in said, said
    assert faults == []


@pytest.fixture(scope="session")
def chosen():
    from tests.e2e.chosen import choose

    return choose()


@pytest.fixture(scope="session")
def treated():
    """The courses that a walk has finished, for the stories that look at their pages."""
    return {}
