"""Anchors: what every chain had come to, signed and kept outside, so that a rewrite shows.

A chain alone shows neither a cut tail nor that all of it was written anew. An anchor names the
newest link of every chain that moved since the anchor before, and the root over all of them.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import Actor
from leeward.records.audit import store as audit
from leeward.records.audit.chain import GENESIS, canonical
from leeward.usecases import ports
from leeward.usecases.verify_records import Fault, chain_heads, link_at

NAMESPACE = UUID("5f0a7c6e-1b1e-5d0c-9a44-0c8b3d0a1f35")
Heads = dict[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Anchor:
    """One line of the anchor file."""

    number: int
    at: datetime
    root: str
    chains: int
    changed: Heads
    key_id: str
    public_key: str
    signature: str


def make_anchor(*, actor: Actor, now: datetime, to: str = "") -> Anchor | Refusal:
    """Sign what every chain has come to and add it to the anchor file; send it to `to` if named.

    *Refuses when* the anchor file is broken or can't be written. *Emits* audit `data.anchored`.
    *Locks* the chain's head.
    """
    log = ports.anchors()
    try:
        lines = log.lines()
        before, faults = read_anchors(lines)
        if faults:
            return Refusal("anchor.broken", f"The anchor file does not hold: {faults[0].because}.")
        line = _line(now, lines, before)
        log.append(line)
    except OSError as fault:
        return Refusal("anchor.not_written", f"The anchor file can't be written: {fault}.")
    anchor = _read(json.loads(line))
    audit.record(
        actor, "data.anchored", at=now, number=anchor.number, root=anchor.root,
        chains=anchor.chains, told=bool(to) and _tell(anchor, to),
    )  # fmt: skip
    return anchor


def is_due(now: datetime) -> bool:
    """Whether no anchor was made yet on this day (UTC)."""
    lines = ports.anchors().lines()
    return not lines or _read(json.loads(lines[-1])).at.astimezone(UTC).date() < now.date()


def list_anchors(*, newest: int = 31) -> list[Anchor]:
    """The last anchors, newest first."""
    return [_read(json.loads(line)) for line in reversed(ports.anchors().lines()[-newest:])]


def read_anchors(lines: Iterable[str]) -> tuple[list[Anchor], list[Fault]]:
    """The anchors of a file and what is wrong with the file itself."""
    anchors: list[Anchor] = []
    faults: list[Fault] = []
    heads: Heads = {}
    before = GENESIS
    for number, line in enumerate(lines, start=1):
        name = f"anchor {number}"
        try:
            content = json.loads(line)
            anchor = _read(content)
        except (ValueError, KeyError, TypeError):
            return anchors, [*faults, Fault(name, "its line can't be read")]
        heads.update(anchor.changed)
        if content["before"] != before or anchor.number != number:
            faults.append(Fault(name, "it does not follow the line before it"))
        if anchor.root != root_of(heads):
            faults.append(Fault(name, "its root is not that of its chains"))
        if not _fits(content):
            faults.append(Fault(name, "it was not signed with this clinic's key"))
        anchors.append(anchor)
        before = hashlib.sha256(line.encode()).hexdigest()
    return anchors, faults


def verify_anchors(lines: Iterable[str]) -> tuple[int, list[Fault]]:
    """Look up every entry that an anchor saw; the number of anchors and the faults found."""
    anchors, faults = read_anchors(lines)
    for anchor in anchors:
        saw = f"anchor {anchor.number} of {anchor.at:%Y-%m-%d} saw"
        for chain, (seq, digest) in anchor.changed.items():
            found = link_at(chain, seq)
            if found is None:
                faults.append(Fault(chain, f"entry {seq} is gone, which {saw}"))
            elif found != digest:
                faults.append(Fault(chain, f"it was rewritten before entry {seq}, which {saw}"))
    return len(anchors), faults


def root_of(heads: Heads) -> str:
    """One digest for where all chains are."""
    rows = (f"{chain} {seq} {digest}\n" for chain, (seq, digest) in sorted(heads.items()))
    return hashlib.sha256("".join(rows).encode()).hexdigest()


def _line(now: datetime, lines: list[str], before: list[Anchor]) -> str:
    known: Heads = {}
    for anchor in before:
        known.update(anchor.changed)
    heads = {chain: head for chain, head in chain_heads().items() if head[0]}
    key = ports.signer()
    content: dict[str, Any] = {
        "n": len(lines) + 1,
        "at": now.astimezone(UTC).isoformat(),
        "before": hashlib.sha256(lines[-1].encode()).hexdigest() if lines else GENESIS,
        "changed": {c: list(h) for c, h in heads.items() if known.get(c) != h},
        "chains": len(known.keys() | heads.keys()),
        "root": root_of(known | heads),
        "key": key.public_key,
        "key_id": key.key_id,
    }
    return canonical({**content, "signature": key.sign(canonical(content).encode())})


def _fits(content: dict[str, Any]) -> bool:
    covered = {name: value for name, value in content.items() if name != "signature"}
    key = ports.signer()
    return content["key"] == key.public_key and key.verify(
        canonical(covered).encode(), content["signature"]
    )


def _read(content: dict[str, Any]) -> Anchor:
    changed = {str(chain): (int(seq), str(h)) for chain, (seq, h) in content["changed"].items()}
    return Anchor(
        number=int(content["n"]), at=datetime.fromisoformat(content["at"]), root=content["root"],
        chains=int(content["chains"]), changed=changed, key_id=content["key_id"],
        public_key=content["key"], signature=content["signature"],
    )  # fmt: skip


def _tell(anchor: Anchor, to: str) -> bool:
    notice = ports.Notice(
        id=uuid5(NAMESPACE, f"{anchor.number}:{anchor.root}"), channel="email", to=to,
        subject=f"Anchor {anchor.number} of the record, {anchor.at:%Y-%m-%d}",
        body=f"Keep this message. It shows later whether the record was cut or rewritten.\n\n"
        f"Anchor {anchor.number}, {anchor.at:%Y-%m-%d %H:%M} UTC, {anchor.chains} chains\n"
        f"Root: {anchor.root}\nKey: {anchor.public_key}\nSignature: {anchor.signature}\n",
    )  # fmt: skip
    try:
        ports.notifier().send(notice)
    except (ports.NotDelivered, OSError):
        return False
    return True
