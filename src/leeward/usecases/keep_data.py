"""What the operator does with the data as a whole, noted in the trail of the installation."""

from datetime import datetime
from typing import Any

from leeward.records.accounts.actor import Actor
from leeward.records.audit import store as audit


def note_keeping(*, actor: Actor, now: datetime, action: str, **detail: Any) -> None:
    """Note that the data was backed up, written out or brought to a new version.

    *Refuses when* never. *Emits* audit `data.<action>`. *Locks* the chain's head.
    """
    audit.record(actor, f"data.{action}", at=now, **detail)
