"""Ed25519 signatures with the clinic's own key, made on first use and kept in its home."""

import hashlib
import os
import threading
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


class Ed25519Signer:
    """Signs and verifies with the key in `folder`; the public half lies beside it for auditors."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key: Ed25519PrivateKey | None = None

    @property
    def key_id(self) -> str:
        return hashlib.sha256(self._public_bytes()).hexdigest()[:16]

    @property
    def public_key(self) -> str:
        return self._public_bytes().hex()

    def sign(self, message: bytes) -> str:
        return self._private().sign(message).hex()

    def verify(self, message: bytes, signature: str) -> bool:
        try:
            self._private().public_key().verify(bytes.fromhex(signature), message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def _public_bytes(self) -> bytes:
        return self._private().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def _private(self) -> Ed25519PrivateKey:
        if self._key is None:
            self._key = self._load() if self._file.exists() else self._make()
        return self._key

    @property
    def _file(self) -> Path:
        return self.folder / "record.key"

    def _load(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self._file.read_text().strip()))

    def _make(self) -> Ed25519PrivateKey:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = Ed25519PrivateKey.generate()
        raw = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        # Written elsewhere and linked into place: another process finds all of it or nothing.
        draft = self.folder / f".record.key.{os.getpid()}.{threading.get_ident()}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(raw.hex())
            out.flush()
            os.fsync(out.fileno())
        try:
            self._file.hardlink_to(draft)
        except FileExistsError:
            # Another process of the same start was first; both must use one key.
            return self._load()
        finally:
            draft.unlink()
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        (self.folder / "record.pub").write_text(public.hex())
        return key
