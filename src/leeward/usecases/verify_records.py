"""Looking for altered records."""

from dataclasses import dataclass
from uuid import UUID

from leeward.core.treatment import fold
from leeward.records.audit import append_only
from leeward.records.audit import store as audit
from leeward.records.pharmacy import store as pharmacy
from leeward.records.treatments import samples, store
from leeward.records.treatments.models import TreatmentSession


@dataclass(frozen=True, slots=True)
class Fault:
    """One chain that does not hold."""

    chain: str
    because: str


def verify_records() -> tuple[int, list[Fault]]:
    """Walk every hash chain and every sealed block; the number of chains and the faults found."""
    faults = []
    checked = 0
    for scope in audit.scopes():
        checked += 1
        if because := audit.verify(scope):
            faults.append(Fault(scope, because))
    for session_id in store.session_ids():
        checked += 1
        because = store.verify(session_id) or samples.verify_blocks(session_id)
        if because:
            faults.append(Fault(f"session:{session_id}", because))
    for location_id in pharmacy.ledger_ids():
        checked += 1
        if because := pharmacy.verify(location_id):
            faults.append(Fault(f"ledger:{location_id}", because))
    faults += [Fault(table, "its append-only guard is missing") for table in unguarded()]
    return checked, faults


def verify_projections() -> tuple[int, list[Fault]]:
    """Fold every session afresh and compare with its row; how many there were, and the faults."""
    checked, faults = 0, []
    for session in TreatmentSession.objects.order_by("opened_at").iterator(chunk_size=100):
        checked += 1
        if because := _projection_fault(session):
            faults.append(Fault(f"session:{session.id}", because))
    return checked, faults


def _projection_fault(session: TreatmentSession) -> str | None:
    log = store.load(session.id)
    if not log:
        return "it has no log"
    state = fold(log)
    told = {
        "stage": state.stage.value,
        "closed_at": state.departed.at if state.departed else None,
        "last_seq": state.seq,
    }
    wrong = [name for name, value in told.items() if getattr(session, name) != value]
    return f"its row differs from its log in {', '.join(wrong)}" if wrong else None


def chain_heads() -> dict[str, tuple[int, str]]:
    """The newest link of every chain, by the name that `verify_records` gives it."""
    heads = {scope: (seq, digest) for scope, seq, digest in audit.heads()}
    for id_, seq, digest in store.heads():
        heads[f"session:{id_}"] = (seq, digest)
    for id_, seq, digest in pharmacy.heads():
        heads[f"ledger:{id_}"] = (seq, digest)
    return heads


def link_at(chain: str, seq: int) -> str | None:
    """The hash of one entry of a chain as it stands now; None when there is no such entry."""
    kind, _, name = chain.partition(":")
    if seq == 0:
        return None
    if kind == "session":
        return store.hash_at(UUID(name), seq)
    if kind == "ledger":
        return pharmacy.hash_at(UUID(name), seq)
    return audit.hash_at(chain, seq)


def unguarded() -> list[str]:
    """Append-only tables that lack a trigger, or have one that was put to sleep."""
    wanted = append_only.wanted()
    return [t for t, found in append_only.installed().items() if not wanted <= found]
