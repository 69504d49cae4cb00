"""What the doctor asks of the machine: Python, packages, Pango, content, catalogues, clock."""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import leeward

from .checkup import Checkup, attention, broken, ok

PYTHON = (3, 11)
PACKAGE = Path(leeward.__file__).parent
REPOSITORY = PACKAGE.parents[1]
# No clock of a working machine is behind the day this was written.
NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)\s*(;[^\\]+)?")


def look() -> Iterator[Checkup]:
    yield _python()
    yield from _packages()
    yield _content()
    yield from _catalogues()
    yield _pango()
    yield _clock()


def _python() -> Checkup:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] != PYTHON:
        return broken(
            "python",
            f"This is Python {version}.",
            "Leeward runs on Python 3.11. make PYTHON=python3.11 setup",
        )
    return ok("python", f"Python {version}")


def _packages() -> Iterator[Checkup]:
    """Missing packages stop work; other versions than the lock's were never tried together."""
    lock = REPOSITORY / "requirements.lock"
    if not lock.is_file():
        yield ok("packages", "installed without a lock file; versions not compared")
        return
    pinned = _pinned(lock.read_text())
    missing, other = [], []
    for name, version in pinned:
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if found != version:
            other.append(f"{name} {found} (locked {version})")
    if missing:
        yield broken("packages", f"Not installed: {', '.join(missing)}.", "make setup")
    if other:
        yield attention(
            "packages", f"Other versions than locked: {', '.join(other)}.", "make clean setup"
        )
    if not missing and not other:
        yield ok("packages", f"{len(pinned)} packages as locked")


def _pinned(lock: str) -> list[tuple[str, str]]:
    """Names and versions that the lock asks for on this machine."""
    found = [m.groups() for line in lock.splitlines() if (m := PINNED.match(line))]
    return [(name, version) for name, version, marker in found if _applies(marker)]


def _applies(marker: str | None) -> bool:
    if marker is None:
        return True
    try:
        from packaging.markers import Marker
    except ImportError:  # a development tool; what is for some machines only is then not asked for
        return False
    return Marker(marker.lstrip("; ")).evaluate()


def _content() -> Checkup:
    from leeward.content.check import check

    problems = check()
    if problems:
        return broken(
            "content",
            f"{len(problems)} problems; the first: {problems[0]}",
            "leeward content check",
        )
    return ok("content", "the clinical content is valid")


def _catalogues() -> Iterator[Checkup]:
    """Compiled catalogues are part of the package, so they can only be missing or stale."""
    sources = sorted((PACKAGE / "web" / "locale").glob("*/LC_MESSAGES/*.po"))
    if not sources:
        return
    stale = [po.parents[1].name for po in sources if not _is_fresh(po)]
    if stale:
        yield attention(
            "languages", f"The compiled texts are not fresh: {', '.join(stale)}.", "make docs"
        )
    else:
        names = ", ".join(po.parents[1].name for po in sources)
        yield ok("languages", f"compiled texts fresh: {names}")


def _is_fresh(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    if not mo.is_file():
        return False
    try:
        import polib
    except ImportError:  # a development tool; without it the file's being there must do
        return True
    told = {
        (e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural)
        for e in polib.pofile(str(po)).translated_entries()
    }
    compiled = {
        (e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in polib.mofile(str(mo)) if e.msgid
    }
    return told == compiled


def _pango() -> Checkup:
    from leeward.exchange.documents.note_pdf import pdf_available

    if because := pdf_available():
        first, _, remedy = because.partition(". ")
        return attention("pango", f"{first}.", remedy)
    return ok("pango", "PDFs can be made")


def _clock() -> Checkup:
    now = datetime.now(UTC)
    if now < NOT_BEFORE:
        return broken(
            "clock",
            f"The clock says {now:%Y-%m-%d %H:%M} UTC.",
            "Set the clock; every entry carries its time.",
        )
    return ok("clock", f"{now:%Y-%m-%d %H:%M} UTC")
