"""The public side on a phone, in both languages: read, ask, check oneself, find help."""

import pytest
from playwright.sync_api import expect

from tests.e2e.visitor import PHONE, Visitor, visit

MOST_BYTES = 100 * 1024
LANGUAGES = pytest.mark.parametrize("prefix", ["", "/es"])
WORDS = {
    "": {
        "learn": "Learn", "ask": "Ask", "check": "Is it for me?", "start": "Start",
        "go": "Continue", "article": "Is ketamine addictive?", "not_reviewed": "Not yet reviewed",
        "question": "can i drvie home", "answer": "restful sleep", "crisis": "i wnat to die",
        "worth": "Worth talking about", "may_not": "Ketamine may not be right for you now",
        "help": "Get help now", "told": "“Yes, and it is still high”", "back": "Back",
    },
    "/es": {
        "learn": "Aprender", "ask": "Preguntar", "check": "¿Es para mí?", "start": "Empezar",
        "go": "Continuar", "article": "adicción", "not_reviewed": "Esta clínica todavía no",
        "question": "puedo manjar despues", "answer": "día siguiente", "crisis": "kiero morir",
        "worth": "Vale la pena hablarlo", "may_not": "Puede que hoy la ketamina no sea para usted",
        "help": "Pida ayuda ahora", "told": "“Sí, y sigue alta”", "back": "Atrás",
    },
}  # fmt: skip


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def phone(request, browser, clinic):
    """A phone with script or without: nothing here may need it."""
    if request.param:
        with visit(browser, clinic.address, size=PHONE) as visitor:
            yield visitor
        return
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    yield Visitor(context.new_page(), clinic.address)
    context.close()


def follow(phone, name, *, within="main"):
    phone.page.locator(within).get_by_role("link", name=name).first.click()


@LANGUAGES
def test_an_article_is_found_read_and_its_source_reached(phone, prefix):
    words = WORDS[prefix]
    phone.go(f"{prefix}/library/")
    follow(phone, words["article"])
    phone.sees(words["not_reviewed"])
    reference = phone.page.locator("sup.ref a").first
    number = reference.get_attribute("href")
    reference.click()
    expect(phone.page.locator(number)).to_be_in_viewport()


@LANGUAGES
def test_a_question_with_a_slip_is_answered_with_its_sources(phone, prefix):
    words = WORDS[prefix]
    phone.go(f"{prefix}/ask/")
    phone.page.locator("#q").fill(words["question"])
    phone.press(words["ask"])
    first = phone.page.locator("article.hit").first
    expect(first).to_contain_text(words["answer"])
    expect(first.locator(".ev")).to_contain_text("SPRAVATO")
    first.locator("h3 a").click()
    expect(phone.page.locator("article h1")).to_be_visible()


@pytest.mark.hazard("H61")
@LANGUAGES
def test_words_of_crisis_show_the_numbers_on_the_first_screen(phone, prefix):
    phone.go(f"{prefix}/ask/")
    phone.page.locator("#q").fill(WORDS[prefix]["crisis"])
    phone.press(WORDS[prefix]["ask"])
    call = phone.page.locator("main a[href='tel:988']").first
    expect(call).to_be_in_viewport()
    box = call.bounding_box()
    assert box["height"] >= 44


def check(phone, prefix, **answers):
    words = WORDS[prefix]
    phone.go(f"{prefix}/self-check/")
    follow(phone, words["start"])
    while "/result/" not in phone.page.url:
        question = phone.page.url.split("/self-check/")[1].split("/")[0]
        several = phone.page.locator("input[value=none]").count()
        usual = {"age": "adult"}.get(question, "none" if several else "no")
        was = phone.page.url
        phone.page.locator(f"input[value={answers.get(question, usual)}]").check()
        phone.press(words["go"])
        expect(phone.page).not_to_have_url(was)


@LANGUAGES
def test_the_self_check_ends_in_worth_talking_about(phone, prefix):
    check(phone, prefix)
    expect(phone.page.locator("h1")).to_contain_text(WORDS[prefix]["worth"])


@LANGUAGES
def test_the_self_check_gives_reasons_and_the_browsers_back_keeps_the_answers(phone, prefix):
    words = WORDS[prefix]
    check(phone, prefix, pressure="high")
    expect(phone.page.locator("h1")).to_contain_text(words["may_not"])
    phone.sees(words["told"])
    phone.page.go_back()
    expect(phone.page.locator("fieldset")).to_be_visible()
    phone.page.go_forward()
    expect(phone.page.locator("h1")).to_contain_text(words["may_not"])


@pytest.mark.hazard("H61")
@LANGUAGES
def test_the_self_check_stops_at_danger(phone, prefix):
    check(phone, prefix, now="thoughts")
    expect(phone.page.locator("h1")).to_contain_text(WORDS[prefix]["help"])
    expect(phone.page.locator("main a[href='tel:988']").first).to_be_in_viewport()


@LANGUAGES
def test_an_empty_answer_is_asked_for_again_with_the_focus_on_the_reason(phone, prefix):
    phone.go(f"{prefix}/self-check/age/start/")
    phone.press(WORDS[prefix]["go"])
    expect(phone.page.locator(".problem")).to_be_visible()
    assert phone.page.title().startswith("Error:")


@pytest.mark.parametrize("path", ["/", "/library/", "/library/depression/", "/ask/?q=pain",
                                  "/es/library/depression/", "/self-check/"])  # fmt: skip
def test_a_public_page_with_all_it_loads_is_light(path, browser, clinic):
    with visit(browser, clinic.address, size=PHONE) as visitor:
        answers = []

        def note(answer):
            answers.append(answer)

        visitor.page.on("response", note)
        visitor.go(path)
        visitor.page.wait_for_load_state("networkidle")
        loaded = {answer.url: len(answer.body()) for answer in answers}
    assert sum(loaded.values()) <= MOST_BYTES, loaded
    assert not any(url.endswith(".js") for url in loaded)


@LANGUAGES
def test_the_keyboard_reaches_the_main_text_and_the_first_link(prefix, browser, clinic):
    with visit(browser, clinic.address) as visitor:
        page = visitor.go(f"{prefix}/library/")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        assert page.url.endswith("#main")
        page.keyboard.press("Tab")
        expect(page.locator("#q")).to_be_focused()


def test_the_language_switch_stays_on_the_same_page(browser, clinic):
    with visit(browser, clinic.address, size=PHONE) as visitor:
        page = visitor.go("/library/depression/")
        page.get_by_role("link", name="Español").click()
        expect(page).to_have_url(f"{clinic.address}/es/library/depression/")
        assert page.locator("html").get_attribute("lang") == "es"
        page.get_by_role("link", name="English").click()
        expect(page).to_have_url(f"{clinic.address}/library/depression/")
