"""E-mail against a real SMTP server on this machine."""

import email
import re
import socket
from email.policy import default
from urllib.parse import urlparse
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from django.test import Client

from leeward.exchange.notify.outbox import OutboxNotifier
from leeward.exchange.notify.smtp import MailNotifier
from leeward.usecases.ports import NotDelivered, Notice


class Box:
    """Keeps what it is given, or refuses it."""

    def __init__(self):
        self.taken, self.refuse = [], ""

    async def handle_DATA(self, server, session, envelope):
        if self.refuse:
            return self.refuse
        self.taken.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 kept"


@pytest.fixture
def box(settings):
    keeper = Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(keeper, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    settings.EMAIL_PORT = port
    yield keeper
    server.stop()


def mailer(tmp_path):
    return MailNotifier(
        sender="desk@harbor.example.org", address="https://harbor.example.org/",
        others=OutboxNotifier(tmp_path),
    )  # fmt: skip


def notice(**changed):
    told = {"id": uuid4(), "channel": "email", "to": "maria@example.com", "subject": "Your visit",
            "body": "See you on Tuesday.", "organization_id": uuid4(), **changed}  # fmt: skip
    return Notice(**told)


def test_an_e_mail_arrives_with_the_way_to_stop_it(box, tmp_path):
    sent = notice()
    mailer(tmp_path).send(sent)
    (mail,) = box.taken
    assert (mail["To"], mail["Subject"]) == ("maria@example.com", "Your visit")
    assert str(sent.id) in mail["Message-ID"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip(" <>")
    assert link.startswith("https://harbor.example.org/stop/")
    assert link in re.sub(r"\s", "", mail.get_content())


def test_in_spanish_the_link_is_told_in_spanish(box, tmp_path):
    mailer(tmp_path).send(notice(language="es"))
    assert "Para no recibir" in box.taken[0].get_content()
    assert "/es/stop/" in box.taken[0]["List-Unsubscribe"]


@pytest.mark.django_db
def test_the_link_that_was_sent_stops(box, tmp_path, cast):
    from leeward.usecases.change_contact import may_send

    mailer(tmp_path).send(notice(organization_id=cast.organization.id))
    link = box.taken[0]["List-Unsubscribe"].strip(" <>")
    pressed = Client(enforce_csrf_checks=True).post(
        urlparse(link).path, {"List-Unsubscribe": "One-Click"}
    )
    assert pressed.status_code == 200
    assert not may_send(cast.organization.id, "email", "maria@example.com")


def test_a_refusal_of_the_server_leaves_the_message_with_its_reason(box, tmp_path):
    box.refuse = "451 try later"
    with pytest.raises(NotDelivered, match="451"):
        mailer(tmp_path).send(notice())


def test_a_server_that_is_not_there_is_no_delivery(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(NotDelivered):
        mailer(tmp_path).send(notice())


def test_a_name_with_a_new_line_slips_no_header_in(box, tmp_path):
    with pytest.raises(NotDelivered):
        mailer(tmp_path).send(notice(subject="Hello\nBcc: everybody@example.com"))
    assert box.taken == []


def test_texts_still_go_to_the_outbox(box, tmp_path):
    mailer(tmp_path).send(notice(channel="sms", to="+16155550171"))
    assert len(list(tmp_path.glob("*.json"))) == 1
