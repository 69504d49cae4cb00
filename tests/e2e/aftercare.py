"""From the end of the infusion to the answers from home."""

import re

from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.e2e.visitor import Visitor
from tests.e2e.walk import Course


def score(visitor: Visitor) -> None:
    """The best points of every item."""
    page = visitor.page
    for group in page.locator('.score [role="radiogroup"]').all():
        radios = group.locator("input")
        values = [int(radio.get_attribute("value")) for radio in radios.all()]
        radios.nth(values.index(max(values))).check()
    visitor.press("Record score")
    visitor.sees("Score recorded")


def confirm_all(visitor: Visitor) -> None:
    page = visitor.page
    waiting = page.locator("#criteria").get_by_role("button", name=re.compile("^Confirm:"))
    while waiting.count():
        waiting.first.click()
        visitor.sees("Confirmed.")


def escort(visitor: Visitor) -> None:
    form = visitor.page.locator("#escort")
    form.locator('[name="name"]').fill("Peter Castle")
    form.locator('[name="phone"]').fill("555 0101")
    form.locator('[name="relation"]').fill("brother")
    visitor.press("Escort is here")
    visitor.sees("Escort recorded")


def instructions(visitor: Visitor) -> None:
    visitor.page.locator('#home [name="teach_back"]').check()
    visitor.press("Record instructions")
    visitor.sees("Instructions recorded")


def override_what_is_left(prescriber: Visitor, course: Course) -> None:
    """The prescriber lets the minimum time go, by name and with a reason; alarms are answered."""
    page = prescriber.go(f"{course.session}discharge/")
    while page.locator("#override select option").count():
        page.locator("#override select").select_option(index=0)
        page.locator("#override textarea").fill(
            "Seen at the chair: awake, steady, wants to go home."
        )
        prescriber.press("Override as Adams")
        prescriber.sees("Override recorded")


def sign_note(visitor: Visitor) -> None:
    """Sign; where the engine ended an alarm after the departure, the note is read once more."""
    form = visitor.page.locator('form[action$="/note/sign/"]')
    signed = visitor.page.get_by_text("What comes later is written as an addendum").first
    changed = visitor.page.get_by_text("Read it again, then sign").first
    for _ in range(2):
        form.locator('[name="login"]').fill("adams")
        form.locator('[name="password"]').fill(PASSWORD)
        form.get_by_role("button").click()
        expect(signed.or_(changed).first).to_be_visible()
        if signed.is_visible():
            return
    expect(signed).to_be_visible()


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as coming:
        page.locator("main").get_by_role("link", name=re.compile(name)).first.click()
    return coming.value.path().read_bytes()


def addendum(visitor: Visitor, text: str) -> None:
    form = visitor.page.locator('form[action$="/note/addendum/"]')
    form.locator('[name="text"]').fill(text)
    form.get_by_role("button").click()
    visitor.sees("Addendum written")
    visitor.sees(text)


def open_portal(visitor: Visitor, course: Course, password: str) -> str:
    login = course.who.family.lower()
    page = visitor.go(course.chart)
    page.get_by_text("Open the patient's portal").click()
    page.locator("#id_login").fill(login)
    page.locator("#id_password").fill(password)
    visitor.press("Open portal")
    visitor.sees(f"can sign in as {login}")
    return login


def ask(visitor: Visitor, course: Course) -> None:
    visitor.go(f"{course.chart}outcomes/")
    visitor.page.locator("#ask button").click()
    expect(visitor.page.locator("main")).to_contain_text("Waiting")


def _answer(page: Page, value: int) -> None:
    page.locator(f'input[name="answer"][value="{value}"]').check()
    with page.expect_navigation():
        page.locator(".acts .btn").first.click()


def answer_phq9(patient: Visitor, *, item_9: int) -> None:
    """Nine questions on a phone; the ninth goes to the help page before the check page."""
    page = patient.page
    page.locator('a[href^="/portal/forms/"], a[href*="questionnaire"], .todo a').first.click()
    for value in (*[2] * 8, item_9):
        _answer(page, value)
    expect(page.locator('a[href="tel:988"]').first).to_be_visible()
    expect(page).to_have_url(re.compile("/help/"))
    with page.expect_navigation():
        page.locator("main a.tap").last.click()
    _answer(page, 2)  # how difficult the problems have made life
    page.locator(".acts .btn").first.click()
    expect(page).to_have_url(re.compile("/done/"))
