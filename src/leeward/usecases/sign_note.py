"""The note of a session: signed once it is over, added to afterwards, never changed."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.core.treatment import SessionState
from leeward.core.treatment import commands as c
from leeward.records.accounts.actor import PRESCRIBER, Actor
from leeward.records.accounts.models import ConfirmedIdentity
from leeward.records.audit.chain import canonical
from leeward.records.charts.models import Document
from leeward.records.treatments import store
from leeward.records.treatments.models import TreatmentSession
from leeward.usecases import ports
from leeward.usecases.access import access_session
from leeward.usecases.confirm_identity import use_confirmation
from leeward.usecases.session_record import (
    DOCUMENT,
    SessionRecord,
    build_record,
    find_signed,
    only_sealed_since,
)
from leeward.usecases.treat_session import carry_out, load_state, write

SIGNING = "note.sign"


def sign_note(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    session_id: UUID,
    seen_digest: str,
    seen_seq: int,
    meaning: str,
    confirmed: ConfirmedIdentity,
) -> SessionState | Refusal:
    """Sign the canonical record of a session that is over, with one's identity just confirmed.

    *Refuses when* the confirmation is somebody else's or spent, the record is no longer the one
    that was read, or the core refuses (patient still here, signed already). *Emits* NoteSigned
    and audit; keeps the record as a Document. *Locks* the log and the confirmation.
    """
    with transaction.atomic():
        session = access_session(actor, session_id, PRESCRIBER, for_update=True)
        if store.written_by(command_id, session_id):
            return load_state(session_id)
        signer = use_confirmation(
            confirmed, purpose=SIGNING, subject=f"session:{session_id}", now=now
        )
        if isinstance(signer, Refusal):
            return signer
        if signer.id != actor.id:
            return _undo(Refusal("note.not_you", "Confirm with your own login and password.",
                                 field="login"))  # fmt: skip
        record = _unchanged(session, seen_digest, seen_seq)
        if isinstance(record, Refusal):
            return _undo(record)
        key = ports.signer()
        signature = key.sign(statement(record.digest, meaning, actor, now))
        command = c.SignNote(record.digest, meaning.strip(), key.key_id, signature)
        result = write(session, command, actor=actor, now=now, command_id=command_id)
        if isinstance(result, Refusal):
            return _undo(result)
        _keep(session, record, command, actor=actor, now=now, command_id=command_id)
    return result


def write_addendum(
    *, actor: Actor, now: datetime, command_id: UUID, session_id: UUID, text: str
) -> SessionState | Refusal:
    """Add to a signed note; the note itself stays as it was signed.

    *Refuses when* the note is not signed or the text is empty. *Emits* AddendumWritten.
    *Locks* the log.
    """
    return carry_out(
        actor=actor, now=now, command_id=command_id, session_id=session_id,
        command=c.WriteAddendum(text.strip()),
    )  # fmt: skip


def statement(digest: str, meaning: str, signer: Actor, at: datetime) -> bytes:
    """What a signature covers: the record's digest, what signing means, by whom, and when."""
    return _statement(digest, meaning.strip(), str(signer.id or ""), signer.name, at)


def verify_signatures(state: SessionState) -> dict[int, bool]:
    """Whether each signature of a note fits its statement, by its place in the log."""
    key = ports.signer()
    return {
        s.said.seq: s.key_id == key.key_id
        and key.verify(
            _statement(s.digest, s.meaning, s.said.by.id, s.said.by.name, s.said.at), s.signature
        )
        for s in state.signatures
    }


def signed_statements(state: SessionState) -> list[dict[str, object]]:
    """What each signature of a note covers, with the signature, for a check elsewhere."""
    return [
        {
            "statement": _covered(s.digest, s.meaning, s.said.by.id, s.said.by.name, s.said.at),
            "signature": s.signature,
            "key_id": s.key_id,
        }
        for s in state.signatures
    ]


def _statement(digest: str, meaning: str, by_id: str, by_name: str, at: datetime) -> bytes:
    return canonical(_covered(digest, meaning, by_id, by_name, at)).encode()


def _covered(digest: str, meaning: str, by_id: str, by_name: str, at: datetime) -> dict[str, str]:
    return {
        "record_sha256": digest,
        "meaning": meaning,
        "signer": by_id,
        "name": by_name,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
    }


def _unchanged(session: TreatmentSession, digest: str, seq: int) -> SessionRecord | Refusal:
    """The record that was read, if it is still the whole of the session."""
    changed = Refusal(
        "note.changed", "The record has changed since you read it. Read it again, then sign."
    )
    signed = find_signed(session.id)
    if signed is not None:
        return signed if signed.digest == digest else changed
    if seq < 1 or not only_sealed_since(session.id, seq):
        return changed
    record = build_record(session, seq=seq)
    return record if record.digest == digest else changed


def _keep(
    session: TreatmentSession,
    record: SessionRecord,
    command: c.SignNote,
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
) -> None:
    number = f" {session.session_number}" if session.session_number else ""
    Document.objects.get_or_create(
        kind=DOCUMENT,
        subject_id=session.id,
        defaults={
            "id": uuid5(command_id, "document"), "patient_id": session.patient_id,
            "title": f"Session{number}, {session.opened_at:%Y-%m-%d}",
            "canonical": record.canonical, "digest": record.digest, "key_id": command.key_id,
            "signature": command.signature, "created_by_id": actor.account_id, "created_at": now,
        },
    )  # fmt: skip


def _undo(refusal: Refusal) -> Refusal:
    """Give the confirmation back: it was for an act that did not happen."""
    transaction.set_rollback(True)
    return refusal
