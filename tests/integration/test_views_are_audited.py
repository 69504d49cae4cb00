"""Whoever opens, or is refused, a page stands in the trail: for every page there is."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from fhir.resources.R4B.auditevent import AuditEvent

from leeward.exchange.fhir.audit_event import audit_event
from leeward.records.accounts.models import StaffRole
from leeward.records.audit.models import AuditEntry
from leeward.records.audit.selectors import Asked, iterate_entries
from leeward.records.people.models import Patient
from leeward.usecases.sign_in import MAX_FAILURES, sign_in
from tests.cast import PASSWORD, cid
from tests.integration.test_access_table import ACTIONS, client_of, routes
from tests.integration.test_access_table import world as world  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.django_db
# Addresses that name a place or a thing of the clinic, and nobody.
OF_NOBODY = {"location_id", "store_id", "vial_id", "case_id", "device_id", "slug"}
# A person who is no patient yet: the entry names the request.
NOT_YET = {"request_id"}
READER = {"patient": "cora"}


def pages():
    for route in routes():
        roles = getattr(route.callback, "roles", ())
        if "public" not in roles and "GET" in route.callback.methods:
            yield pytest.param(route, id=route.name)


@pytest.fixture
def eve_does_all(world, cast):
    """One person who may open every page of the staff."""
    for role in ("nurse", "prescriber", "front_desk", "custodian"):
        StaffRole.objects.get_or_create(user_id=cast.eve.id, role=role, location=cast.location)
    return world


def address(route, world):
    names = dict(world, action=ACTIONS.get(route.name, "x"))
    return reverse(route.name, kwargs={k: names[k] for k in route.pattern.converters})


@pytest.mark.hazard("H31")
@pytest.mark.parametrize("route", list(pages()))
def test_every_page_that_is_opened_is_in_the_trail(eve_does_all, cast, route):
    reader = "cora" if "patient" in route.callback.roles else "eve"
    before = AuditEntry.objects.count()
    answer = client_of(reader).get(address(route, eve_does_all), headers={"HX-Request": "true"})
    new = AuditEntry.objects.order_by("id")[before:]
    told = [e for e in new if e.action.endswith((".viewed", ".exported", ".printed", ".denied"))]
    if 300 <= answer.status_code < 400:
        assert told == []
        return
    assert len(told) >= 1, answer.status_code
    for name in NOT_YET & set(route.pattern.converters):
        assert told[-1].detail["asked"][name] == str(eve_does_all[name])
    # Every address that names more than a place leads to Cora, and so do her own pages.
    names_somebody = set(route.pattern.converters) - OF_NOBODY - NOT_YET - {"action"}
    inventory = route.name in ("ledger-inventory", "ledger-correct")
    if (names_somebody and not inventory) or reader == "cora":
        assert cast.cora_patient.id in {entry.patient_id for entry in told}


@pytest.mark.hazard("H31")
def test_who_is_turned_away_is_in_the_trail_with_whom_they_asked_for(world, cast):
    page = reverse("chart", kwargs={"patient_id": cast.cora_patient.id})
    assert client_of("faye").get(page).status_code == 404
    assert (
        client_of("dev").get(reverse("candidacy", args=[cast.cora_patient.id])).status_code == 403
    )
    faye, dev = AuditEntry.objects.filter(action="access.denied").order_by("id")
    assert (faye.actor_name, faye.outcome, faye.patient_id) == ("Faye", "refused", None)
    assert faye.detail["asked"] == {"patient_id": str(cast.cora_patient.id)}
    assert (dev.actor_name, dev.patient_id) == ("Dev", cast.cora_patient.id)


def test_a_page_that_renews_itself_is_one_view(world, cast):
    page = reverse("chart", kwargs={"patient_id": cast.cora_patient.id})
    bea, views = client_of("bea"), AuditEntry.objects.filter(action="patient.viewed")
    for _ in range(3):
        bea.get(page, headers={"HX-Request": "true"})
    assert views.count() == 1
    bea.get(page)
    assert views.count() == 2


def test_sign_in_wrong_passwords_and_throttling_are_in_the_trail(cast, now):
    for _ in range(MAX_FAILURES + 1):
        sign_in(origin="10.0.0.9", now=now, login="bea", password="not it")
    sign_in(origin="10.0.0.9", now=now + timedelta(hours=1), login="bea", password=PASSWORD)
    told = AuditEntry.objects.filter(origin="10.0.0.9").order_by("id")
    assert [e.action for e in told] == [
        *["access.refused"] * MAX_FAILURES, "access.throttled", "access.signed_in"
    ]  # fmt: skip


def test_the_director_finds_entries_by_person_patient_action_outcome_and_day(world, cast):
    chart = reverse("chart", kwargs={"patient_id": cast.cora_patient.id})
    client_of("bea").get(chart)
    client_of("dev").get(reverse("candidacy", args=[cast.cora_patient.id]))
    eve = client_of("eve")

    def found(**asked):
        page = eve.get(reverse("audit"), asked)
        return [row.entry for row in page.context["page"].rows] if page.context else []

    assert {e.actor_name for e in found(person="bea")} == {"Bea"}
    assert {e.patient_id for e in found(patient="castle")} == {cast.cora_patient.id}
    assert found(patient="nobody at all") == []
    assert {e.action for e in found(action="patient.viewed")} == {"patient.viewed"}
    assert {e.actor_name for e in found(outcome="refused")} == {"Dev"}
    assert found(first="2031-01-01") == []
    assert found(last="2001-01-01") == []
    assert len(found(first="0001-01-01", last="9999-12-31")) > 5


def test_a_long_trail_is_read_page_by_page_without_a_gap(world, cast):
    eve, seen, before = client_of("eve"), [], None
    while True:
        asked = {"before": before} if before else {}
        page = eve.get(reverse("audit"), {**asked, "last": "2026-11-19"}).context["page"]
        seen += [row.entry.seq for row in page.rows]
        before = page.next_before
        if before is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) > 10


def test_one_patients_report_names_everybody_who_opened_the_chart(world, cast):
    for person in ("bea", "adams"):
        client_of(person).get(reverse("chart", kwargs={"patient_id": cast.cora_patient.id}))
    page = client_of("eve").get(reverse("audit-report", args=[cast.cora_patient.id]))
    names = {name for name, _ in page.context["report"].people}
    assert {"Bea", "Adams"} <= names
    assert "Castle" in page.content.decode()


def test_an_export_of_the_trail_is_in_the_trail_and_runs_no_formula(world, cast):
    Patient.objects.filter(id=cast.cora_patient.id).update(family="=cmd()")
    eve = client_of("eve")
    answer = eve.get(reverse("audit-export"), {"as": "csv", "action": "session."})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert {row["action"].split(".")[0] for row in rows} == {"session"}
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]
    told = AuditEntry.objects.filter(action="audit.exported").get()
    assert (told.actor_name, told.detail["form"]) == ("Eve", "csv")
    assert told.detail["searched"] == {"action": "session."}
    lines = b"".join(eve.get(reverse("audit-export"), {"as": "ndjson"}).streaming_content)
    assert all(json.loads(line)["hash"] for line in lines.splitlines())


def test_every_entry_is_a_valid_audit_event(world, cast):
    client_of("faye").get(reverse("chart", kwargs={"patient_id": cast.cora_patient.id}))
    client_of("bea").get(reverse("chart", kwargs={"patient_id": cast.cora_patient.id}))
    eve = client_of("eve")
    text = b"".join(eve.get(reverse("audit-export"), {"as": "fhir"}).streaming_content)
    events = [AuditEvent.model_validate_json(line) for line in text.splitlines()]
    assert len(events) > 20
    assert f"Patient/{cast.cora_patient.id}" in {
        entity.what.reference for event in events for entity in event.entity or ()
        if entity.what.reference
    }  # fmt: skip
    for entry in iterate_entries(cast.other_organization.id, Asked()):
        AuditEvent.model_validate(audit_event(entry, "Elsewhere"))


def test_only_the_director_reads_the_trail_and_only_their_own(world, cast):
    from leeward.usecases import set_up_clinic

    for person in ("bea", "adams", "dev", "cora"):
        assert client_of(person).get(reverse("audit")).status_code == 403
    set_up_clinic.create_staff(
        actor=cast.faye, now=cast.now, command_id=cid("gil"), login="gil", name="Gil",
        organization=cast.other_organization, password=PASSWORD,
        roles=[("director", cast.other_location)],
    )  # fmt: skip
    page = client_of("gil").get(reverse("audit"))
    assert page.status_code == 200
    assert {row.entry.actor_name for row in page.context["page"].rows}.isdisjoint(
        {"Bea", "Adams", "Eve"}
    )
    assert (
        client_of("gil").get(reverse("audit-report", args=[cast.cora_patient.id])).status_code
        == 404
    )
