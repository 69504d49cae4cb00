"""From the public's form to the inbox, and the words that stop messages."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from leeward.core.quantities import Refusal
from leeward.exchange.notify.stop_links import StopLink, stop_link
from leeward.records.accounts.actor import ANONYMOUS, NotFound
from leeward.records.charts.models import Task
from leeward.records.messaging.models import ContactConsent, Message
from leeward.records.overview.requests import get_inbox
from leeward.records.people.models import ConsultationRequest
from leeward.usecases import answer_request, change_contact, notify
from leeward.usecases.request_consultation import (
    FROM_ONE_PLACE,
    Asked,
    newest_wordings,
    request_consultation,
)
from tests.cast import cid

FORM = "/talk/harbor/"
WRITTEN = {"name": "Maria L.", "email": "maria.l@example.com", "speak": "en", "words": "Pain."}


def post(cast, **changed):
    data = {**WRITTEN, "place": str(cast.location.id), "command_id": str(uuid4()), **changed}
    return Client().post(FORM, data)


def ask(cast, act="one", **changed):
    written = {"name": "Maria L.", "email": "maria.l@example.com", "phone": "(615) 555-0171",
               "language": "en", "words": "Pain.", "agreed": ("sms.1", "email.1"),
               "page": FORM, **changed}  # fmt: skip
    return request_consultation(
        actor=ANONYMOUS, now=cast.now, command_id=cid(act),
        organization_id=cast.organization.id, location_id=cast.location.id,
        asked=Asked(**written),
    )  # fmt: skip


def test_a_request_reaches_the_inbox_and_nothing_is_ticked_for_anybody(cast):
    page = Client().get(FORM).content.decode()
    assert page.count('type="checkbox"') == 2
    assert "checked" not in page.split('type="checkbox"')[1].split(">")[0]
    assert post(cast).status_code == 302
    (line,) = get_inbox(cast.dev, cast.now).lines
    assert (line.name, line.email, line.words) == ("Maria L.", "maria.l@example.com", "Pain.")
    assert [may.given for may in line.may_write] == [False]
    assert not ContactConsent.objects.exists()


def test_each_box_is_kept_with_its_words_time_and_page(cast):
    post(cast, **{"agree-email.1": "yes"})
    (kept,) = ContactConsent.objects.all()
    assert (kept.channel, kept.wording_id, kept.page) == ("email", "email.1", FORM)
    assert kept.wording.startswith("Harbor Street may e-mail me")


def test_a_box_for_a_channel_without_an_address_agrees_to_nothing(cast):
    post(cast, **{"agree-sms.1": "yes"})
    assert not ContactConsent.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "maria.l@"}, "Write the rest of your e-mail address"),
        ({"email": "", "phone": ""}, "Give an e-mail address or a phone number"),
        ({"phone": "call me"}, "Write your phone number with its area code"),
        ({"place": "elsewhere"}, "Choose a clinic"),
        ({"words": "x" * 2001}, "Make this shorter"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(cast, wrong, said):
    answer = post(cast, **wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "Maria L." in page
    assert not ConsultationRequest.objects.exists()


def test_it_is_said_in_spanish_too(cast):
    answer = Client().post("/es/talk/harbor/", {**WRITTEN, "email": "x", "speak": "es",
                                                "place": str(cast.location.id)})  # fmt: skip
    assert "Escriba el correo completo" in answer.content.decode()


def test_what_a_machine_fills_in_is_thanked_and_dropped(cast):
    assert post(cast, website="http://spam.example").status_code == 302
    assert not ConsultationRequest.objects.exists()


def test_a_flood_from_one_place_is_told_to_call(cast):
    for number in range(FROM_ONE_PLACE):
        assert not isinstance(ask(cast, f"f{number}"), Refusal)
    assert ask(cast, "one more").code == "request.too_many"


def test_the_same_press_twice_is_one_request(cast):
    assert ask(cast).id == ask(cast).id
    assert ConsultationRequest.objects.count() == 1


@pytest.mark.parametrize(
    "words", ["I want to kill myself", "quiero matarme", "i wnat to kil myslef"]
)
def test_words_of_crisis_bring_the_numbers_and_an_urgent_task(cast, words):
    answer = post(cast, words=words)
    assert answer.url.endswith("?call=1")
    main = Client().get(answer.url).content.decode().partition('<main id="main"')[2]
    assert "tel:988" in main.partition("<h1>")[0]
    task = Task.objects.get()
    assert (task.priority, task.role, task.location) == ("urgent", "prescriber", cast.location)
    assert get_inbox(cast.dev, cast.now).lines[0].alarm == "crisis"


def test_hostile_words_stay_words(cast):
    post(cast, name="<script>alert(1)</script>", words="<img src=x onerror=alert(1)>")
    desk = Client()
    from leeward.records.accounts.models import User

    desk.force_login(User.objects.get(login="dev"))
    page = desk.get("/requests/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_alarms_stand_first_then_the_longest_wait(cast):
    for number, (hours, words) in enumerate([(1, "a"), (30, "b"), (0, "I want to die")]):
        row = ask(cast, f"r{number}", words=words)
        ConsultationRequest.objects.filter(id=row.id).update(
            received_at=cast.now - timedelta(hours=hours)
        )
    lines = get_inbox(cast.dev, cast.now).lines
    assert [line.words for line in lines] == ["I want to die", "b", "a"]
    assert [line.late for line in lines] == [False, True, False]
    assert lines[1].waited == "1 day 6 h"


def test_a_try_a_reach_and_an_outcome_are_kept(cast):
    row = ask(cast)
    do = {"actor": cast.dev, "now": cast.now, "request_id": row.id}
    answer_request.log_try(**do, command_id=cid("t1"), how="phone", note="no", reached=False)
    row.refresh_from_db()
    assert row.status == "tried"
    answer_request.log_try(**do, command_id=cid("t2"), how="phone", note="", reached=True)
    refused = answer_request.close_request(**do, command_id=cid("c"), booked=True, because=" ")
    assert refused.code == "request.no_reason"
    answer_request.close_request(**do, command_id=cid("c2"), booked=True, because="Tuesday 9:30")
    row.refresh_from_db()
    assert (row.status, row.outcome, len(row.tries)) == ("booked", "Tuesday 9:30", 2)
    late = answer_request.take_request(**do, command_id=cid("late"))
    assert late.code == "request.closed"


def test_two_of_one_person_are_shown_and_never_merged(cast):
    one, two = ask(cast), ask(cast, "two", name="M. L.", phone="+16155550171", email="")
    (alike,) = get_inbox(cast.dev, cast.now, chosen=two.id).alike
    assert (alike.id, alike.what) == (one.id, ("phone",))
    answer_request.say_same_person(
        actor=cast.dev, now=cast.now, command_id=cid("same"), request_id=two.id, other_id=one.id
    )
    assert ConsultationRequest.objects.count() == 2
    round_trip = answer_request.say_same_person(
        actor=cast.dev, now=cast.now, command_id=cid("back"), request_id=one.id, other_id=two.id
    )
    assert round_trip.code == "request.same"


def test_another_organization_sees_none_of_it(cast):
    row = ask(cast)
    assert get_inbox(cast.faye, cast.now).lines == ()
    with pytest.raises(NotFound):
        answer_request.take_request(
            actor=cast.faye, now=cast.now, command_id=cid("x"), request_id=row.id
        )


def message(cast, channel, to):
    return Message.objects.create(
        organization=cast.organization, channel=channel, to=to, purpose="test", body="Hello.",
        created_at=cast.now,
    )  # fmt: skip


@pytest.mark.parametrize("word", ["STOP", "stop.", " Alto ", "Cancelar", "UNSUBSCRIBE"])
def test_a_word_stops_texts_at_once_however_the_number_is_written(cast, word):
    ask(cast)
    queued = message(cast, "sms", "6155550171")
    heard, theirs = change_contact.take_text_message(
        now=cast.now, command_id=cid("sms"), sender="+1 615 555 0171", body=word
    )
    queued.refresh_from_db()
    assert (heard, theirs, queued.status) == ("stop", [cast.organization.id], "held")
    assert not notify.deliver(message(cast, "sms", "6155550171").id, now=cast.now)
    change_contact.take_text_message(
        now=cast.now + timedelta(minutes=1), command_id=cid("again"), sender="+16155550171",
        body="START",
    )  # fmt: skip
    assert notify.deliver(message(cast, "sms", "6155550171").id, now=cast.now)


def test_the_hook_takes_nothing_without_its_secret(cast, settings):
    ask(cast)
    sent = {"From": "+16155550171", "Body": "STOP"}
    assert Client().post("/hooks/sms/", sent).status_code == 401
    settings.LEEWARD_SMS_HOOK_SECRET = "a secret of the carrier"
    assert Client().post("/hooks/sms/", sent, headers={"X-Leeward-Hook": "x"}).status_code == 401
    taken = Client().post(
        "/hooks/sms/", sent, headers={"X-Leeward-Hook": "a secret of the carrier"}
    )
    assert taken.content == b"stop\n"
    assert not ContactConsent.objects.order_by("-id").first().given


def test_one_press_on_the_link_stops_e_mail_and_a_look_does_not(cast):
    ask(cast)
    url = f"/stop/{stop_link(StopLink(cast.organization.id, 'email', 'maria.l@example.com'))}/"
    program = Client(enforce_csrf_checks=True)
    program.get(url)
    assert notify.deliver(message(cast, "email", "maria.l@example.com").id, now=cast.now)
    assert program.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not notify.deliver(message(cast, "email", "maria.l@example.com").id, now=cast.now)
    assert Client().get("/stop/forged/").status_code == 404


def test_the_newest_wording_of_each_channel_is_shown():
    assert [w.id for w in newest_wordings()] == ["sms.1", "email.1"]


@pytest.mark.parametrize(
    "path", ["/places/", "/places/harbor/harbor/", "/es/places/harbor/harbor/"]
)
def test_places_have_pages_of_their_own(cast, path):
    page = Client().get(path)
    assert page.status_code == 200
    assert len(page.content) < 100_000
    assert Client().get("/places/harbor/nowhere/").status_code == 404
