"""Three recorded people, chosen by what their records hold, from the file to the follow-up."""

import io
import json
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.cast import PASSWORD
from tests.e2e import aftercare, session, walk
from tests.e2e.walk import Course

CHAIRS = {"stop": "1", "clear": "2", "caution": "3"}


@pytest.mark.hazard("H8", "H9", "H27")
@pytest.mark.parametrize("kind", ["stop", "clear", "caution"])
def test_a_recorded_person_is_treated_from_import_to_follow_up(
    kind, chosen, person, clinic, treated
):
    course = Course(chosen[kind], CHAIRS[kind])
    print(f"{kind}: {course.who.name} of {course.who.file.name}")
    adams, bea = person("adams"), person("bea")
    imported(adams, course)
    decided(adams, course)
    walk.consent(bea, course)
    ordered(adams, course)
    walk.book(bea, course, clinic.zone)
    walk.open_session(bea, course)
    prepared(bea, adams, course)
    given(bea, adams, course)
    sent_home(bea, adams, course)
    noted(adams, course)
    followed_up(bea, adams, person, course)
    treated[kind] = course


def imported(visitor, course):
    page = walk.import_file(visitor, course)
    expect(page.locator("#report tr", has_text="Patient").locator("td").first).to_have_text("1")
    page = walk.import_file(visitor, course)
    for row in page.locator("#report tbody tr").all():
        new, changed, known = (cell.inner_text() for cell in row.locator("td").all())
        assert (new, changed) == ("0", "0"), row.inner_text()
        assert int(known) > 0
    page = walk.open_chart(visitor, course)
    expect(page.locator(".banner")).to_contain_text(course.who.name)
    expect(page.locator(".banner")).to_contain_text("kg")


def decided(visitor, course):
    """A stop is named when an acceptance leaves it without a reason of its own."""
    page = walk.answer_screening(visitor, course)
    if course.who.stops:
        expect(page.locator("#group-stop")).to_contain_text(course.who.stops[0])
        page = visitor.go(f"{course.chart}candidacy/")
        walk.fill_decision(page)
        visitor.press("Sign decision")
        expect(page.get_by_role("alert").first).to_contain_text(course.who.stops[0])
    walk.accept(visitor, course)


def ordered(visitor, course):
    """Ten times the dose is stopped; the right one is shown in mg, mL and mL/h and signed."""
    page = walk.fill_plan(visitor, course, dose="5")
    expect(page.locator("#preview .note--stop").first).to_contain_text("ten times")
    visitor.press("Sign order")
    expect(page.get_by_role("alert").first).to_contain_text("ten times")
    page = walk.fill_plan(visitor, course, dose="0.5")
    dose = page.locator("#preview .dose")
    dose_mg = f"{course.weight_kg / 2:f}".rstrip("0").rstrip(".")
    expect(dose).to_contain_text(f"0.5 mg/kg × {course.weight_kg} kg = {dose_mg} mg over 40 min")
    expect(dose).to_contain_text(re.compile(r"[\d.]+ mL at 1 mg/mL"))
    expect(dose).to_contain_text(re.compile(r"[\d.]+ mL/h"))
    expect(page.locator("#preview .only-wide svg")).to_be_visible()
    old = page.locator("#preview", has_text="days old")
    if old.count():
        visitor.press("Sign order")
        expect(page.get_by_role("alert").first).to_contain_text("days old")
    walk.sign_plan(visitor, course)


def prepared(visitor, prescriber, course):
    """What is missing is named; a second person works the dose out unseen; a slip is caught."""
    page = visitor.page
    expect(page.locator(".gate")).to_contain_text("identifiers")
    expect(page.locator(".gate")).to_contain_text("time-out")
    expect(page.get_by_role("button", name="Infusion is running")).to_be_disabled()
    walk.identify(visitor)
    walk.answer_checks(visitor)
    walk.record_vitals(
        visitor, spo2_pct="98", hr_per_min="72", sbp_mmhg="124", dbp_mmhg="78", rr_per_min="14",
        temp_cel="36.6",
    )  # fmt: skip
    course.figures = walk.figures_of(page)
    walk.time_out(visitor, course, "time-out-first")
    visitor.sees("Second person:")
    card = page.locator(".card", has_text="Two-person time-out").last
    for name in ("volume_ml", "rate_ml_per_h"):
        assert f"{course.figures[name]} m" not in card.inner_text()
    walk.time_out(visitor, course, "time-out-second", rate_ml_per_h="5.5")
    visitor.sees("They differ")
    expect(page.locator(".gate")).to_contain_text("differ in rate")
    session.again(visitor, course)
    walk.bind_monitor(visitor)
    walk.go_on_with_old_weight(visitor, prescriber, course)


def given(bea, adams, course):
    """Two browsers see the same session; what one charts the other shows without a reload."""
    walk.start(bea, course)
    adams.go(course.session)
    session.sees_live_numbers(bea)
    session.tap_effect(bea, "Nausea")
    expect(adams.page.locator(".ev")).to_contain_text("Nausea")
    session.undo(adams, "Nausea")
    expect(bea.page.locator(".is-withdrawn")).to_contain_text("Nausea")
    session.change_rate(bea, "30", "nausea")
    session.pause(bea, "nausea")
    expect(adams.page.locator(".inf__left")).to_contain_text("paused")
    session.resume(bea, course.figures["rate_ml_per_h"])
    session.acknowledge_alarm(bea)
    session.stop(bea)


def sent_home(bea, adams, course):
    page = bea.go(f"{course.session}discharge/")
    expect(page.locator("#send-home")).to_be_disabled()
    expect(page.locator(".missing-list")).to_contain_text("shortest observation")
    expect(page.locator(".missing-list")).to_contain_text("escort")
    aftercare.score(bea)
    aftercare.confirm_all(bea)
    aftercare.escort(bea)
    aftercare.instructions(bea)
    aftercare.override_what_is_left(adams, course)
    page = bea.go(f"{course.session}discharge/")
    expect(page.locator("#gate")).to_contain_text("Overridden")
    page.get_by_role("button", name="Discharge to").click()
    bea.sees("Record when the patient leaves")
    page.locator("#leave").click()
    bea.sees("Departure recorded")


def noted(visitor, course):
    page = visitor.go(f"{course.session}note/")
    aftercare.sign_note(visitor)
    pdf = aftercare.download(page, "PDF")
    assert len(PdfReader(io.BytesIO(pdf)).pages) >= 1
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages)
    assert course.who.family in text
    assert "LOT-7" in text
    bundle = json.loads(aftercare.download(page, "FHIR"))
    assert bundle["resourceType"] == "Bundle"
    aftercare.addendum(visitor, "Called in the evening: well.")


def followed_up(bea, adams, person, course):
    """The patient answers on a phone; item 9 leads to help at once and raises an urgent task."""
    login = aftercare.open_portal(bea, course, PASSWORD)
    aftercare.ask(bea, course)
    patient = person(login, phone=True)
    aftercare.answer_phq9(patient, item_9=1)
    page = adams.go("/tasks/")
    urgent = page.locator(".task--urgent", has_text=course.who.family)
    expect(urgent.first).to_be_visible()
    page = adams.go(f"{course.chart}outcomes/")
    expect(page.locator(".figure.only-wide svg")).to_be_visible()
