"""The board in a browser: twelve chairs without scrolling, many tabs on one stream, a lost feed.

It runs on a home of its own: the demo's running session copied to twelve chairs.
"""

import json
import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.e2e.clinic import REPOSITORY, Clinic, environment, free_port

PASSPHRASE = "harbor demo phrase"
CHAIRS, TABS = 12, 12
DEAD_WITHIN_MS = 6_000
SIZE = {"width": 1366, "height": 768}
ALARM = {"priority": "high", "present": True, "acknowledged": False}
ORDER = [
    {**ALARM, "id": "late", "since": "2026-11-19T10:02:00+00:00"},
    {**ALARM, "id": "seen", "since": "2026-11-19T10:00:00+00:00", "acknowledged": True},
    {**ALARM, "id": "over", "since": "2026-11-19T09:00:00+00:00", "present": False},
    {**ALARM, "id": "medium", "since": "2026-11-19T09:00:00+00:00", "priority": "medium"},
    {**ALARM, "id": "first", "since": "2026-11-19T10:01:00+00:00"},
]
WORST_FIRST = ["first", "late", "over", "medium", "seen"]


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    from leeward.cli.live_ward import make_ward

    home = tmp_path_factory.mktemp("ward") / "home"
    subprocess.run(
        [sys.executable, "-m", "leeward.cli.main", "demo", "--no-serve"],
        check=True, capture_output=True, env=environment(home), cwd=REPOSITORY,
    )  # fmt: skip
    made = make_ward(home, CHAIRS)
    clinic = Clinic(home, free_port(), made.location_id, "", "UTC", {})
    try:
        clinic.start()
        yield clinic
    finally:
        clinic.stop()


@pytest.fixture(scope="module")
def nurse(browser, ward):
    """A signed-in browser; its tabs share what a browser's tabs share."""
    context = browser.new_context(viewport=SIZE, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{ward.address}/sign-in/")
    page.get_by_label("Login").fill("bea")
    page.get_by_label("Password").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/board/"), timeout=60_000)
    yield context
    context.close()


@pytest.fixture
def board(nurse, ward):
    page = nurse.new_page()
    page.goto(f"{ward.address}/board/{ward.harbor}/")
    expect(page.locator("html")).to_have_attribute("data-feed", "live", timeout=30_000)
    yield page
    page.close()


def test_twelve_chairs_need_no_scrolling(board):
    expect(board.locator(".tile[data-session]")).to_have_count(CHAIRS)
    heights = board.evaluate("() => [document.documentElement.scrollHeight, innerHeight]")
    assert heights[0] <= heights[1]


def test_initials_and_the_wall_show_no_name(board, ward):
    expect(board.locator(".tile__name").first).to_contain_text("Ward")
    for shown in ("names=initials", "wall=on"):
        board.goto(f"{ward.address}/board/{ward.harbor}/?{shown}")
        expect(board.locator(".tile__name").first).to_have_text("W. B.")
        assert "Bed1" not in board.locator("main").inner_text()


@pytest.mark.hazard("H4")
def test_the_page_sorts_alarms_as_the_server_does(board):
    from leeward.core.alarms import urgency

    found = board.evaluate(
        "async (alarms) => (await import('/static/js/alarm_order.js'))"
        ".worstFirst(alarms).map((a) => a.id)",
        ORDER,
    )
    keyed = sorted(ORDER, key=lambda a: urgency(
        a["priority"], acknowledged=a["acknowledged"], present=a["present"], since=a["since"],
    ))  # fmt: skip
    assert found == [a["id"] for a in keyed] == WORST_FIRST


@pytest.mark.hazard("H3")
def test_a_page_whose_sound_is_blocked_says_so(nurse, ward):
    page = nurse.new_page()
    page.add_init_script(
        "AudioContext.prototype.resume = () => Promise.reject(new Error('blocked'));"
        "Object.defineProperty(AudioContext.prototype, 'state', {get: () => 'suspended'});"
    )
    page.goto(f"{ward.address}/board/{ward.harbor}/")
    expect(page.locator("[data-sound-blocked]")).to_be_visible()
    expect(page.locator("[data-sound-blocked]")).to_contain_text("alarms here are silent")
    page.close()


@pytest.mark.hazard("H3")
def test_an_alarm_nobody_answered_sounds_on_the_board(board):
    # No device reports on this ward: links are dead and channels silent.
    expect(board.locator("html")).to_have_attribute(
        "data-sounding", re.compile("high|medium"), timeout=60_000
    )


def test_twelve_tabs_of_one_browser_are_live_on_one_connection(nurse, ward):
    tabs = [nurse.new_page() for _ in range(TABS)]
    for tab in tabs:
        tab.goto(f"{ward.address}/board/{ward.harbor}/", timeout=60_000)
    for tab in tabs:
        expect(tab.locator("html")).to_have_attribute("data-feed", "live", timeout=30_000)
    for tab in tabs:
        tab.close()


@pytest.mark.hazard("H1", "H34")
def test_a_lost_feed_greys_the_numbers_says_so_and_comes_back_by_itself(board, ward):
    board.evaluate(
        "() => { window.feeds = []; document.addEventListener('leeward:feed', ({detail}) =>"
        " window.feeds.push([detail.state, detail.silentMs])); }"
    )
    web = pid_of(ward, "web")
    os.kill(web, 19)
    try:
        expect(board.locator("html")).to_have_attribute("data-feed", "dead", timeout=30_000)
        expect(board.locator("#feed-state")).to_contain_text("No live data")
        assert board.locator(".tile .v--stale").count() >= CHAIRS
        (said,) = board.evaluate("() => window.feeds")
        assert said[1] <= DEAD_WITHIN_MS
    finally:
        os.kill(web, 18)
    expect(board.locator("html")).to_have_attribute("data-feed", "live", timeout=30_000)


def pid_of(ward, name):
    status = json.loads((ward.home / "run" / "status.json").read_text())
    return status["processes"][name]["pid"]
