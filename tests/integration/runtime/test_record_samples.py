from datetime import timedelta
from uuid import uuid4

import pytest

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import NotPermitted, system_actor
from leeward.records.treatments import samples, store
from leeward.records.treatments.models import SampleBlock, SampleTail
from leeward.usecases.bind_device import bind_device, unbind_device
from leeward.usecases.record_samples import (
    Observation,
    SecondOfSamples,
    Taken,
    record_samples,
    seal_samples,
)
from tests.cast import cid
from tests.integration.runtime.treating import bound, opened

BOOT = cid("boot")
GATEWAY = system_actor("Device gateway")


def second(seq, at, **readings):
    return SecondOfSamples(
        seq,
        at,
        tuple(
            Observation(channel, value, {"spo2": "%", "hr": "/min"}[channel])
            for channel, value in readings.items()
        ),
    )


def take(binding, batch, *, boot=BOOT, now=None, actor=GATEWAY):
    return record_samples(
        actor=actor, now=now or batch[-1].at, binding_id=binding.id, boot_id=boot, batch=batch
    )


@pytest.fixture
def session(cast):
    return opened(cast)


@pytest.fixture
def binding(cast, session):
    return bound(cast, session)


@pytest.mark.hazard("H7")
def test_data_of_a_device_nobody_confirmed_is_refused(cast, db):
    refused = record_samples(
        actor=GATEWAY, now=cast.now, binding_id=uuid4(), boot_id=uuid4(),
        batch=[second(1, cast.now, spo2="97")],
    )  # fmt: skip
    assert refused.code == "samples.unbound"
    assert not SampleTail.objects.exists()


@pytest.mark.hazard("H7")
def test_data_after_unbinding_is_refused(cast, binding):
    unbind_device(
        actor=cast.bea,
        now=cast.now,
        command_id=cid("off"),
        session_id=binding.session_id,
        binding_id=binding.id,
    )
    assert take(binding, [second(1, cast.now, spo2="97")]).code == "samples.unbound"


@pytest.mark.hazard("H7")
def test_data_after_the_patient_has_left_is_refused(cast, session, binding):
    type(session).objects.filter(id=session.id).update(stage="departed")
    assert take(binding, [second(1, cast.now, spo2="97")]).code == "samples.unbound"


@pytest.mark.hazard("H7")
def test_a_device_of_another_organization_reaches_nothing(cast, binding):
    stranger = system_actor("Gateway", cast.other_organization.id)
    refused = take(binding, [second(1, cast.now, spo2="97")], actor=stranger)
    assert refused.code == "samples.unbound"


def test_people_do_not_send_samples(cast, binding):
    with pytest.raises(NotPermitted):
        take(binding, [second(1, cast.now, spo2="97")], actor=cast.bea)


@pytest.mark.hazard("H7")
def test_one_device_is_on_one_patient_at_a_time(cast, session, binding):
    again = bind_device(
        actor=cast.bea, now=cast.now, command_id=cid("again"), session_id=session.id,
        kind="replay", label="Monitor 2", settings={"file": "a.csv"},
    )  # fmt: skip
    assert again.code == "device.already_bound"


def test_a_binding_is_confirmed_by_a_nurse_and_logged_once(cast, session):
    first, retry = bound(cast, session), bound(cast, session)
    assert first.id == retry.id
    assert first.bound_by_name == "Bea"
    names = [type(r.event).__name__ for r in store.load(session.id)]
    assert names.count("DeviceBound") == 1


@pytest.mark.parametrize("file", ["../secret.csv", "/etc/passwd", "", ".hidden"])
def test_a_recording_is_named_without_a_path(cast, session, file):
    refused = bind_device(
        actor=cast.bea, now=cast.now, command_id=cid("path"), session_id=session.id,
        kind="replay", label="Monitor 1", settings={"file": file},
    )  # fmt: skip
    assert refused.code == "device.settings"


def test_a_second_sent_twice_is_kept_once(cast, binding):
    batch = [second(1, cast.now, spo2="97"), second(2, cast.now + timedelta(seconds=1), hr="71")]
    assert take(binding, batch) == Taken(kept=2)
    assert take(binding, batch) == Taken(kept=0, known=2)
    assert SampleTail.objects.count() == 2


def test_an_adapter_started_again_begins_its_numbers_anew(cast, binding):
    take(binding, [second(1, cast.now, spo2="97")])
    later = second(1, cast.now + timedelta(seconds=9), spo2="96")
    assert take(binding, [later], boot=cid("second boot")) == Taken(kept=1)


@pytest.mark.hazard("H21")
def test_zeros_and_impossible_numbers_are_no_value_and_kept_raw(cast, binding):
    take(binding, [second(1, cast.now, spo2="0", hr="72"), second(2, cast.now, spo2="104")])
    kept = [row.channels for row in SampleTail.objects.order_by("seq")]
    assert kept[0]["spo2"] == {"v": None, "q": "no_value", "raw": "0"}
    assert kept[0]["hr"] == {"v": "72", "q": "valid"}
    assert kept[1]["spo2"] == {"v": None, "q": "out_of_range", "raw": "104"}


def test_a_wrong_unit_refuses_the_batch(cast, binding):
    wrong = SecondOfSamples(1, cast.now, (Observation("nibp_sys", "16.5", "kPa"),))
    assert take(binding, [wrong]).code == "samples.not_understood"
    assert not SampleTail.objects.exists()


def minutes_of_samples(cast, binding, count=150):
    batch = [
        second(n + 1, cast.now + timedelta(seconds=n), spo2=str(90 + n % 9), hr="70")
        for n in range(count)
        if not 30 <= n < 40
    ]
    take(binding, batch)
    return batch


def test_a_closed_minute_is_sealed_with_an_event_and_reads_the_same(cast, session, binding):
    minutes_of_samples(cast, binding)
    before = samples.read_series(session.id)
    sealed = seal_samples(actor=GATEWAY, now=cast.now + timedelta(seconds=155))
    assert sealed == 2
    assert SampleBlock.objects.count() == 2
    assert SampleTail.objects.count() == 30
    assert samples.read_series(session.id) == before
    names = [type(r.event).__name__ for r in store.load(session.id)]
    assert names.count("SamplesSealed") == 2
    assert samples.verify_blocks(session.id) is None
    assert store.verify(session.id) is None


def test_a_gap_stays_a_gap(cast, session, binding):
    minutes_of_samples(cast, binding)
    seal_samples(actor=GATEWAY, now=cast.now + timedelta(seconds=155))
    spo2 = next(s for s in samples.read_series(session.id) if s.channel == "spo2")
    steps = {
        round((b.at - a.at).total_seconds())
        for a, b in zip(spo2.points, spo2.points[1:], strict=False)
    }
    assert steps == {1, 11}


def test_the_open_minute_is_not_sealed_before_its_grace(cast, binding):
    minutes_of_samples(cast, binding, count=61)
    assert seal_samples(actor=GATEWAY, now=cast.now + timedelta(seconds=89)) == 0
    assert seal_samples(actor=GATEWAY, now=cast.now + timedelta(seconds=90)) == 1


def test_a_second_too_late_for_its_sealed_minute_is_counted_and_not_doubled(cast, binding):
    batch = minutes_of_samples(cast, binding)
    seal_samples(actor=GATEWAY, now=cast.now + timedelta(seconds=155))
    assert take(binding, batch[:1], now=cast.now + timedelta(seconds=155)) == Taken(0, late=1)


def test_unbinding_seals_what_is_left(cast, session, binding):
    minutes_of_samples(cast, binding, count=70)
    unbind_device(
        actor=cast.bea, now=cast.now + timedelta(seconds=75), command_id=cid("off"),
        session_id=session.id, binding_id=binding.id,
    )  # fmt: skip
    assert not SampleTail.objects.exists()
    assert samples.verify_blocks(session.id) is None


def test_the_binding_of_a_patient_who_left_is_ended_and_sealed(cast, session, binding):
    minutes_of_samples(cast, binding, count=20)
    type(session).objects.filter(id=session.id).update(stage="departed")
    assert seal_samples(actor=GATEWAY, now=cast.now + timedelta(seconds=25)) == 1
    binding.refresh_from_db()
    assert binding.ended_at is not None


@pytest.mark.hazard("H31")
def test_a_flipped_byte_in_a_sealed_minute_is_found(cast, binding):
    minutes_of_samples(cast, binding)
    seal_samples(actor=GATEWAY, now=cast.now + timedelta(seconds=155))
    block = SampleBlock.objects.earliest("minute")
    whole, digest, count = bytes(block.data), block.digest, block.count
    assert samples.block_fits(block, digest, count)
    for place in range(len(whole)):
        flipped = bytearray(whole)
        flipped[place] ^= 1
        block.data = bytes(flipped)
        assert not samples.block_fits(block, digest, count), place


@pytest.mark.hazard("H31")
def test_a_sealed_minute_that_is_gone_is_found(cast, session, binding, monkeypatch):
    minutes_of_samples(cast, binding)
    seal_samples(actor=GATEWAY, now=cast.now + timedelta(seconds=155))
    monkeypatch.setattr(SampleBlock.objects, "filter", lambda **_: [])
    assert "missing" in samples.verify_blocks(session.id)


def test_two_hours_of_four_channels_read_in_order(cast, session, binding):
    batch = [
        SecondOfSamples(
            n + 1, cast.now + timedelta(seconds=n),
            (Observation("spo2", "97", "%"), Observation("hr", "70", "/min"),
             Observation("rr", "14", "/min"), Observation("pr", "70", "/min")),
        )
        for n in range(7200)
    ]  # fmt: skip
    take(binding, batch)
    seal_samples(actor=GATEWAY, now=cast.now + timedelta(hours=2, seconds=40))
    series = samples.read_series(session.id)
    assert [len(s.points) for s in series] == [7200] * 4
    assert all(s.points == tuple(sorted(s.points, key=lambda p: p.at)) for s in series)


def test_refusals_are_values(cast, binding):
    assert isinstance(take(binding, [second(1, cast.now, spo2="x")]), Taken | Refusal)
