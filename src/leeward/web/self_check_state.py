"""The answers of a self-check in its address, sealed: kept nowhere, read by nobody on the way.

A log, a proxy or the history of a shared phone sees a token, not the answers. A token that was
altered, or is older than a few hours, opens the start page.
"""

import base64
import hashlib
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

LASTS_SECONDS = 4 * 60 * 60
LONGEST_TOKEN = 3000

Answers = dict[str, tuple[str, ...]]


def seal(answers: Mapping[str, tuple[str, ...]]) -> str:
    """Make the token of some answers."""
    return _box().encrypt(json.dumps(answers, separators=(",", ":")).encode()).decode().rstrip("=")


def unseal(token: str) -> Answers | None:
    """Read a token; None if it is not one of ours or too old."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        raw = _box().decrypt((token + "=" * (-len(token) % 4)).encode(), ttl=LASTS_SECONDS)
    except (InvalidToken, ValueError):
        return None
    return {str(key): tuple(map(str, value)) for key, value in json.loads(raw).items()}


def _box() -> Fernet:
    key = hashlib.sha256(b"leeward.self_check:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
