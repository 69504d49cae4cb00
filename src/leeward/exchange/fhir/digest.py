"""The content of a resource as one digest, so that an import knows what is new.

Narrative and `meta` are left out: they change without the statement changing.
"""

import hashlib
import json
from decimal import Decimal
from typing import Any

from .datatypes import Json, Unreadable

# Counted up when a mapper learns to read more, so that the next import brings it in.
READING = 1
_NOT_CONTENT = frozenset({"meta", "text"})


def digest(resource: Json, *context: str) -> str:
    """SHA-256 [hex] of the content, and of what was looked up elsewhere for it.

    Raises
    ------
    Unreadable
        If the resource holds characters that no database keeps.
    """
    content = {name: value for name, value in resource.items() if name not in _NOT_CONTENT}
    text = json.dumps(
        [READING, content, context], sort_keys=True, separators=(",", ":"), default=_plain
    )
    if "\\u0000" in text or ("\\ud" in text and _has_lone_surrogate(content)):
        raise Unreadable("it holds characters that are not text")
    return hashlib.sha256(text.encode()).hexdigest()


def _has_lone_surrogate(content: Json) -> bool:
    text = json.dumps(content, ensure_ascii=False, default=_plain)
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    raise TypeError(f"{type(value).__name__} in parsed JSON")
