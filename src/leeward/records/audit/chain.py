"""The hash chain: each entry's hash covers its content and the hash before it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

GENESIS = "0" * 64


def canonical(content: Mapping[str, Any]) -> str:
    """One and only one text for one content: sorted keys, no spaces, no floats."""
    return json.dumps(
        content,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        default=_refuse,
        allow_nan=False,
    )


def link(prev_hash: str, content: Mapping[str, Any]) -> str:
    """The hash of an entry, in hexadecimal."""
    return hashlib.sha256(f"{prev_hash}\n{canonical(content)}".encode()).hexdigest()


def first_break(entries: Iterable[tuple[int, str, str, Mapping[str, Any]]]) -> str | None:
    """Walk (seq, prev_hash, hash, content) in order and describe the first fault, if any."""
    expected_seq, expected_prev = 1, GENESIS
    for seq, prev_hash, digest, content in entries:
        if seq != expected_seq:
            return f"entry {expected_seq} is missing (found {seq})"
        if prev_hash != expected_prev:
            return f"entry {seq} does not continue from entry {seq - 1}"
        if link(prev_hash, content) != digest:
            return f"entry {seq} has been altered"
        expected_seq, expected_prev = seq + 1, digest
    return None


def _refuse(value: Any) -> Any:
    raise TypeError(
        f"{type(value).__name__} in hashed content; write amounts, times and ids as strings"
    )
