"""Tamper evidence: whatever byte of a record is changed, the chain shows it."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from leeward.cli.main import main
from leeward.core.treatment import commands as c
from leeward.records.audit import append_only
from leeward.records.audit import store as audit
from leeward.records.audit.models import AuditEntry
from leeward.records.treatments import store
from leeward.records.treatments.models import TreatmentEvent
from leeward.usecases.treat_session import carry_out
from leeward.usecases.verify_records import verify_records
from tests.cast import cid
from tests.integration.test_one_patient_all_the_way import session  # noqa: F401


@pytest.fixture
def log(cast, session):  # noqa: F811
    for number in range(4):
        carry_out(
            actor=cast.bea, now=cast.now + timedelta(minutes=number), command_id=cid(f"e{number}"),
            session_id=session.id, command=c.IdentifyPatient(("name", "birth_date")),
        )  # fmt: skip
    return session


def tamper(table, column, row_id, value):
    """What a person with the database file could do: drop the guard, change, put it back."""
    with connection.cursor() as cursor:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {table}_no_update{on}")
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, row_id])
    append_only.install()


@pytest.mark.hazard("H31")
@pytest.mark.parametrize(
    "column",
    ["type", "payload", "actor_name", "actor_kind", "occurred_at", "recorded_at", "command_id",
     "event_id", "hash", "prev_hash", "ordinal"],
)  # fmt: skip
def test_any_changed_column_of_an_event_is_found(log, column):
    row = TreatmentEvent.objects.filter(session=log, seq=2).get()
    value = {
        "payload": row.payload.replace("birth_date", "birth_dote"),
        "occurred_at": row.occurred_at + timedelta(microseconds=1),
        "recorded_at": row.recorded_at + timedelta(seconds=1),
        "command_id": cid("forged").hex if connection.vendor == "sqlite" else str(cid("forged")),
        "event_id": cid("forged").hex if connection.vendor == "sqlite" else str(cid("forged")),
        "hash": row.hash[::-1],
        "prev_hash": row.prev_hash[::-1],
        "ordinal": 7,
    }.get(column, str(getattr(row, column)) + "x")
    assert store.verify(log.id) is None
    tamper("treatments_treatmentevent", column, row.id, value)
    assert store.verify(log.id)


@pytest.mark.hazard("H31")
def test_every_flipped_bit_of_a_payload_is_found(log):
    row = TreatmentEvent.objects.filter(session=log, seq=2).get()
    original = row.payload
    for position in range(len(original)):
        flipped = chr(ord(original[position]) ^ 1)
        altered = original[:position] + flipped + original[position + 1 :]
        row.payload = altered
        assert store.link(row.prev_hash, store.content_of(row)) != row.hash


@pytest.mark.hazard("H31")
def test_a_cut_tail_is_found(log):
    with connection.cursor() as cursor:
        on = " ON treatments_treatmentevent" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER treatments_treatmentevent_no_delete{on}")
        cursor.execute(
            "DELETE FROM treatments_treatmentevent WHERE seq = "
            "(SELECT max(seq) FROM treatments_treatmentevent)"
        )
    append_only.install()
    assert "ends at event" in store.verify(log.id)


@pytest.mark.hazard("H31")
@pytest.mark.parametrize("column", ["action", "actor_name", "detail", "outcome", "origin"])
def test_any_changed_column_of_the_audit_trail_is_found(log, column):
    row = AuditEntry.objects.filter(seq=3).order_by("-scope").first()
    value = json.dumps({"forged": True}) if column == "detail" else "forged"
    tamper("audit_auditentry", column, row.id, value)
    assert "altered" in audit.verify(row.scope)


def test_the_command_says_which_record_was_altered(log, capsys):
    assert main(["verify-chain"]) == 0
    row = TreatmentEvent.objects.filter(session=log, seq=1).get()
    tamper("treatments_treatmentevent", "actor_name", row.id, "Somebody")
    assert main(["verify-chain"]) == 1
    assert f"session:{log.id}: entry 1 has been altered" in capsys.readouterr().out


def test_a_missing_guard_is_a_fault(log):
    with connection.cursor() as cursor:
        on = " ON audit_auditentry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER audit_auditentry_no_delete{on}")
    _, faults = verify_records()
    assert [f.chain for f in faults] == ["audit_auditentry"]


@pytest.mark.hazard("H31")
def test_an_audit_entry_moved_to_another_organization_is_found(cast):
    entry = AuditEntry.objects.filter(organization_id=cast.organization.id).first()
    other = cast.other_organization.id
    value = str(other) if connection.vendor == "postgresql" else other.hex
    tamper("audit_auditentry", "organization_id", entry.id, value)
    assert "altered" in audit.verify(entry.scope)


@pytest.mark.hazard("H31")
def test_a_chain_whose_head_was_removed_is_found(cast):
    from leeward.records.audit.models import ChainHead

    scope = f"audit:{cast.organization.id}"
    ChainHead.objects.filter(scope=scope).delete()
    _, faults = verify_records()
    assert scope in [fault.chain for fault in faults]


@pytest.mark.hazard("H31")
def test_a_guard_against_truncation_that_is_gone_or_asleep_is_found(cast):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE, and its triggers cannot be disabled")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_auditentry_no_truncate ON audit_auditentry")
        cursor.execute("ALTER TABLE treatments_treatmentevent DISABLE TRIGGER USER")
    found = {fault.chain for fault in verify_records()[1]}
    assert {"audit_auditentry", "treatments_treatmentevent"} <= found
