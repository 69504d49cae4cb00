"""Looking for altered records."""

from dataclasses import dataclass

from leeward.records.audit import append_only
from leeward.records.audit import store as audit
from leeward.records.pharmacy import store as pharmacy
from leeward.records.treatments import samples, store


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


def unguarded() -> list[str]:
    """Append-only tables that lack a trigger, or have one that was put to sleep."""
    wanted = append_only.wanted()
    return [t for t, found in append_only.installed().items() if not wanted <= found]
