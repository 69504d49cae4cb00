"""The public pages: in both languages at addresses of their own, light, without script, honest."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from leeward import content
from leeward.records.accounts.models import User
from leeward.records.audit.models import AuditEntry
from leeward.records.library.models import ArticleApproval
from leeward.usecases.approve_article import approve_article, withdraw_approval
from tests.cast import cid

pytestmark = pytest.mark.django_db

SLUGS = sorted({a.slug for a in content.load().articles.values()})
PATHS = ("/", "/library/", "/ask/", "/ask/?q=drive", "/self-check/", "/library/session/",
         "/library/session/print/", "/self-check/age/start/", "/help/", "/es/library/", "/es/ask/",
         "/es/ask/?q=manejar", "/es/self-check/", "/es/library/session/")  # fmt: skip
HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)",
           "{{ 7*7 }}", "%3Cscript%3E", "\x00", "'; DROP TABLE library;--",
           "ketamine <b>pain</b>")  # fmt: skip
MOST_BYTES = 100 * 1024
NOT_REVIEWED = {"en": "Not yet reviewed by this clinic", "es": "Esta clínica todavía no"}


def page(path: str, **headers: str) -> str:
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_article_is_shown_in_its_language_with_evidence_sources_and_days(slug, language):
    article = content.load().articles[f"{slug}.{language}"]
    shown = page(reverse("article" if language == "en" else "article-es", kwargs={"slug": slug}))
    text = unescape(shown)
    assert f'<html lang="{language}"' in shown
    assert article.title in text
    for section in article.sections:
        assert f'id="{section.id}"' in shown
    cited = {c.source for s in article.sections for b in s.blocks for c in b.sources}
    for source in cited:
        assert content.load().sources[source].citation in text
    assert shown.count('class="ev"') >= (1 if cited else 0)
    assert len(shown.encode()) < MOST_BYTES


@pytest.mark.parametrize("path", PATHS)
def test_public_pages_need_no_script_and_little_to_load(path):
    shown = page(path)
    if path != "/help/":
        assert "<script" not in shown
    assert " style=" not in shown
    assert len(shown.encode()) < MOST_BYTES


@pytest.mark.hazard("H61")
@pytest.mark.parametrize("path", PATHS)
def test_the_way_to_help_is_on_every_public_page(path):
    shown = page(path)
    assert 'href="tel:988"' in shown
    assert 'href="tel:911"' in shown


def test_the_numbers_follow_the_country(settings, monkeypatch):
    from dataclasses import replace

    library = content.load()
    there = replace(library.crisis_lines["us"], id="zz", emergency="112", crisis="113", text="")
    lines = {**library.crisis_lines, "zz": there}
    monkeypatch.setattr(
        "leeward.web.crisis.content.load", lambda: replace(library, crisis_lines=lines)
    )
    settings.LEEWARD_COUNTRY = "ZZ"
    shown = page("/library/red-flags/")
    assert 'href="tel:113"' in shown
    assert 'href="tel:112"' in shown
    assert "988" not in re.sub(r"<section class=\"sources\".*?</section>", "", shown, flags=re.S)


@pytest.mark.parametrize(
    "path", ["/library/", "/library/session/", "/ask/?q=pain", "/self-check/"]
)
def test_the_other_language_is_one_plain_link_away_and_is_remembered(path):
    client = Client()
    english = client.get(path).content.decode()
    assert f'href="/es{path}" lang="es" hreflang="es">Español' in english
    answer = client.get(f"/es{path}")
    assert answer.headers["Content-Language"] == "es"
    assert f'href="{path}" lang="en"' in answer.content.decode()
    assert '<html lang="es"' in client.get("/").content.decode()


def test_an_article_that_is_not_there_is_not_found():
    assert Client().get("/library/no-such-page/").status_code == 404
    assert Client().get("/es/library/no-such-page/").status_code == 404


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("path", ["/ask/", "/es/ask/"])
def test_a_hostile_question_is_shown_as_words(path, hostile):
    answer = Client().get(path, {"q": hostile})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "<script" not in shown
    assert "<img" not in shown
    assert "49" not in re.findall(r'value="([^"]*)"', shown)


def test_a_question_is_kept_nowhere(caplog):
    secret = "zanzibar pain question"
    before = AuditEntry.objects.count()
    client = Client()
    client.get("/ask/", {"q": secret})
    assert AuditEntry.objects.count() == before
    assert not client.session.keys()
    assert "zanzibar" not in caplog.text


@pytest.mark.hazard("H61")
@pytest.mark.parametrize(
    ("path", "words"), [("/ask/", "i wnat to die"), ("/es/ask/", "kiero morir")]
)
def test_words_of_crisis_put_the_numbers_before_anything_else(path, words):
    shown = Client().get(path, {"q": words}).content.decode()
    main = shown[shown.index("<main") :]
    assert main.index("tel:988") < main.index("<form")
    assert main.index('class="crisis"') < main.index("<form")


@pytest.mark.hazard("H62")
def test_a_question_about_a_dose_gets_the_safety_page_and_no_dose():
    shown = Client().get("/ask/", {"q": "how many mg of ketamine should i take"}).content.decode()
    assert "We do not tell anyone how much to take" in shown
    hits = re.findall(r'<article class="hit">.*?</article>', shown, re.S)
    assert "/library/at-home/" in hits[0]
    assert not any(re.search(r"\d\s*mg", hit) for hit in hits)


def test_no_answer_is_said_to_be_none():
    assert "No answer here" in page("/ask/?q=capital+of+France")
    assert "Aquí no hay respuesta" in page("/es/ask/?q=capital+de+francia+letra+de+cancion")


# Approval by the clinic's director.


def approve(cast, slug="session", language="en", **changed):
    article = content.load().articles[f"{slug}.{language}"]
    return approve_article(
        actor=changed.get("actor", cast.eve), now=cast.now,
        command_id=changed.get("command_id", cid(f"approve {slug}.{language}")), slug=slug,
        language=language, seen_digest=changed.get("seen_digest", article.digest),
    )  # fmt: skip


def director_elsewhere(cast):
    from leeward.records.accounts.models import StaffRole
    from leeward.records.accounts.selectors import get_actor

    StaffRole.objects.get_or_create(user_id=cast.faye.id, role="director", location=None)
    return get_actor(cast.faye.id, origin="")


@pytest.mark.hazard("H41")
def test_a_page_says_that_it_is_not_reviewed_until_every_clinic_here_has_approved_it(cast):
    assert NOT_REVIEWED["en"] in page("/library/session/")
    approve(cast)
    assert NOT_REVIEWED["en"] in page("/library/session/"), "the other clinic has not read it"
    approve(cast, actor=director_elsewhere(cast), command_id=cid("faye approves"))
    reviewed = page("/library/session/")
    assert NOT_REVIEWED["en"] not in reviewed
    assert "Reviewed by this clinic" in reviewed
    assert NOT_REVIEWED["en"] in page("/library/after-care/")
    assert "<strong>Esta clínica" in page("/es/library/session/")


def test_an_approval_holds_for_the_words_as_they_stood(cast, monkeypatch):
    from dataclasses import replace

    approve(cast)
    library = content.load()
    changed = replace(library.articles["session.en"], title="Other words", digest="0" * 64)
    monkeypatch.setattr(
        "leeward.web.views.article.content.load",
        lambda: replace(library, articles={**library.articles, "session.en": changed}),
    )
    assert NOT_REVIEWED["en"] in page("/library/session/")


def test_a_text_that_changed_under_the_director_is_not_approved(cast):
    refused = approve(cast, seen_digest="1" * 64)
    assert refused.code == "library.changed"
    assert not ArticleApproval.objects.exists()


def test_only_a_director_approves_and_it_is_in_the_trail(cast):
    from leeward.records.accounts.actor import NotPermitted

    with pytest.raises(NotPermitted):
        approve(cast, actor=cast.adams)
    row = approve(cast)
    assert approve(cast) == row, "sent twice, done once"
    assert ArticleApproval.objects.count() == 1
    assert AuditEntry.objects.filter(action="article.approved").count() == 1


def test_an_approval_can_be_taken_back(cast):
    approve(cast)
    withdraw_approval(
        actor=cast.eve, now=cast.now, command_id=cid("back"), slug="session", language="en"
    )
    assert ArticleApproval.objects.filter(withdrawn_at=None).count() == 0
    again = withdraw_approval(
        actor=cast.eve, now=cast.now, command_id=cid("back twice"), slug="session", language="en"
    )
    assert again.code == "library.not_approved"
    assert approve(cast, command_id=cid("anew")).withdrawn_at is None


def test_the_directors_page_lists_every_article_and_approves_from_it(cast):
    client = Client()
    client.force_login(User.objects.get(login="eve"))
    shown = client.get("/articles/").content.decode()
    assert shown.count('name="seen_digest"') == len(content.load().articles)
    article = content.load().articles["cost.es"]
    sent = {"article": "cost.es", "seen_digest": article.digest, "command_id": str(cid("page"))}
    assert client.post("/articles/decide/", sent).status_code == 302
    assert ArticleApproval.objects.get().slug == "cost"
    assert client.post("/articles/decide/", {"article": "nothing.en"}).status_code == 422
