"""Every URL x everybody: who gets in, who is told no, and for whom it does not exist.

The table is generated from the URLs and the roles on their views, so a new page is in it from its
first day; a view without a role decorator fails.
"""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.template.base import Template
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from leeward.exchange.notify.stop_links import StopLink, stop_link
from leeward.records.accounts.actor import system_actor
from leeward.records.accounts.models import StaffRole, User
from leeward.usecases.bind_device import bind_device
from leeward.usecases.count_stock import count_stock, record_inventory
from leeward.usecases.record_samples import Observation
from leeward.usecases.request_consultation import Asked, request_consultation
from leeward.usecases.tasks import raise_task
from leeward.usecases.watch_devices import note_device
from leeward.web.call_tokens import call_token
from leeward.web.door import STAFF_ROLES
from tests.cast import chart_weight, cid
from tests.integration.ledger_story import Stock
from tests.integration.test_one_patient_all_the_way import accept, booked, consent, order

pytestmark = pytest.mark.django_db

ACTIONS = {"session-act": "identify", "requests-act": "take", "discharge-act": "escort"}
PEOPLE = ("anonymous", "dev", "bea", "adams", "eve", "cora", "faye")
# A hook lets in whoever has its secret, whoever they are otherwise.
LET_IN = {200, 302, 303, 401, 422}


def routes():
    for pattern in get_resolver().url_patterns[0].url_patterns:
        assert isinstance(pattern, URLPattern), pattern
        yield pattern


def cases():
    for route in routes():
        for method in getattr(route.callback, "methods", ("GET",)):
            yield pytest.param(route, method, id=f"{method} {route.name}")


@pytest.fixture
def world(cast, settings):
    """One of everything that a URL can name, all of it Harbor's; a demo home has every page."""
    settings.LEEWARD_DEMO = True
    cast.organization.is_demo = True
    cast.organization.save()
    chart_weight(cast)
    accept(cast), order(cast)
    given = consent(cast)
    visit = booked(cast)
    from leeward.usecases.open_session import open_session

    session = open_session(
        actor=cast.bea, now=cast.now, command_id=cid("open"), appointment_id=visit.id
    )
    task = raise_task(
        actor=cast.bea, now=cast.now, command_id=cid("task"), patient=cast.cora_patient,
        kind="call", because="Call back.",
    )  # fmt: skip
    response = cast.cora_patient.questionnaire_responses.create(
        id=cid("response"), instrument="phq-9", language="en", requested_at=cast.now
    )
    bind_device(
        actor=cast.bea, now=cast.now, command_id=cid("simulated"), session_id=session.id,
        kind="simulator", label="Simulated patient", settings={"scenario": "calm"},
    )  # fmt: skip
    device_id = note_device(
        actor=system_actor("Device gateway"), now=cast.now, location_id=cast.location.id,
        adapter="hl7", key="Monitor 7", observations=[Observation("hr", "72", "/min")],
    )  # fmt: skip
    for role in STAFF_ROLES:
        StaffRole.objects.get_or_create(
            user_id=cast.faye.id, role=role, location=cast.other_location
        )
    return _drugs(cast) | {
        "patient_id": cast.cora_patient.id, "location_id": cast.location.id,
        "appointment_id": visit.id, "session_id": session.id, "task_id": task.id,
        "consent_id": given.id, "device_id": device_id, "response_id": response.id,
        "slug": "session", "question_id": "age", "token": "start",
        "organization": "harbor", "site": "harbor", "request_id": _asked(cast).id,
        "link": stop_link(StopLink(cast.organization.id, "email", "a@example.org")),
        "command_id": cid("open"), "call_token": call_token(session.id, datetime.now(UTC)),
    }  # fmt: skip


def _drugs(cast):
    """A store, a vial, an inventory and an open difference."""
    stock = Stock(cast, vials=1)
    sure = {"actor": cast.eve, "now": cast.now}
    count = {**sure, "store_id": stock.safe.id}
    count_stock(**count, command_id=stock.new(), counted=stock.in_safe())
    (inventory,) = record_inventory(
        **sure, command_id=stock.new(), location_id=cast.location.id, moment="close",
        witness=stock.confirmed("ben"),
    )  # fmt: skip
    vial = stock.vials[0].id
    (short,) = count_stock(**count, command_id=stock.new(), counted={vial: 990})
    return {"store_id": stock.safe.id, "vial_id": vial, "entry_id": inventory.id,
            "case_id": short.found.get().id}  # fmt: skip


def _asked(cast):
    """A request of the public to Harbor."""
    return request_consultation(
        actor=cast.dev, now=cast.now, command_id=cid("asked"),
        organization_id=cast.organization.id, location_id=cast.location.id,
        asked=Asked("Ann", "ann@example.org", "", "en", "Pain.", (), "/talk/harbor/"),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def no_query_in_templates(monkeypatch):
    """Templates run no query: selectors hand over finished values."""
    render = Template.render

    def refuse(execute, sql, params, many, context):
        raise AssertionError(f"a template ran a query: {sql[:200]}")

    def guarded(self, context):
        with connection.execute_wrapper(refuse):
            return render(self, context)

    monkeypatch.setattr(Template, "render", guarded)


def client_of(person):
    client = Client(raise_request_exception=True)
    if person != "anonymous":
        client.force_login(User.objects.get(login=person))
    return client


def expected(route, person, roles):
    if "public" in roles:
        return "in"
    if person == "anonymous":
        return "sign in"
    held = {
        "dev": {"front_desk"}, "bea": {"nurse"}, "adams": {"prescriber"}, "eve": {"director"},
        "cora": {"patient"}, "faye": set(STAFF_ROLES),
    }[person]  # fmt: skip
    if not held & roles:
        return "forbidden"
    if person == "faye" and route.pattern.converters:
        return "not found"
    return "in"


def outcome(response):
    if response.status_code == 302 and response.url.startswith("/sign-in/"):
        return "sign in"
    return {403: "forbidden", 404: "not found"}.get(
        response.status_code, "in" if response.status_code in LET_IN else response.status_code
    )


def test_every_view_says_who_may():
    bare = [r.name for r in routes() if not getattr(r.callback, "roles", None)]
    assert bare == []
    assert len(list(routes())) > 30


@pytest.mark.parametrize(("route", "method"), list(cases()))
def test_everybody_gets_what_the_table_says(world, route, method):
    names = dict(world, action=ACTIONS.get(route.name, "x"))
    url = reverse(route.name, kwargs={k: names[k] for k in route.pattern.converters})
    wrong = {}
    for person in PEOPLE:
        client = client_of(person)
        response = client.generic(method, url) if method != "POST" else client.post(url, {})
        got, want = outcome(response), expected(route, person, route.callback.roles)
        if got != want:
            wrong[person] = f"{got}, not {want}"
    assert wrong == {}


def test_a_page_that_does_not_exist_is_not_found_for_all(world):
    for person in PEOPLE:
        url = reverse("session", kwargs={"session_id": uuid.uuid4()})
        assert client_of(person).get(url).status_code in (302, 403, 404)


def test_another_organizations_people_do_not_show_up_in_lists(world, cast):
    faye = client_of("faye")
    for name in ("patients", "tasks"):
        page = faye.get(reverse(name)).content.decode()
        assert "Castle" not in page
        assert "Call back" not in page
    bea = client_of("bea")
    assert "Castle" in bea.get(reverse("patients")).content.decode()
