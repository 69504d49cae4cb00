"""The note: signed over the canonical record, added to, copied as PDF and Bundle."""

import hashlib
import io
import json
from decimal import Decimal

import pypdf
import pytest

from leeward.core.alarms import Ended
from leeward.core.treatment import Stage
from leeward.core.treatment import commands as c
from leeward.exchange.documents import note_pdf
from leeward.records.accounts.actor import NotFound, NotPermitted, system_actor
from leeward.records.accounts.models import ConfirmedIdentity
from leeward.records.accounts.selectors import get_actor
from leeward.records.charts.models import Document
from leeward.records.treatments.models import TreatmentEvent
from leeward.usecases import set_up_clinic
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.record_samples import seal_samples
from leeward.usecases.run_alarms import write_alarms
from leeward.usecases.session_record import read_record
from leeward.usecases.sign_note import SIGNING, sign_note, verify_signatures, write_addendum
from leeward.usecases.treat_session import carry_out, load_state
from leeward.web import door
from tests.cast import PASSWORD, cid
from tests.integration.after_session import READY_MIN, browser, go_home, in_recovery
from tests.integration.runtime.treating import ok, vitals

SIGN_MIN = READY_MIN + 30


@pytest.fixture
def walk(cast, monkeypatch):
    made = go_home(in_recovery(cast))
    monkeypatch.setattr(door, "now", lambda: made.at(SIGN_MIN))
    return made


def confirmed(walk, login="adams", name="sign"):
    return ok(confirm_identity(
        actor=walk.cast.adams, now=walk.at(SIGN_MIN), command_id=cid(name), login=login,
        password=PASSWORD, purpose=SIGNING,
    ))  # fmt: skip


def sign(walk, *, actor=None, record=None, name="sign", login="adams", minutes=SIGN_MIN):
    who = actor or walk.cast.adams
    read = record or read_record(actor=walk.cast.adams, session_id=walk.session.id)
    return sign_note(
        actor=who, now=walk.at(minutes), command_id=cid(name), session_id=walk.session.id,
        seen_digest=read.digest, seen_seq=read.seq, meaning="I have read this.",
        confirmed=confirmed(walk, login, name),
    )  # fmt: skip


@pytest.mark.hazard("H31")
def test_a_signature_covers_the_canonical_record_and_keeps_it(walk):
    record = read_record(actor=walk.cast.adams, session_id=walk.session.id)
    signed = ok(sign(walk))
    kept = Document.objects.get(subject_id=walk.session.id)
    assert signed.stage is Stage.SIGNED
    assert kept.canonical == record.canonical
    assert kept.digest == hashlib.sha256(record.canonical.encode()).hexdigest()
    assert signed.signatures[0].digest == kept.digest
    assert list(verify_signatures(signed).values()) == [True]


@pytest.mark.hazard("H31")
def test_a_signature_does_not_fit_another_meaning_or_name(walk):
    state = ok(sign(walk))
    event = TreatmentEvent.objects.filter(type="treatment.note_signed.v1").get()
    payload = json.loads(event.payload) | {"meaning": "I have not read this."}
    event.payload = json.dumps(payload)
    from dataclasses import replace

    from leeward.records.treatments.store import read

    altered = replace(state.signatures[0], meaning=read(event).event.meaning)
    assert list(verify_signatures(replace(state, signatures=(altered,))).values()) == [False]


def test_the_same_log_gives_the_same_record(walk):
    one = read_record(actor=walk.cast.adams, session_id=walk.session.id)
    two = read_record(actor=walk.cast.bea, session_id=walk.session.id)
    assert one.canonical == two.canonical


def test_the_record_says_what_was_given_from_which_lot_at_every_rate(walk):
    record = read_record(actor=walk.cast.adams, session_id=walk.session.id).content
    assert record["weight"]["weight_kg"] == "70"
    assert record["weight"]["measured_on"] == walk.cast.now.date().isoformat()
    assert (record["drug"]["lot"], record["drug"]["concentration_mg_per_ml"]) == ("LOT-1", "10")
    assert [r["rate_ml_per_h"] for r in record["infusion"]["rates"]] == ["5.2", "4.2"]
    assert record["infusion"]["given_mg"] == str(load_state(walk.session.id).given_mg)
    assert record["alarms"][0]["acknowledged"]["by"] == "Bea"
    assert record["discharge"]["escort"]["name"] == "Peter Castle"
    assert record["chain"]["head"] == TreatmentEvent.objects.order_by("-seq").first().hash


@pytest.mark.hazard("H1", "H21")
def test_the_record_states_every_gap_in_the_device_readings(walk):
    (series,) = read_record(actor=walk.cast.adams, session_id=walk.session.id).content["series"]
    (gap,) = series["gaps"]
    assert (gap["from"], gap["to"]) == (
        walk.at(10.5).isoformat(), walk.at(20).isoformat()
    )  # fmt: skip
    assert gap["because"] == "sensor off"
    assert [reading for reading in series["readings"] if reading[1] is None] == [
        [600_000, None, "sensor_off"]
    ]


def test_a_withdrawn_entry_stays_in_the_log_of_the_record_only(cast):
    walk = in_recovery(cast)
    entered = walk.do(vitals(sbp_mmhg=Decimal(201)), 72)
    walk.do(c.WithdrawEntry(entered.seq, "wrong patient"), 73)
    record = read_record(actor=cast.bea, session_id=walk.session.id).content
    assert "201" not in {v["values"].get("sbp_mmhg") for v in record["vitals"]}
    assert any(e["payload"].get("sbp_mmhg") == "201" for e in record["events"])
    assert record["withdrawn"][0]["reason"] == "wrong patient"


@pytest.mark.hazard("H26")
def test_refuses_to_sign_while_the_patient_is_here(cast):
    walk = in_recovery(cast)
    refused = sign(walk)
    assert refused.code == "note.session_open"
    assert not Document.objects.exists()


def test_refuses_when_the_record_changed_since_it_was_read(walk, cast):
    read = read_record(actor=cast.adams, session_id=walk.session.id)
    late = c.RecordVitals(hr_per_min=Decimal(71))
    ok(carry_out(
        actor=cast.bea, now=walk.at(SIGN_MIN), command_id=cid("late"), command=late,
        session_id=walk.session.id, occurred_at=walk.at(60),
    ))  # fmt: skip
    refused = sign(walk, record=read)
    assert refused.code == "note.changed"
    assert ConfirmedIdentity.objects.get(purpose=SIGNING).used_at is None


def test_leaving_seals_the_last_minutes_so_that_nothing_moves_under_the_reader(walk, cast):
    read = read_record(actor=cast.adams, session_id=walk.session.id)
    late = seal_samples(actor=system_actor("gateway", cast.organization.id), now=walk.at(SIGN_MIN))
    assert late == 0
    assert not walk.session.bindings.filter(ended_at=None).exists()
    assert ok(sign(walk, record=read)).stage is Stage.SIGNED


@pytest.mark.hazard("H31")
def test_departure_ends_what_still_alarms_so_that_no_engine_writes_under_a_reader(walk, cast):
    read = read_record(actor=cast.adams, session_id=walk.session.id)
    engine = system_actor("alarm engine")
    wrote = write_alarms(
        actor=engine, now=walk.at(READY_MIN + 6), command_id=cid("after"),
        session_id=walk.session.id, events=[Ended("a1")],
    )  # fmt: skip
    assert wrote.code == "alarm.already_ended"
    assert ok(sign(walk, record=read)).stage is Stage.SIGNED


def test_refuses_the_identity_of_somebody_else_and_gives_it_back(walk):
    refused = sign(walk, login="bea")
    assert refused.code == "note.not_you"
    assert ConfirmedIdentity.objects.get(purpose=SIGNING).used_at is None


def test_a_nurse_does_not_sign(walk, cast):
    with pytest.raises(NotPermitted):
        sign(walk, actor=cast.bea, login="bea")


@pytest.mark.hazard("H14")
def test_the_same_signature_sent_twice_is_one(walk):
    first, again = ok(sign(walk)), ok(sign(walk))
    assert len(again.signatures) == len(first.signatures) == 1
    assert Document.objects.count() == 1


def test_a_second_prescriber_signs_the_same_record(walk, cast):
    ok(sign(walk))
    user = ok(set_up_clinic.create_staff(
        actor=system_actor("set-up"), now=cast.now, command_id=cid("ann"),
        organization=cast.organization, login="ann", name="Ann", password=PASSWORD,
        roles=[("prescriber", cast.location)],
    ))  # fmt: skip
    state = ok(sign(walk, actor=get_actor(user.id), login="ann", name="sign2"))
    assert {s.digest for s in state.signatures} == {Document.objects.get().digest}
    assert set(verify_signatures(state).values()) == {True}


def test_an_addendum_is_written_after_signing_and_leaves_the_record_alone(walk, cast):
    early = write_addendum(
        actor=cast.bea, now=walk.at(SIGN_MIN), command_id=cid("add0"),
        session_id=walk.session.id, text="Called at home.",
    )  # fmt: skip
    assert early.code == "addendum.not_signed"
    before = ok(sign(walk)).signatures[0].digest
    ok(write_addendum(
        actor=cast.bea, now=walk.at(SIGN_MIN + 1), command_id=cid("add"),
        session_id=walk.session.id, text="Called at home.",
    ))  # fmt: skip
    assert read_record(actor=cast.adams, session_id=walk.session.id).digest == before


def test_another_organization_finds_no_record(walk, cast):
    with pytest.raises(NotFound):
        read_record(actor=cast.faye, session_id=walk.session.id)
    for part in ("", "print/", "note.pdf", "bundle.json"):
        url = f"/sessions/{walk.session.id}/note/{part}"
        assert browser(cast.faye).get(url).status_code == 404
        assert browser(cast.dev).get(url).status_code == 403


def test_a_prescriber_signs_on_the_page_with_their_own_password(walk, cast):
    client, url = browser(cast.adams), f"/sessions/{walk.session.id}/note/"
    record = read_record(actor=cast.adams, session_id=walk.session.id)
    assert record.digest in client.get(url).text
    form = {"seen_digest": record.digest, "seen_seq": record.seq, "login": "adams",
            "command_id": str(cid("page"))}  # fmt: skip
    wrong = client.post(f"{url}sign/", form | {"password": "guess"})
    assert (wrong.status_code, "Login and password do not fit" in wrong.text) == (422, True)
    assert client.post(f"{url}sign/", form | {"password": PASSWORD}).status_code == 302
    assert "valid" in client.get(url).text
    added = client.post(f"{url}addendum/", {"text": "Slept well <b>.", "command_id": ""})
    assert added.status_code == 302
    assert "Slept well &lt;b&gt;." in client.get(url).text


def test_the_pdf_is_a_copy_of_the_signed_record(walk, cast):
    if note_pdf.pdf_available() is not None:
        pytest.skip("Pango is not installed")
    digest = ok(sign(walk)).signatures[0].digest
    answer = browser(cast.adams).get(f"/sessions/{walk.session.id}/note/note.pdf?paper=A4")
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    text = "\n".join(page.extract_text() for page in pages)
    assert "Castle" not in answer["Content-Disposition"]
    assert (round(pages[0].mediabox.width), round(pages[0].mediabox.height)) == (595, 842)
    assert f"page {len(pages)} of {len(pages)}" in text
    for words in (digest, "Castle, Cora", "lot LOT-1", "10 mg/mL", "sensor off", "valid"):
        assert words in text.replace("\n", " ") or words in text.replace("\n", "")


def test_without_pango_the_page_says_which_package_to_install(walk, cast, monkeypatch):
    monkeypatch.setattr("leeward.web.views.note.pdf_available", lambda: note_pdf.NEEDS_PANGO)
    client = browser(cast.adams)
    page = client.get(f"/sessions/{walk.session.id}/note/")
    assert "libpango-1.0-0" in page.text
    assert "note.pdf" not in page.text
    pdf = client.get(f"/sessions/{walk.session.id}/note/note.pdf")
    assert (pdf.status_code, "libpango-1.0-0" in pdf.text) == (503, True)


def test_the_bundle_carries_the_digest_of_the_signed_record(walk, cast):
    digest = ok(sign(walk)).signatures[0].digest
    answer = browser(cast.bea).get(f"/sessions/{walk.session.id}/note/bundle.json")
    bundle = json.loads(answer.content)
    assert answer["Content-Type"] == "application/fhir+json"
    assert bundle["resourceType"] == "Bundle"
    provenance = bundle["entry"][-1]["resource"]
    assert provenance["entity"][0]["what"]["identifier"]["value"] == digest
