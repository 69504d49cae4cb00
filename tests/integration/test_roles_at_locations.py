"""A role counts where it is held: who treats at one place and keeps the desk at another."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from leeward.records.accounts.models import StaffRole, User
from leeward.records.organizations.models import Location
from leeward.web.stream_reader import Reader
from leeward.web.stream_tokens import read_token, stream_token
from tests.cast import chart_weight, cid
from tests.integration.test_one_patient_all_the_way import accept, booked, consent, order

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cast):
    from leeward.usecases.open_session import open_session

    chart_weight(cast)
    accept(cast), order(cast), consent(cast)
    return open_session(
        actor=cast.bea, now=cast.now, command_id=cid("open"), appointment_id=booked(cast).id
    )


@pytest.fixture
def dev(cast):
    """Dev keeps the desk at Harbor Street and nurses at a second place of the same clinic."""
    second = Location.objects.create(
        organization=cast.organization, name="Second", slug="second", timezone="America/New_York"
    )
    StaffRole.objects.create(user_id=cast.dev.id, role="nurse", location=second)
    client = Client()
    client.force_login(User.objects.get(login="dev"))
    return client


@pytest.mark.parametrize(
    "page", ["session", "session-series", "session-levels", "discharge", "note", "note-bundle",
             "discharge-instructions"],
)  # fmt: skip
def test_a_nurse_elsewhere_reads_no_session_where_they_keep_the_desk(cast, session, dev, page):
    assert dev.get(reverse(page, args=[session.id])).status_code == 403


@pytest.mark.parametrize("page", ["candidacy", "plan", "plan-levels", "consent"])
def test_nor_a_clinical_page_of_a_patient_there(cast, dev, page):
    assert dev.get(reverse(page, args=[cast.cora_patient.id])).status_code == 403


def test_the_desk_still_books_there(cast, dev):
    assert dev.get(reverse("book", args=[cast.cora_patient.id])).status_code == 200


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch):
    """The reader closes stale connections; here it shares the transaction of the test."""
    monkeypatch.setattr("leeward.web.stream_reader.close_old_connections", lambda: None)


def test_a_stream_ends_when_the_place_is_no_longer_theirs(cast):
    token = stream_token(cast.bea, [f"board:{cast.location.id}"], cast.now)
    allowed = read_token(token, cast.now + timedelta(minutes=1))
    reader = Reader(lambda: cast.now)
    assert reader.is_good(allowed)
    StaffRole.objects.filter(user_id=cast.bea.id).delete()
    assert not reader.is_good(allowed)


def test_the_stream_of_a_session_ends_when_only_the_desk_is_left(cast, session):
    token = stream_token(cast.bea, [f"session:{session.id}"], cast.now)
    allowed = read_token(token, cast.now + timedelta(minutes=1))
    reader = Reader(lambda: cast.now)
    assert reader.is_good(allowed)
    StaffRole.objects.filter(user_id=cast.bea.id).delete()
    StaffRole.objects.create(user_id=cast.bea.id, role="nurse", location=Location.objects.create(
        organization=cast.organization, name="Second", slug="second", timezone="UTC"
    ))  # fmt: skip
    assert not reader.is_good(allowed)
