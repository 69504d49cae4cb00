"""What is taken away is whole, and whoever takes it can check it alone; anchors show a rewrite."""

import ast
import csv
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.patient import Patient

from leeward.cli.main import main
from leeward.core.quantities import Refusal
from leeward.exchange.archive import leaving, verify_export
from leeward.exchange.archive.anchor_file import AnchorFile
from leeward.exchange.documents import note_pdf
from leeward.records.accounts.actor import system_actor
from leeward.records.audit import append_only
from leeward.records.audit import store as audit
from leeward.records.audit.chain import GENESIS, link
from leeward.records.audit.models import AuditEntry, ChainHead
from leeward.records.treatments.models import TreatmentEvent, TreatmentSession
from leeward.usecases import ports
from leeward.usecases.anchor_records import is_due, make_anchor, verify_anchors
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.session_record import read_record
from leeward.usecases.sign_note import SIGNING, sign_note
from leeward.usecases.verify_records import verify_records
from tests.cast import PASSWORD, cid
from tests.integration.after_session import READY_MIN, go_home, in_recovery
from tests.integration.runtime.treating import ok

STYLES = Path(settings.STATICFILES_DIRS[0])
OPERATOR = system_actor("leeward export")


@pytest.fixture
def anchors(tmp_path):
    """An anchor file outside the home; the installation's own is put back."""
    before, mine = ports.anchors(), AnchorFile(tmp_path / "elsewhere" / "anchors.ndjson")
    ports.register(anchors=mine)
    yield mine
    ports.register(anchors=before)


@pytest.fixture
def signed(real_cast, anchors):
    """A session gone home and signed, and an anchor over it."""
    walk = go_home(in_recovery(real_cast))
    at = walk.at(READY_MIN + 30)
    record = read_record(actor=real_cast.adams, session_id=walk.session.id)
    confirmed = ok(confirm_identity(
        actor=real_cast.adams, now=at, command_id=cid("sign"), login="adams", password=PASSWORD,
        purpose=SIGNING,
    ))  # fmt: skip
    ok(sign_note(
        actor=real_cast.adams, now=at, command_id=cid("sign"), session_id=walk.session.id,
        seen_digest=record.digest, seen_seq=record.seq, meaning="Read.", confirmed=confirmed,
    ))  # fmt: skip
    made = make_anchor(actor=OPERATOR, now=at, to="director@example.org")
    assert not isinstance(made, Refusal), made
    return walk


def export(folder, walk):
    written = leaving.export_everything(folder, now=walk.at(READY_MIN + 60), styles=STYLES)
    assert not isinstance(written, Refusal), written
    return written


@pytest.fixture
def no_pdf(monkeypatch):
    """For the tests that are not about it: a PDF takes seconds."""
    monkeypatch.setattr(leaving, "pdf_available", lambda: "left out in this test")


def unguarded(table):
    """What somebody with the whole database could do."""
    with connection.cursor() as cursor:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        for operation in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER {table}_no_{operation}{on}")


def cut_the_tail(walk):
    """Remove the last event and make the session's row agree, so that the chain looks whole."""
    unguarded("treatments_treatmentevent")
    TreatmentEvent.objects.filter(session=walk.session).order_by("-seq").first().delete()
    last = TreatmentEvent.objects.filter(session=walk.session).order_by("-seq").first()
    TreatmentSession.objects.filter(id=walk.session.id).update(
        last_seq=last.seq, last_hash=last.hash
    )
    append_only.install()


def rewrite_the_trail(scope):
    """Put somebody else's name into the trail and make every hash anew."""
    unguarded("audit_auditentry")
    before = GENESIS
    for entry in AuditEntry.objects.filter(scope=scope).order_by("seq"):
        entry.actor_name = entry.actor_name.replace("Bea", "Ben")
        entry.prev_hash = before
        entry.hash = before = link(before, audit.content_of(entry))
        entry.save()
    ChainHead.objects.filter(scope=scope).update(hash=before)
    append_only.install()


@pytest.mark.hazard("H31")
def test_an_export_holds_everything_and_checks_itself(signed, tmp_path):
    folder = tmp_path / "export"
    written = export(folder, signed)
    assert written.counts["documents"] == 1
    checked = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py")],
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "1 signed documents, 1 anchors checked" in checked.stdout
    bundle = (folder / "fhir" / "sessions" / f"{signed.session.id}.json").read_text()
    assert Bundle.model_validate_json(bundle).type == "collection"
    people = (folder / "fhir" / "Patient.ndjson").read_text().splitlines()
    assert [Patient.model_validate_json(line).name[0].family for line in people] == ["Castle"]
    pdfs = list(folder.glob("documents/*/document.pdf"))
    assert len(pdfs) == (0 if note_pdf.pdf_available() else 1)


def test_what_opens_a_door_is_not_in_an_export_and_the_readme_says_so(signed, tmp_path, no_pdf):
    folder = tmp_path / "export"
    written = export(folder, signed)
    text = "".join(
        f.read_text(errors="replace") for f in folder.rglob("*") if f.suffix != ".py"
        and f.is_file()
    )  # fmt: skip
    assert "argon2" not in text
    assert settings.SECRET_KEY not in text
    with (folder / "tables" / "accounts_user.csv").open() as source:
        rows = list(csv.DictReader(source))
    assert {row["login"] for row in rows} >= {"bea", "eve"}
    assert "password" not in rows[0]
    assert "column accounts_user.password" in (folder / "README.md").read_text()
    assert "table django_session" in written.left_out


@pytest.mark.hazard("H31")
@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("chains/audit.ndjson", "session.note_signed", "session.note_sighed", "altered"),
        ("chains/sessions.ndjson", "nausea", "nauseb", "altered"),
        ("chains/anchors.ndjson", '"n":1', '"n":2', "signature does not fit"),
    ],
)
def test_the_verifier_finds_what_was_changed_in_an_export(
    signed, tmp_path, no_pdf, capsys, file, old, new, said
):
    export(tmp_path / "export", signed)
    path = tmp_path / "export" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert verify_export.main([str(tmp_path / "export")]) == 1
    out = capsys.readouterr().out
    assert f"{file} is not as it was written" in out
    assert said in out


@pytest.mark.hazard("H31")
def test_a_cut_tail_that_no_chain_shows_is_found_by_the_anchor(
    signed, anchors, tmp_path, no_pdf, capsys
):
    cut_the_tail(signed)
    assert verify_records()[1] == []
    count, faults = verify_anchors(anchors.lines())
    assert count == 1
    assert [f.chain for f in faults] == [f"session:{signed.session.id}"]
    assert "is gone" in faults[0].because
    assert main(["verify-chain"]) == 0
    assert main(["verify-chain", "--anchors", str(anchors.file)]) == 1
    export(tmp_path / "export", signed)
    capsys.readouterr()
    assert verify_export.main([str(tmp_path / "export"), "--anchors", str(anchors.file)]) == 1
    assert "is gone, which anchor 1 saw" in capsys.readouterr().out


@pytest.mark.hazard("H31")
def test_a_trail_that_was_wholly_rewritten_is_found_by_the_anchor(
    signed, anchors, tmp_path, no_pdf, capsys
):
    scope = f"audit:{signed.cast.organization.id}"
    rewrite_the_trail(scope)
    assert verify_records()[1] == []
    _, faults = verify_anchors(anchors.lines())
    assert [f.chain for f in faults] == [scope]
    assert "rewritten" in faults[0].because
    export(tmp_path / "export", signed)
    assert verify_export.main([str(tmp_path / "export"), "--anchors", str(anchors.file)]) == 1
    assert "rewritten" in capsys.readouterr().out


@pytest.mark.hazard("H31")
def test_an_anchor_file_that_was_cut_in_the_middle_or_forged_is_found(signed, anchors):
    for day in (1, 2):
        make_anchor(actor=OPERATOR, now=signed.at(day * 1440))
    first, second, third = anchors.lines()
    assert verify_anchors([first, second, third]) == (3, [])
    assert "does not follow" in verify_anchors([first, third])[1][0].because
    forged = second.replace('"at":"2026', '"at":"2027')
    assert "signed" in verify_anchors([first, forged])[1][0].because
    assert "can't be read" in verify_anchors([first, second[:40]])[1][0].because
    anchors.file.write_text(f"{first}\n{third}\n")
    refused = make_anchor(actor=OPERATOR, now=signed.at(4 * 1440))
    assert refused.code == "anchor.broken"


def test_an_anchor_is_made_once_a_day_and_sent(signed, anchors, tmp_path):
    sent = []

    class Carrier:
        def send(self, notice):
            sent.append(notice)

    before = ports.notifier()
    ports.register(notifier=Carrier())
    try:
        from leeward.jobs.scheduled import look

        morning = signed.at(1440)
        assert is_due(morning)
        look(morning, "director@example.org")
        look(morning + timedelta(minutes=1), "director@example.org")
    finally:
        ports.register(notifier=before)
    assert len(anchors.lines()) == 2
    root = json.loads(anchors.lines()[-1])["root"]
    assert [n.to for n in sent] == ["director@example.org"]
    assert root in sent[0].body
    told = AuditEntry.objects.filter(action="data.anchored").order_by("seq").last()
    assert (told.detail["root"], told.detail["told"]) == (root, True)


def test_the_verifier_uses_nothing_but_python():
    tree = ast.parse(Path(verify_export.__file__).read_text())
    names = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [a.name for a in node.names] if isinstance(node, ast.Import)
            else [node.module] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    assert names == {"argparse", "hashlib", "json", "pathlib", "sys"}
    assert names <= sys.stdlib_module_names


def test_the_verifiers_own_signature_check_agrees_with_the_library():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    for number in range(4):
        key = Ed25519PrivateKey.from_private_bytes(bytes([number + 1]) * 32)
        public, message = key.public_key().public_bytes_raw().hex(), b"%d" % number
        good = key.sign(message)
        assert verify_export.signed(public, message, good.hex())
        assert not verify_export.signed(public, message + b"x", good.hex())
        for place in (0, 31, 40, 63):
            bad = bytearray(good)
            bad[place] ^= 1
            assert not verify_export.signed(public, message, bytes(bad).hex())
    assert not verify_export.signed("zz", b"", "00")


def test_a_folder_that_holds_something_is_not_exported_into(signed, tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    refused = leaving.export_everything(tmp_path, now=signed.at(200), styles=STYLES)
    assert refused.code == "export.not_empty"
