"""The notifier's contract, and that no message is lost when its carrier is."""

import json
from uuid import uuid4

import pytest

from leeward.exchange.notify.outbox import OutboxNotifier
from leeward.records.messaging.models import Message
from leeward.usecases import ports
from leeward.usecases.notify import deliver, list_undelivered, queue_message
from tests.cast import cid

NOTICE = ports.Notice(uuid4(), "email", "cora@example.org", "Hello", "Please answer.\n¿Sí?")


class NotifierContract:
    """What every notifier must do; a carrier's own adapter inherits these tests."""

    def make(self, tmp_path):
        raise NotImplementedError

    def delivered(self, tmp_path):
        raise NotImplementedError

    def test_hands_over_every_field_unchanged(self, tmp_path):
        self.make(tmp_path).send(NOTICE)
        (found,) = self.delivered(tmp_path)
        assert found == {"channel": "email", "to": "cora@example.org", "subject": "Hello",
                         "body": "Please answer.\n¿Sí?"}  # fmt: skip

    def test_handing_over_twice_delivers_once(self, tmp_path):
        notifier = self.make(tmp_path)
        notifier.send(NOTICE)
        notifier.send(NOTICE)
        assert len(self.delivered(tmp_path)) == 1


class TestOutbox(NotifierContract):
    def make(self, tmp_path):
        return OutboxNotifier(tmp_path / "outbox")

    def delivered(self, tmp_path):
        return [json.loads(f.read_text()) for f in (tmp_path / "outbox").glob("*.json")]


class Unreachable:
    def send(self, notice):
        raise ports.NotDelivered("the carrier does not answer")


@pytest.fixture
def notifier():
    before = ports.notifier()
    yield lambda new: ports.register(notifier=new)
    ports.register(notifier=before)


def queue(cast):
    return queue_message(
        actor=cast.bea, now=cast.now, command_id=cid("m"), patient=cast.cora_patient,
        purpose="questionnaire", subject="Questions", body="Please answer.",
    )  # fmt: skip


def test_a_message_is_kept_and_sent_after_the_commit(
    cast, notifier, tmp_path, django_capture_on_commit_callbacks
):
    notifier(OutboxNotifier(tmp_path))
    with django_capture_on_commit_callbacks(execute=True):
        message = queue(cast)
        assert list(tmp_path.iterdir()) == []
    message.refresh_from_db()
    assert message.status == Message.SENT
    assert len(list(tmp_path.iterdir())) == 1


def test_an_unreachable_carrier_leaves_the_message_queued_with_the_reason(
    cast, notifier, tmp_path, django_capture_on_commit_callbacks
):
    notifier(Unreachable())
    with django_capture_on_commit_callbacks(execute=True):
        message = queue(cast)
    message.refresh_from_db()
    assert (message.status, message.error) == (Message.QUEUED, "the carrier does not answer")
    assert list_undelivered() == [message.id]
    notifier(OutboxNotifier(tmp_path))
    assert deliver(message.id, now=cast.now)
    assert list_undelivered() == []


def test_a_patient_without_contact_gets_no_message(cast):
    cast.cora_patient.email = ""
    assert queue(cast) is None
