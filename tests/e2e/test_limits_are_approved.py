"""A location without approved limits treats nobody; the director's signature changes that."""

import pytest
from playwright.sync_api import expect

from tests.cast import PASSWORD
from tests.e2e import walk
from tests.e2e.walk import Course
from tests.limits import INVENTED


@pytest.mark.hazard("H9")
def test_sessions_wait_for_limits_that_the_director_approves(person, clinic):
    from tests.e2e.chosen import living

    course = Course(list(living())[-1], "1")
    adams = person("adams")
    walk.import_file(adams, course, to="Quay Lane")
    walk.open_chart(adams, course)
    walk.answer_screening(adams, course)
    walk.accept(adams, course)
    page = walk.fill_plan(adams, course, dose="0.5", wait=False)
    refusal = page.locator("#preview .note--stop")
    expect(refusal).to_contain_text("limits")
    expect(refusal).to_contain_text("Fastest infusion")
    adams.press("Sign order")
    expect(page.get_by_role("alert").first).to_contain_text("Fastest infusion")
    drafted(adams, clinic)
    approved(person("eve"), clinic)
    walk.fill_plan(adams, course, dose="0.5")
    walk.sign_plan(adams, course)


def drafted(visitor, clinic):
    page = visitor.go(f"/limits/{clinic.quay}/")
    expect(page.locator("main")).to_contain_text("no session can start")
    for field in page.locator('#limits-form input[name^="value-"]').all():
        name = field.get_attribute("name").removeprefix("value-")
        field.fill(INVENTED.get(name, ""))
    visitor.press("Save draft")
    visitor.sees("It is not in force")


def approved(visitor, clinic):
    page = visitor.go(f"/limits/{clinic.quay}/")
    page.locator("#statement").fill("First version, for this location.")
    page.locator("#login").fill("eve")
    page.locator("#password").fill("not the password")
    visitor.press("Approve version 1")
    expect(page.get_by_role("alert").first).to_contain_text("Not done")
    page.locator("#statement").fill("First version, for this location.")
    page.locator("#login").fill("eve")
    page.locator("#password").fill(PASSWORD)
    visitor.press("Approve version 1")
    visitor.sees("Version 1 is in force")
