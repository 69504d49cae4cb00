"""The words of a consent as they are shown, signed and kept."""

import hashlib
from typing import Any

from leeward.records.audit.chain import canonical


def digest_of(body: dict[str, Any]) -> str:
    """The digest a page carries, so that what was read is what is signed."""
    return hashlib.sha256(canonical(body).encode()).hexdigest()
