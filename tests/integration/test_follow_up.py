"""PHQ-9 between sessions: asked for, answered one by one in the patient's language, acted on."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from leeward import content
from leeward.records.accounts.actor import NotFound
from leeward.records.accounts.selectors import get_actor
from leeward.records.charts.models import QuestionnaireResponse, Task
from leeward.records.messaging.models import Message
from leeward.records.people.models import Patient
from leeward.records.treatments.models import TreatmentSession
from leeward.usecases import set_up_clinic
from leeward.usecases.follow_up import (
    answer_question,
    ask_questionnaire,
    complete_questionnaire,
)
from leeward.web import door
from tests.cast import PASSWORD, cid
from tests.integration.after_session import browser
from tests.integration.runtime.treating import ok, opened, started

ITEMS = [f"phq9-{n}" for n in range(1, 10)]
SPANISH = {"django_language": "es"}


@pytest.fixture
def clock(cast, monkeypatch):
    monkeypatch.setattr(door, "now", lambda: cast.now)
    return cast.now


def asked(cast, name="ask"):
    return ok(ask_questionnaire(
        actor=cast.bea, now=cast.now, command_id=cid(name), patient_id=cast.cora_patient.id,
        link="https://clinic.example/portal/",
    )).response  # fmt: skip


def answer(cast, response, link_id, value, *, actor=None, language="en-US"):
    return answer_question(
        actor=actor or cast.cora, now=cast.now, command_id=cid(f"{link_id}{value}"),
        response_id=response.id, link_id=link_id, value=value, language=language,
    )  # fmt: skip


def send(cast, response, *, minutes=1):
    return complete_questionnaire(
        actor=cast.cora, now=cast.now + timedelta(minutes=minutes), command_id=cid("send"),
        response_id=response.id,
    )  # fmt: skip


def completed(cast, total, at):
    return QuestionnaireResponse.objects.create(
        patient=cast.cora_patient, instrument="phq-9", status="completed", total=Decimal(total),
        band="severe", answers={"phq9-9": 0}, requested_at=at, completed_at=at,
    )  # fmt: skip


def second_patient(cast):
    other = Patient.objects.create(
        id=cid("dora"), organization=cast.organization, location=cast.location, family="Dale",
        given="Dora", created_at=cast.now,
    )  # fmt: skip
    user = ok(set_up_clinic.open_portal(
        actor=cast.bea, now=cast.now, command_id=cid("portal2"), patient_id=other.id,
        login="dora", password=PASSWORD,
    ))  # fmt: skip
    return get_actor(user.id)


def test_asking_sends_a_message_that_names_no_condition(cast):
    asked(cast)
    message = Message.objects.get()
    assert message.to == "cora@example.org"
    assert "https://clinic.example/portal/" in message.body
    assert not re.search("PHQ|depress|ketamin|mood", message.subject + message.body, re.I)


def test_asking_speaks_the_patients_language(cast):
    Patient.objects.filter(id=cast.cora_patient.id).update(language="es")
    asked(cast)
    assert Message.objects.get().subject == "Unas preguntas de su clínica"


def test_asking_without_contact_keeps_the_request_and_says_so(cast):
    Patient.objects.filter(id=cast.cora_patient.id).update(email="", phone="")
    result = ask_questionnaire(
        actor=cast.bea, now=cast.now, command_id=cid("ask"), patient_id=cast.cora_patient.id,
        link="https://clinic.example/portal/",
    )  # fmt: skip
    assert (result.sent, result.response.status) == (False, "requested")
    assert not Message.objects.exists()


def test_refuses_to_ask_twice_or_without_a_login(cast):
    asked(cast)
    again = ask_questionnaire(actor=cast.bea, now=cast.now, command_id=cid("ask2"),
                              patient_id=cast.cora_patient.id, link="x")  # fmt: skip
    assert again.code == "questionnaire.open"
    Patient.objects.filter(id=cast.cora_patient.id).update(user=None)
    alone = ask_questionnaire(actor=cast.bea, now=cast.now, command_id=cid("ask3"),
                              patient_id=cast.cora_patient.id, link="x")  # fmt: skip
    assert alone.code == "questionnaire.no_portal"


def test_item_9_raises_an_urgent_task_at_the_moment_of_answering(cast):
    response = asked(cast)
    answered = ok(answer(cast, response, "phq9-9", 1))
    task = Task.objects.get()
    assert [alert.link_ids for alert in answered.alerts] == [("phq9-9",)]
    assert (task.priority, task.role, task.patient_id) == ("urgent", "nurse", cast.cora_patient.id)
    assert "“Several days”" in task.because
    assert QuestionnaireResponse.objects.get().status == "in-progress"


def test_the_same_answer_again_raises_no_second_task_a_worse_one_does(cast):
    response = asked(cast)
    for value in (1, 0, 1):
        ok(answer(cast, response, "phq9-9", value))
    assert Task.objects.count() == 1
    ok(answer(cast, response, "phq9-9", 3))
    assert Task.objects.count() == 2


def test_no_task_when_item_9_is_not_at_all(cast):
    ok(answer(cast, asked(cast), "phq9-9", 0))
    assert not Task.objects.exists()


def test_answers_are_scored_as_published_when_they_are_sent(cast):
    response = asked(cast)
    for number, item in enumerate(ITEMS):
        ok(answer(cast, response, item, 3 if number < 4 else 0))
    done = ok(send(cast, response))
    assert (done.total, done.band, done.status) == (12, "moderate", "completed")
    form = content.load().instruments["phq-9"].form("en-US")
    assert (done.language, done.form_sha256) == ("en-US", form.sha256)
    assert answer(cast, response, "phq9-1", 0).code == "questionnaire.finished"


def test_without_item_9_there_is_no_total(cast):
    response = asked(cast)
    for item in ITEMS[:-1]:
        ok(answer(cast, response, item, 2))
    ok(answer(cast, response, "phq9-9", None))
    done = ok(send(cast, response))
    assert (done.total, done.band) == (None, "")
    assert "incomplete" in done.flags


def test_refuses_an_answer_that_is_none_and_an_empty_form(cast):
    response = asked(cast)
    assert answer(cast, response, "phq9-1", 4).code == "questionnaire.answer"
    assert answer(cast, response, "phq9-99", 1).code == "questionnaire.answer"
    assert send(cast, response).code == "questionnaire.empty"


def test_answers_within_a_day_of_a_session_are_marked(cast):
    session = opened(cast)
    TreatmentSession.objects.filter(id=session.id).update(closed_at=cast.now)
    response = asked(cast)
    for item in ITEMS:
        ok(answer(cast, response, item, 1))
    assert "too_soon_after_session" in ok(send(cast, response)).flags


def test_a_change_of_language_between_questions_is_marked(cast):
    response = asked(cast)
    ok(answer(cast, response, "phq9-1", 1))
    ok(answer(cast, response, "phq9-2", 1, language="es-US"))
    response.refresh_from_db()
    assert (response.language, response.flags) == ("es-US", ["language_changed"])


def test_nobody_answers_for_another(cast, clock):
    response = asked(cast)
    stranger = second_patient(cast)
    for actor in (stranger, cast.bea, cast.faye):
        with pytest.raises(NotFound):
            answer(cast, response, "phq9-1", 1, actor=actor)
    for part in ("", "check/", "help/", "done/"):
        url = f"/portal/q/{response.id}/{part}"
        assert browser(stranger).get(url).status_code == 404
        assert browser(cast.bea).get(url).status_code == 403
        assert Client().get(url).status_code == 302


def test_one_question_on_a_page_with_exact_words_and_the_answer_kept(cast, clock):
    response, client = asked(cast), browser(cast.cora)
    url = f"/portal/q/{response.id}/"
    page = client.get(f"{url}?item=2").text
    assert "Feeling down, depressed, or hopeless" in page
    assert "Little interest" not in page
    assert client.post(f"{url}?item=2", {"answer": "2"}).headers["Location"].endswith("?item=3")
    kept = client.get(f"{url}?item=2").text
    assert re.search(r'value="2" checked', kept)
    empty = client.post(f"{url}?item=3", {})
    assert (empty.status_code, "Error:" in empty.text) == (422, True)


def test_spanish_pages_use_the_published_spanish_words(cast, clock):
    response = asked(cast)
    client = browser(cast.cora, **SPANISH)
    page = client.get(f"/portal/q/{response.id}/?item=9").text
    form = content.load().instruments["phq-9"].form("es-US")
    assert form.item("phq9-9").text in page
    assert 'lang="es-US"' in page
    assert "Pregunta 9 de 10" in page
    client.post(f"/portal/q/{response.id}/?item=9", {"answer": "1"})
    assert "“Several days”" in Task.objects.get().because


def test_item_9_leads_to_help_before_the_next_question(cast, clock):
    response, client = asked(cast), browser(cast.cora)
    url = f"/portal/q/{response.id}/"
    answered = client.post(f"{url}?item=9", {"answer": "2"}, follow=True)
    assert answered.redirect_chain[-1][0] == f"{url}help/?item=9"
    assert 'href="tel:988"' in answered.text
    assert f"{url}?item=10" in answered.text
    assert Task.objects.get().priority == "urgent"
    later = client.post(f"{url}?item=9", {"answer": "3", "later": "1"})
    assert "help/" in later.headers["Location"]


def test_answers_are_shown_once_more_and_sent_from_there(cast, clock):
    response, client = asked(cast), browser(cast.cora)
    for number in range(1, 11):
        client.post(f"/portal/q/{response.id}/?item={number}", {"answer": "0"})
    check = client.get(f"/portal/q/{response.id}/check/").text
    assert check.count("Not at all") == 9
    sent = client.post(f"/portal/q/{response.id}/check/", follow=True)
    assert "Your answers are with your clinic" in sent.text
    assert "No permission required" in sent.text
    assert QuestionnaireResponse.objects.get().total == 0
    assert client.get(f"/portal/q/{response.id}/").headers["Location"].endswith("done/")


def test_the_portal_shows_the_next_visit_in_the_clinics_time_and_what_to_do(cast, clock):
    from leeward.usecases.book_appointment import book_appointment

    asked(cast)
    starts = cast.now + timedelta(days=5)
    ok(book_appointment(
        actor=cast.dev, now=cast.now, command_id=cid("visit"), patient_id=cast.cora_patient.id,
        chair_id=cast.chair.id, starts=starts, ends=starts + timedelta(hours=3),
    ))  # fmt: skip
    page = browser(cast.cora).get("/portal/").text
    assert "Tuesday, November 24" in page
    assert "10:00 a.m." in page
    assert "Answer 10 questions" in page
    assert "from 4:00 a.m." in page  # no food for six hours, as this clinic's limits say
    assert 'href="/help/"' in page
    assert browser(cast.bea).get("/portal/").status_code == 403
    spanish = browser(cast.cora, **SPANISH).get("/portal/").text
    assert "martes 24 de noviembre" in spanish.lower()
    assert "Responda 10 preguntas" in spanish


def test_staff_see_response_the_patient_sees_their_own_words(cast, clock):
    completed(cast, 21, cast.now - timedelta(days=3))
    session = opened(cast, at=cast.now - timedelta(days=2))
    started(cast, session, at=cast.now - timedelta(days=2))
    completed(cast, 9, cast.now)
    staff = browser(cast.adams).get(f"/patients/{cast.cora_patient.id}/outcomes/").text
    assert "Response" in staff
    assert "not remission" in staff
    own = browser(cast.cora).get("/portal/progress/").text
    assert "from 21 to 9 in 3 days, with 1 session" in own
    assert not re.search("response|remission", own.partition("<main")[2], re.I)
    spanish = browser(cast.cora, **SPANISH).get("/portal/progress/").text
    assert "pasó de 21 a 9 en 3 días, con 1 sesión" in spanish


def test_outcomes_of_another_organization_do_not_exist(cast, clock):
    url = f"/patients/{cast.cora_patient.id}/outcomes/"
    assert browser(cast.faye).get(url).status_code == 404
    assert browser(cast.faye).post(f"{url}ask/").status_code == 404
    assert browser(cast.cora).get(url).status_code == 403


def test_staff_ask_on_the_page_and_read_why_not(cast, clock):
    url = f"/patients/{cast.cora_patient.id}/outcomes/"
    client = browser(cast.bea)
    assert client.post(f"{url}ask/").status_code == 302
    assert "not finished" in client.get(url).text
    again = client.post(f"{url}ask/")
    assert (again.status_code, "has been asked" in again.text) == (422, True)


def test_a_patient_lands_in_their_language_unless_they_chose_one(cast, clock):
    Patient.objects.filter(id=cast.cora_patient.id).update(language="es")
    form = {"login": "cora", "password": PASSWORD}
    assert Client().post("/sign-in/", form).cookies["django_language"].value == "es"
    chosen = Client()
    chosen.cookies.load({"django_language": "en"})
    assert "django_language" not in chosen.post("/sign-in/", form).cookies
    staff = Client().post("/sign-in/", {"login": "bea", "password": PASSWORD})
    assert "django_language" not in staff.cookies


def test_a_wrong_password_is_said_in_spanish(cast, clock):
    client = Client()
    client.cookies.load(SPANISH)
    page = client.post("/sign-in/", {"login": "cora", "password": "no"})
    assert (page.status_code, "no coinciden" in page.text) == (422, True)


def test_a_patient_reads_signs_and_takes_back_consent_in_their_language(cast, clock):
    client, url = browser(cast.cora, **SPANISH), f"/patients/{cast.cora_patient.id}/consent/"
    page = client.get(url).text
    assert "Su decisión" in page
    assert "Chart" not in page
    digest = re.search(r'name="text_digest" value="(\w+)"', page)[1]
    form = {"language": "es", "text_digest": digest, "signed_name": "Cora Castle"}
    unticked = client.post(url, form)
    assert (unticked.status_code, "Marque la casilla" in unticked.text) == (422, True)
    signed = client.post(url, form | {"understood": "on"}, follow=True).text
    assert "Consentimiento registrado." in signed
    take_back = re.search(r'action="([^"]+/withdraw/)"', signed)[1]
    assert "queda retirado" in client.post(take_back, follow=True).text
