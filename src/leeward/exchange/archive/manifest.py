"""What a backup says of itself: what is in it, how much, and where every chain had come."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

KIND, VERSION = "leeward.backup", 1
NAME = "manifest.json"
Rows = list[tuple[Any, ...]]
Ask = Callable[[str], Rows]

HEADS = (
    ("", "SELECT scope, seq, hash FROM audit_chainhead"),
    ("session:", "SELECT id, last_seq, last_hash FROM treatments_treatmentsession"),
    ("ledger:", "SELECT location_id, seq, hash FROM pharmacy_ledgerhead"),
)


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside a backup."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What the copy of a database holds: rows by table, and the newest link of every chain."""

    tables: dict[str, int]
    chains: dict[str, list[Any]]


@dataclass(slots=True)
class Manifest:
    """The last member of a backup."""

    made_at: str
    leeward: str
    database: str
    database_version: str
    content_digest: str
    tables: dict[str, int]
    chains: dict[str, list[Any]]
    members: dict[str, Member] = field(default_factory=dict)
    kind: str = KIND
    version: int = VERSION

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """Raises `ValueError` for anything else."""
        try:
            values = json.loads(text)
            if (values["kind"], values["version"]) != (KIND, VERSION):
                raise ValueError("it was made by another version of Leeward")
            members = {name: Member(**m) for name, m in values.pop("members").items()}
            return cls(members=members, **values)
        except (KeyError, TypeError, AttributeError) as fault:
            raise ValueError("its manifest is not one of Leeward") from fault


def contents_of(tables: list[str], ask: Ask) -> Contents:
    """Count every table and read every chain's head, by plain SQL that both databases share."""
    counts = {name: int(ask(f'SELECT COUNT(*) FROM "{name}"')[0][0]) for name in sorted(tables)}  # noqa: S608
    chains: dict[str, list[Any]] = {}
    for prefix, query in HEADS:
        if query.rpartition(" ")[2] in counts:
            for name, seq, digest in ask(query):
                chains[f"{prefix}{UUID(str(name))}" if prefix else name] = [int(seq), digest]
    return Contents(counts, dict(sorted(chains.items())))
