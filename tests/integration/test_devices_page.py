from datetime import timedelta

import pytest
from django.test import Client

from leeward.records.accounts.actor import system_actor
from leeward.records.treatments.models import DeviceBinding, SampleTail
from leeward.usecases.record_samples import Observation
from leeward.usecases.watch_devices import note_device
from leeward.web import door
from tests.cast import PASSWORD
from tests.integration.runtime.treating import opened

pytestmark = pytest.mark.django_db
KEY = "AcmeMonitor / SN123"


@pytest.fixture
def at(cast, monkeypatch):
    monkeypatch.setattr(door, "now", lambda: cast.now)
    return cast.now


@pytest.fixture
def bea(cast, at):
    client = Client()
    assert client.login(username="bea", password=PASSWORD)
    return client


def reports(cast, *, ago_s=4, key=KEY, value="93"):
    return note_device(
        actor=system_actor("Device gateway"), now=cast.now - timedelta(seconds=ago_s),
        location_id=cast.location.id, adapter="hl7", key=key,
        observations=[Observation("spo2", value, "%")], unknown_codes=["150020 MDC_PRESS"],
    )  # fmt: skip


def page(client, cast):
    return client.get(f"/devices/{cast.location.id}/").content.decode()


@pytest.mark.hazard("H7")
def test_a_device_on_no_patient_says_so_and_is_charted_nowhere(cast, bea):
    session = opened(cast)
    reports(cast)
    shown = page(bea, cast)
    assert "On no patient, not charted" in shown
    assert ">4 s</b> ago" in shown and "150020 MDC_PRESS" in shown and "93 %" in shown
    assert "1 device on no patient." in bea.get(f"/board/{cast.location.id}/").content.decode()
    assert not SampleTail.objects.exists()
    assert "93" not in bea.get(f"/sessions/{session.id}/series/").content.decode()


@pytest.mark.hazard("H7")
def test_a_named_person_puts_it_on_a_patient_and_the_page_says_who(cast, bea):
    session = opened(cast)
    device = reports(cast)
    url = f"/devices/{cast.location.id}/{device}/bind/"
    assert bea.post(url, {"session": str(session.id)}).status_code == 302
    binding = DeviceBinding.objects.get()
    assert (binding.device_key, binding.bound_by_name) == (KEY, cast.bea.name)
    assert f"confirmed by {cast.bea.name}" in page(bea, cast)
    chair = bea.get(f"/sessions/{session.id}/").content.decode()
    assert f"Device <b>{KEY}</b>, confirmed by {cast.bea.name}" in chair
    assert "on no patient." not in bea.get(f"/board/{cast.location.id}/").content.decode()


def test_it_is_put_on_a_patient_at_the_chair(cast, bea):
    session = opened(cast)
    device = reports(cast)
    assert "No device on this patient" in bea.get(f"/sessions/{session.id}/").content.decode()
    url = f"/sessions/{session.id}/do/bind/"
    assert bea.post(url, {"device": str(device)}).status_code == 302
    assert DeviceBinding.objects.get().settings["period_s"] == {"spo2": "1"}


def test_without_a_patient_named_nothing_is_bound(cast, bea):
    opened(cast)
    device = reports(cast)
    for said in ("", "nobody"):
        answer = bea.post(f"/devices/{cast.location.id}/{device}/bind/", {"session": said})
        assert answer.status_code == 422
        assert "Choose the patient it is on." in answer.content.decode()
    assert not DeviceBinding.objects.exists()


def test_a_device_that_was_switched_off_is_not_offered_at_the_chair(cast, bea):
    session = opened(cast)
    device = reports(cast, ago_s=3600)
    answer = bea.post(f"/sessions/{session.id}/do/bind/", {"device": str(device)})
    assert answer.status_code == 422
    assert "does not report here now" in answer.content.decode()


def test_an_empty_place_says_what_to_do(cast, bea):
    assert "No device has reported here." in page(bea, cast)
