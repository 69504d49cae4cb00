"""The sealed file of a backup: a plain tar with `content.tar.age`, and `key.age` if by passphrase.

Both members are ordinary age files, so the `age` command opens a backup without Leeward. The
content goes to a key made for this one file; a passphrase locks that key, a recipient needs none.
"""

import io
import os
import tarfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyrage

CONTENT, KEY = "content.tar.age", "key.age"
BLOCK = 512
LARGEST_KEY_BYTES = 64 * 1024


class Unreadable(ValueError):
    """The file is not a whole backup, or this is not what opens it."""


@dataclass(frozen=True, slots=True)
class Lock:
    """Who may open a backup: who knows the passphrase, or who holds a recipient's key."""

    passphrase: str = ""
    recipients: tuple[str, ...] = ()


@contextmanager
def sealed(file: Path, lock: Lock) -> Iterator[tuple[tarfile.TarFile, Any]]:
    """A tar to fill, sealed into `file` as it grows, and the key that reads it back.

    With recipients alone nobody here could verify what was written, so the content also goes to a
    key that is never stored and dies with this process.
    """
    fleeting = pyrage.x25519.Identity.generate()
    to = [fleeting.to_public(), *(_recipient(text) for text in lock.recipients)]
    with _new(file) as out:
        if lock.passphrase:
            key = pyrage.passphrase.encrypt(f"{fleeting}\n".encode(), lock.passphrase)
            _add_member(out, KEY, key)
        start = out.tell()
        out.write(_header(CONTENT, 0))
        with _encrypting(out, to) as plain, tarfile.open(fileobj=plain, mode="w|") as tar:
            yield tar, fleeting
        _finish_member(out, start)
        out.flush()
        os.fsync(out.fileno())


@contextmanager
def opened(file: Path, identities: Sequence[Any]) -> Iterator[tarfile.TarFile]:
    """The content of a backup, decrypted as it is read. Raises `Unreadable`."""
    with file.open("rb") as source:
        size = _find(source, CONTENT)
        if size is None:
            raise Unreadable("it is not a backup of Leeward, or its beginning is gone")
        with (
            _decrypting(_Part(source, size), identities) as plain,
            _reading(plain) as tar,
        ):
            yield tar
            while plain.read(1 << 16):  # to its end: only there is the seal known to be whole
                pass


def identities_of(file: Path, *, passphrase: str = "", key_file: Path | None = None) -> list[Any]:
    """What opens a backup. Raises `Unreadable`."""
    if key_file is not None:
        lines = key_file.read_text().splitlines()
        try:
            keys = [ln.strip() for ln in lines if ln.startswith("AGE-SECRET-KEY-")]
            return [pyrage.x25519.Identity.from_str(key) for key in keys] or _no_key(key_file)
        except pyrage.IdentityError as fault:
            raise Unreadable(f"{key_file.name} holds no age key that can be read") from fault
    with file.open("rb") as source:
        size = _find(source, KEY)
        if size is None:
            raise Unreadable("it was not sealed with a passphrase; name the key with --identity")
        if size > LARGEST_KEY_BYTES:
            raise Unreadable("its key is damaged")
        locked = source.read(size)
    try:
        key = pyrage.passphrase.decrypt(locked, passphrase).decode().strip()
        return [pyrage.x25519.Identity.from_str(key)]
    except (pyrage.DecryptError, pyrage.IdentityError, OSError, ValueError) as fault:
        raise Unreadable("the passphrase does not open it, or its key is damaged") from fault


def _no_key(file: Path) -> list[Any]:
    raise Unreadable(f"{file.name} holds no age key")


def _recipient(text: str) -> Any:
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as fault:
        raise Unreadable(f"{text!r} is not an age recipient (age1...)") from fault


@contextmanager
def _new(file: Path) -> Iterator[IO[bytes]]:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as out:
        yield out


@contextmanager
def _encrypting(out: IO[bytes], recipients: Sequence[Any]) -> Iterator[IO[bytes]]:
    work = _Beside(lambda source: pyrage.encrypt_io(source, out, list(recipients)))
    reader, writer = os.pipe()
    work.begin(os.fdopen(reader, "rb"))
    with os.fdopen(writer, "wb") as plain:
        yield plain
    work.end()


@contextmanager
def _decrypting(source: "_Part", identities: Sequence[Any]) -> Iterator[IO[bytes]]:
    reader, writer = os.pipe()
    work = _Beside(lambda sink: pyrage.decrypt_io(source, sink, list(identities)))
    work.begin(os.fdopen(writer, "wb"))
    try:
        with os.fdopen(reader, "rb") as plain:
            yield plain
    except tarfile.TarError as fault:
        work.end(quiet=False)
        raise Unreadable("it is cut short or altered") from fault
    work.end()


@contextmanager
def _reading(plain: IO[bytes]) -> Iterator[tarfile.TarFile]:
    with tarfile.open(fileobj=plain, mode="r|") as tar:
        yield tar


class _Beside:
    """One call that runs in a thread of its own on one end of a pipe, and its fault."""

    def __init__(self, call: Any) -> None:
        self._call = call
        self._fault: BaseException | None = None
        self._thread: threading.Thread | None = None

    def begin(self, end: IO[bytes]) -> None:
        self._thread = threading.Thread(target=self._run, args=(end,), daemon=True)
        self._thread.start()

    def end(self, *, quiet: bool = False) -> None:
        if self._thread is not None:
            self._thread.join()
        if self._fault is not None and not quiet:
            raise _said(self._fault) from self._fault

    def _run(self, end: IO[bytes]) -> None:
        try:
            with end:
                self._call(end)
        except BaseException as fault:
            self._fault = fault


def _said(fault: BaseException) -> Exception:
    if isinstance(fault, pyrage.DecryptError) and "matching" in str(fault):
        return Unreadable("this key does not open it")
    if isinstance(fault, pyrage.DecryptError | OSError):
        return Unreadable("it is cut short or altered")
    return RuntimeError(f"the seal could not be made or read: {fault}")


class _Part(io.RawIOBase):
    """The next `size` bytes of a file."""

    def __init__(self, source: IO[bytes], size: int) -> None:
        self._source, self._left = source, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._source.read(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def _add_member(out: IO[bytes], name: str, data: bytes) -> None:
    out.write(_header(name, len(data)) + data + bytes(-len(data) % BLOCK))


def _finish_member(out: IO[bytes], start: int) -> None:
    """Pad a streamed member, end the tar, and write the size that is known only now."""
    size = out.tell() - start - BLOCK
    out.write(bytes(-size % BLOCK) + bytes(2 * BLOCK))
    out.seek(start)
    out.write(_header(CONTENT, size))


def _find(source: IO[bytes], name: str) -> int | None:
    """Stand at the data of a member of the outer tar; its size, or None if it is not there."""
    source.seek(0)
    while len(block := source.read(BLOCK)) == BLOCK:
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except tarfile.TarError:
            return None
        if info.name == name:
            return info.size
        source.seek(info.size + -info.size % BLOCK, os.SEEK_CUR)
    return None
