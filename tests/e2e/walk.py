"""The steps of the walk as a person does them in the browser; each leaves the page it ends on."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.e2e.chosen import Chosen
from tests.e2e.visitor import PATIENCE_MS, Visitor

PROTOCOL = "depression.racemic_ketamine.iv.anand2023"
VIAL = "racemic_ketamine.10_mg_per_ml"
REASON = "asked in person and settled today"


@dataclass
class Course:
    """What the walk knows of one person's treatment."""

    who: Chosen
    chair: str
    chart: str = ""
    session: str = ""
    weight_kg: Decimal = Decimal(0)
    figures: dict[str, str] | None = None


def import_file(visitor: Visitor, course: Course, *, to: str = "Harbor Street") -> Page:
    """Upload the record; the page streams its progress and ends with the report."""
    page = visitor.go("/patients/import/")
    page.locator("#location").select_option(label=to)
    page.locator("#files").set_input_files(course.who.file)
    visitor.press("Import")
    expect(page.locator("#report")).to_be_visible(timeout=60_000)
    return page


def open_chart(visitor: Visitor, course: Course) -> Page:
    page = visitor.go("/patients/")
    page.locator("#search").fill(course.who.family)
    row = page.locator("#list tr", has_text=course.who.family)
    expect(row).to_have_count(1)
    row.get_by_role("link").click()
    expect(page).to_have_title(re.compile("chart"))
    course.chart = page.url.removeprefix(visitor.address)
    return page


def answer_screening(visitor: Visitor, course: Course) -> Page:
    """Say no to every question whose answer would be a stop."""
    page = visitor.go(f"{course.chart}candidacy/")
    for question in page.locator("#screening fieldset").all():
        question.get_by_label("No", exact=True).check()
    visitor.press("Keep answers")
    visitor.sees("answers kept")
    return page


def accept(visitor: Visitor, course: Course) -> Page:
    """Sign an acceptance, with a reason for each finding that asks for one."""
    page = visitor.go(f"{course.chart}candidacy/")
    fill_decision(page)
    for summary in page.locator("#decision details:not([open]) > summary").all():
        summary.click()
    for field in page.locator('#decision input[name^="reason-"]').all():
        field.fill(REASON)
    visitor.press("Sign decision")
    visitor.sees("Signed: accept")
    return page


def fill_decision(page: Page) -> None:
    page.locator("#indication").select_option(value="treatment_resistant_depression")
    page.get_by_label("Accept", exact=True).check()
    page.get_by_label("Rationale").fill("Two adequate trials failed; benefit outweighs risk.")


def consent(visitor: Visitor, course: Course) -> Page:
    page = visitor.go(f"{course.chart}consent/")
    page.locator('input[name="understood"]').check()
    page.locator("#signed_name").fill(f"{course.who.given} {course.who.family}")
    page.locator("form .btn--primary").click()  # in the patient's language: Sign, Firmar
    visitor.sees("Consent recorded")
    return page


def fill_plan(visitor: Visitor, course: Course, *, dose: str, wait: bool = True) -> Page:
    page = visitor.go(f"{course.chart}plan/")
    page.locator("#id_protocol_id").select_option(value=PROTOCOL)
    if not page.locator("#id_indication").input_value():
        page.locator("#id_indication").select_option(index=1)
    page.locator("#id_presentation_id").select_option(value=VIAL)
    page.locator("#id_dose_mg_per_kg").fill(dose)
    page.locator("#id_duration_min").fill("40")
    page.locator("#id_concentration_mg_per_ml").fill("1")
    page.locator("#id_diluent").fill("0.9 % saline")
    page.locator("#id_session_count").fill("6")
    page.locator("#id_goals").fill("Back to work.")
    if wait:
        expect(page.locator("#preview .dose")).to_contain_text(
            f"{dose} mg/kg", timeout=PATIENCE_MS
        )
    course.weight_kg = Decimal(page.locator("#id_weight_kg").input_value())
    return page


def sign_plan(visitor: Visitor, course: Course) -> Page:
    page = visitor.page
    for field in page.locator('#preview input[name^="reason-"]').all():
        field.fill("confirmed with the patient and on the scale")
    visitor.press("Sign order")
    visitor.sees("Order signed")
    return page


def book(visitor: Visitor, course: Course, zone: str) -> Page:
    page = visitor.go(f"{course.chart}visits/")
    page.locator("#id_chair").select_option(label=f"Chair {course.chair}")
    starts = datetime.now(UTC).astimezone(ZoneInfo(zone))
    page.locator("#id_day").fill(starts.date().isoformat())
    page.locator("#id_time").fill(f"{starts.hour:02}:{starts.minute // 5 * 5:02}")
    page.locator("#id_minutes").fill("30")
    visitor.press("Book")
    visitor.sees("Booked for")
    return page


def open_session(visitor: Visitor, course: Course) -> Page:
    page = visitor.go(f"{course.chart}visits/")
    visitor.press("Patient is here: open session")
    expect(page).to_have_url(re.compile(r"/sessions/[0-9a-f-]{36}/$"))
    course.session = page.url.removeprefix(visitor.address)
    return page


def identify(visitor: Visitor) -> None:
    page = visitor.page
    page.locator('input[name="name"]').check()
    page.locator('input[name="birth_date"]').check()
    visitor.press("Patient identified")
    expect(page.locator(".st--ok", has_text="Identified")).to_be_visible()


def answer_checks(visitor: Visitor) -> None:
    """Answer each line of the checklist with what passes."""
    page = visitor.page
    ids = [line.get_attribute("id") for line in page.locator(".checks > li").all()]
    for done, line in enumerate(ids, start=1):
        buttons = page.locator(f"#{line} .pick button")
        passing = buttons.filter(has_text=re.compile("^(Yes|Not applicable)$")).first
        passing.click()
        visitor.sees(f"{done} of {len(ids)}")


def record_vitals(visitor: Visitor, **values: str) -> None:
    form = visitor.page.locator('form[action$="/do/vitals/"]')
    for name, value in values.items():
        form.locator(f'[name="{name}"]').fill(value)
    form.get_by_role("button", name="Record vital signs").click()
    expect(form.locator('[name="sbp_mmhg"]')).to_have_value("")


def bind_monitor(visitor: Visitor) -> None:
    visitor.press("It is on this patient")
    expect(visitor.page.locator(".st--ok", has_text="On this patient")).to_be_visible()


def time_out(visitor: Visitor, course: Course, step: str, **wrong: str) -> None:
    """Enter the figures of one person; the second confirms with a login of their own."""
    assert course.figures is not None
    form = visitor.page.locator(f'form[action$="/do/{step}/"]')
    for name, value in {**course.figures, **wrong}.items():
        form.locator(f'[name="{name}"]').fill(value)
    if step == "time-out-second":
        form.locator('[name="login"]').fill("ben")
        form.locator('[name="password"]').fill(PASSWORD)
    form.get_by_role("button").click()


def go_on_with_old_weight(nurse: Visitor, prescriber: Visitor, course: Course) -> None:
    """A weight from years ago holds the start until a prescriber answers for it by name."""
    held = nurse.page.locator(".gate li", has_text="Weigh the patient")
    if held.count() == 0:
        return
    expect(held).to_contain_text("A prescriber may go on without it")
    answered = prescriber.go(course.session).locator(".gate li", has_text="Weigh the patient")
    answered.locator("summary").click()
    answered.locator('[name="reason"]').fill("Weighed at the door today: unchanged.")
    answered.get_by_role("button", name="Override by").click()
    expect(answered).to_have_count(0)
    expect(held).to_have_count(0)


def start(visitor: Visitor, course: Course) -> Page:
    page = visitor.page
    assert course.figures is not None
    page.locator("#lot").fill("LOT-7")
    page.locator("#expiry").fill((date.today() + timedelta(days=200)).isoformat())
    page.locator("#start-rate").fill(course.figures["rate_ml_per_h"])
    page.locator("#start-strength").fill(course.figures["concentration_mg_per_ml"])
    visitor.press("Infusion is running")
    expect(page.locator(".inf__main")).to_be_visible()
    return page


def figures_of(page: Page) -> dict[str, str]:
    """The figures of the plan as the time-out card shows the order."""
    order = page.locator('form[action$="/do/time-out-first/"] p').first.inner_text()
    found = re.search(
        r"ketamine ([\d.]+) mg = ([\d.]+) mL at ([\d.]+) mg/mL, over ([\d.]+) min = ([\d.]+) mL/h",
        order.replace("\u00a0", " "),
    )
    assert found, order
    dose, volume, strength, minutes, rate = found.groups()
    return {
        "concentration_mg_per_ml": strength, "dose_mg": dose, "volume_ml": volume,
        "rate_ml_per_h": rate, "duration_min": minutes,
    }  # fmt: skip
