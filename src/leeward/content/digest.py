"""A fingerprint of content that depends on what it says and not on how its files are laid out."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any


def digest_of(documents: Iterable[tuple[str, str, Any]]) -> str:
    """SHA-256 over the canonical form of some documents.

    Parameters
    ----------
    documents : iterable of (kind, id, data)
        Data as parsed from YAML: mappings, lists, texts, numbers, days, truth values.

    Returns
    -------
    str
        64 hexadecimal digits. Equal for equal documents in any order of files or keys, and for
        numbers written differently (``0.5`` and ``0.50``).
    """
    canonical = [[kind, id_, _canonical(data)] for kind, id_, data in documents]
    canonical.sort(key=lambda entry: (entry[0], entry[1]))
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _canonical(part: Any) -> Any:
    if isinstance(part, dict):
        return {str(_canonical(key)): _canonical(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_canonical(value) for value in part]
    if isinstance(part, date):
        return {"day": part.isoformat()}
    if isinstance(part, int | Decimal) and not isinstance(part, bool):
        return {"number": _digits(Decimal(part))}
    return part


def _digits(number: Decimal) -> str:
    return format(number.normalize(), "f") if number else "0"
