"""What is typed beside a sent form stays; one choice asks once."""

from playwright.sync_api import expect


def test_words_typed_beside_a_sent_form_stay(person, clinic):
    page = person("bea").go(f"/sessions/{clinic.held['preparing']}/")
    page.locator("#lot").fill("LOT-9")
    page.locator('form[action$="/do/vitals/"] [name="sbp_mmhg"]').fill("124")
    page.locator('[name="name"]').check()
    line = page.locator(".checks > li").first
    with page.expect_response(lambda answer: "/do/check/" in answer.url):
        line.locator(".pick button").first.click()
    expect(line.locator(".is-chosen")).to_be_visible()
    expect(page.locator("#lot")).to_have_value("LOT-9")
    expect(page.locator('form[action$="/do/vitals/"] [name="sbp_mmhg"]')).to_have_value("124")
    expect(page.locator('[name="name"]')).to_be_checked()


def test_a_form_that_was_sent_is_empty_again(person, clinic):
    page = person("bea").go(f"/sessions/{clinic.held['preparing']}/")
    form = page.locator('form[action$="/do/vitals/"]')
    form.locator('[name="sbp_mmhg"]').fill("124")
    form.locator('[name="dbp_mmhg"]').fill("78")
    form.get_by_role("button").click()
    expect(form.locator('[name="sbp_mmhg"]')).to_have_value("")
    expect(form.locator('[name="dbp_mmhg"]')).to_have_value("")


def test_one_choice_asks_for_one_preview(person, clinic):
    page = person("adams").go(f"/patients/{clinic.held['patient_id']}/plan/")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/plan/preview/" in r.url else None)
    with page.expect_response(lambda answer: "/plan/preview/" in answer.url):
        page.locator("#id_protocol_id").select_option(index=2)
    page.wait_for_load_state("networkidle")
    assert len(asked) == 1, asked
