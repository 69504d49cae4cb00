"""Every page: nothing found by axe, nothing wider than the window, targets large enough."""

from pathlib import Path

import pytest
from django.urls import get_resolver, resolve
from playwright.sync_api import expect

import leeward.web
from tests.e2e import axe, prepared
from tests.e2e.visitor import visit

WIDTHS = (1366, 1180, 390, 320)
OK = 200
# Addresses that answer with no page of their own, and why.
NO_PAGE = {
    "home": "leads on to the board or the portal",
    "board-all": "leads on to a location's board",
    "schedule-today": "leads on to a location's day",
    "limits-all": "leads on to a location's limits",
    "ledger-all": "leads on to a location's ledger",
    "plan-preview": "a part of the plan page, which is looked at with it",
    "session-series": "numbers for the live record",
    "session-command": "an answer for the page that asks whether an act was taken",
    "audit-export": "a file",
    "alarm-log-all": "leads on to a location's alarms",
    "note-pdf": "a file",
    "note-bundle": "a file",
}
# Pages that are reached by a link with a token or after a walk: not looked at here yet.
NOT_YET = {
    "self-check-result", "self-check-result-es", "training-debrief",
}  # fmt: skip
# Templates that are not called as their address is, and the address that shows them.
SHOWN_BY = {
    "403": "session", "404": "front", "session_prepare": "session", "consent_own": "consent",
    "instructions": "discharge-instructions", "levels": "plan-levels",
    "call_link": "session-call-link", "emergency": "session-emergency",
    "flowsheet": "blank-flowsheet", "last_known": "session-sheet",
}  # fmt: skip
SMALLEST_PX = 24
PHONE_PX = 44

SMALL_TARGETS = """(least) => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter((e) => e.checkVisibility() && !e.closest('.vh, .skip, p, li, td, th, dd, label'))
  .map((e) => [e.outerHTML.slice(0, 120), e.getBoundingClientRect()])
  .filter(([, r]) => r.width && r.height && (r.width < least || r.height < least))
  .map(([html, r]) => `${Math.round(r.width)}x${Math.round(r.height)} ${html}`)"""
WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 4).map((e) => e.outerHTML.slice(0, 120))"""
OUTSIDE_CARD = """() => [...document.querySelectorAll('.card, .tile')].flatMap((card) => {
  const edge = card.getBoundingClientRect().right + 2;
  const apart = 'svg, .vh, .doc__scroll, .table--cards thead';
  return [...card.querySelectorAll('*')].filter((e) => e.checkVisibility() && !e.closest(apart)
    && e.getBoundingClientRect().right > edge)
  }).slice(0, 4).map((e) => e.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def pages(clinic, browser, chosen):
    """The addresses of one of everything, by who looks at it."""
    return prepared.addresses(clinic, browser, chosen)


@pytest.mark.parametrize("who", ["anybody", "adams", "dev", "eve", "bea", "patient", "cora"])
def test_no_page_has_a_fault_that_can_be_measured(who, pages, clinic, browser):
    faults = faults_of(who, pages, clinic, browser, axe_at=(1366, 390))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("who", ["anybody", "patient", "cora"])
def test_no_page_has_a_fault_in_spanish(who, pages, clinic, browser):
    """Longer words, other line breaks, and the language that a screen reader is told."""
    faults = faults_of(who, pages, clinic, browser, axe_at=(390,), language="es")
    assert not faults, "\n".join(faults)


def faults_of(who, pages, clinic, browser, *, axe_at, language="en"):
    script, faults = axe.axe_script(), []
    with visit(browser, clinic.address) as visitor:
        if who != "anybody":
            visitor.sign_in(pages.login_of(who))
        cookie = {"name": "django_language", "value": language, "url": clinic.address}
        for look in pages.of(who):
            if language != "en" and look.language:
                continue  # it was looked at in its own language already
            visitor.page.context.add_cookies([cookie])  # a page with a language leaves its own
            visitor.page.set_viewport_size({"width": WIDTHS[0], "height": 844})
            look.arrive(visitor)
            said = f"{visitor.path} ({look.status})"
            speaks = visitor.page.locator("html").get_attribute("lang")
            if look.status == OK and speaks != (look.language or language):
                faults.append(f"{said}: in {speaks}")
            for width in WIDTHS:
                visitor.page.set_viewport_size({"width": width, "height": 844})
                faults += [f"{said} at {width}: {f}" for f in measured(visitor.page)]
                if width in axe_at:
                    found = axe.violations(visitor.page, script)
                    faults += [f"{said} at {width}: axe {f}" for f in found]
    return faults


def test_no_page_is_left_out(pages):
    """Each address that shows a page, and each template of one, is among those looked at."""
    looks = (look for who in pages.by_person.values() for look in who if look.status == OK)
    looked = {resolve(look.path.partition("?")[0]).url_name for look in looks}
    shown = {r.name for r in routes() if "GET" in getattr(r.callback, "methods", ("GET",))}
    assert shown - looked - NO_PAGE.keys() - NOT_YET == set()
    assert (NO_PAGE.keys() | NOT_YET) - shown == set(), "these are gone: shorten the list"
    folder = Path(leeward.web.__file__).parent / "templates"
    templates = {path.stem for path in folder.glob("*.html") if not path.stem.startswith("base_")}
    by_name = {name.replace("-", "_") for name in looked | NOT_YET}
    assert templates - by_name - SHOWN_BY.keys() - {"base"} == set()
    assert set(SHOWN_BY.values()) <= looked


def routes():
    yield from get_resolver().url_patterns[0].url_patterns


def measured(page):
    yield from (f"wider than the window: {f}" for f in page.evaluate(WIDER))
    yield from (f"outside its card: {f}" for f in page.evaluate(OUTSIDE_CARD))
    least = SMALLEST_PX
    yield from (f"too small: {f}" for f in page.evaluate(SMALL_TARGETS, least))


def test_axe_finds_an_image_without_words(clinic, browser):
    """The negative control: a fault put in on purpose is found."""
    with visit(browser, clinic.address) as visitor:
        page = visitor.go("/")
        page.evaluate("() => document.querySelector('main').append(document.createElement('img'))")
        found = axe.violations(page, axe.axe_script())
    assert any(line.startswith("image-alt") for line in found), found


def test_buttons_on_a_phone_are_as_large_as_a_thumb(pages, clinic, browser):
    small = []
    with visit(browser, clinic.address) as visitor:
        visitor.sign_in(pages.login_of("patient"))
        visitor.page.set_viewport_size({"width": 390, "height": 844})
        for look in pages.of("patient"):
            look.arrive(visitor)
            for button in visitor.page.locator("main button, main .btn").all():
                box = button.bounding_box()
                if box and (box["height"] < PHONE_PX or box["width"] < PHONE_PX):
                    small.append(f"{look.path}: {button.inner_text()} {box}")
    assert small == []


def test_the_plan_is_made_with_the_keyboard_alone(pages, clinic, browser):
    """Tab and type: every field is reached in order, what is focused is seen, Enter signs."""
    with visit(browser, clinic.address) as visitor:
        page = visitor.go("/sign-in/")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        reach(page, "id_login")
        page.keyboard.type("adams")
        page.keyboard.press("Tab")
        page.keyboard.type(pages.password)
        page.keyboard.press("Enter")
        expect(page.locator(".bhead, .top__nav").first).to_be_visible()
        page = visitor.go(pages.plan)
        reach(page, "id_protocol_id")
        for name, text in (("id_dose_mg_per_kg", "0.5"), ("id_duration_min", "40")):
            reach(page, name)
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.type(text)
        expect(page.locator("#preview .dose")).to_contain_text("mg over 40 min")


def reach(page, element_id, most=60):
    for _ in range(most):
        if page.evaluate("() => document.activeElement.id") == element_id:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{element_id} is not reached by Tab")
