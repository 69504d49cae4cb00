"""Everything written out for leaving: FHIR, signed documents, chains, tables, and a verifier."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from leeward import __version__, content
from leeward.core.quantities import Refusal
from leeward.exchange.documents.note_html import NoteCopy
from leeward.exchange.documents.note_pdf import note_pdf, pdf_available
from leeward.exchange.fhir.patient_writer import patient_resource
from leeward.exchange.fhir.session_bundle import SessionSubject, SessionTerms, session_bundle
from leeward.exchange.fhir.writing import to_json
from leeward.records.audit.chain import canonical
from leeward.usecases import ports, read_everything
from leeward.usecases.sign_note import signed_statements, verify_signatures
from leeward.usecases.verify_records import chain_heads

from . import verify_export
from .database_copy import one_moment
from .leaving_readme import readme
from .tables import write_tables

Tell = Callable[[str], None]
VERIFIER = Path(verify_export.__file__)


@dataclass(slots=True)
class Written:
    """What an export holds."""

    folder: Path
    counts: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    not_written: list[str] = field(default_factory=list)


def export_everything(
    folder: Path, *, now: datetime, styles: Path, tell: Tell = lambda _: None
) -> Written | Refusal:
    """Write into `folder`, which must be empty or absent. What can't be written is said."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        return Refusal("export.not_empty", f"{folder} is not empty. Name a new or empty folder.")
    for name in ("fhir/sessions", "documents", "chains", "tables"):
        (folder / name).mkdir(parents=True, mode=0o700)
    written = Written(folder)
    with one_moment():
        _chains(written, tell)
        _documents(written, styles, tell)
        _fhir(written, now, tell)
        tell("tables")
        tables, written.left_out = write_tables(folder / "tables")
    written.counts["tables"] = len(tables)
    written.counts["rows"] = sum(tables.values())
    shutil.copyfile(VERIFIER, folder / "verify.py")
    (folder / "README.md").write_text(readme(written, now), encoding="utf-8")
    _manifest(written, tables, now)
    return written


def _chains(written: Written, tell: Tell) -> None:
    folder = written.folder / "chains"
    for name, rows in (
        ("audit", read_everything.read_audit()),
        ("sessions", read_everything.read_sessions()),
        ("ledgers", read_everything.read_ledgers()),
        ("samples", read_everything.read_samples()),
    ):
        tell(f"chains of {name}")
        written.counts[name] = _ndjson(folder / f"{name}.ndjson", map(canonical, rows))
    heads = {chain: list(head) for chain, head in chain_heads().items()}
    (folder / "heads.json").write_text(json.dumps(heads, indent=1, sort_keys=True))
    if lines := ports.anchors().lines():
        _ndjson(folder / "anchors.ndjson", lines)
    written.counts["chains"] = len(heads)


def _documents(written: Written, styles: Path, tell: Tell) -> None:
    tell("documents")
    reason = pdf_available()
    if reason:
        written.not_written.append(f"PDFs of documents: {reason}")
    count = 0
    for document in read_everything.read_documents():
        place = written.folder / "documents" / str(document.id)
        place.mkdir()
        (place / "record.json").write_bytes(document.canonical.encode())
        state = read_everything.state_of(document.session_id) if document.session_id else None
        about = {
            "id": str(document.id), "kind": document.kind, "title": document.title,
            "session": str(document.session_id or ""), "record_sha256": document.digest,
            "public_key": ports.signer().public_key,
            "signatures": signed_statements(state) if state else [],
        }  # fmt: skip
        (place / "signature.json").write_text(json.dumps(about, ensure_ascii=False, indent=1))
        if state and not reason:
            copy = NoteCopy(json.loads(document.canonical), document.digest, state.signatures,
                            verify_signatures(state), state.addenda)  # fmt: skip
            (place / "document.pdf").write_bytes(note_pdf(copy, styles=styles))
        count += 1
    written.counts["documents"] = count


def _fhir(written: Written, now: datetime, tell: Tell) -> None:
    tell("FHIR")
    folder = written.folder / "fhir"
    people = (json.dumps(patient_resource(p)) for p in read_everything.read_people())
    written.counts["patients"] = _ndjson(folder / "Patient.ndjson", people)
    library, count = content.load(), 0
    for held in read_everything.read_held():
        plan, who = held.state.plan, held.subject
        drug, route = library.drugs.get(plan.drug), library.routes.get(plan.route)
        if drug is None or route is None:
            written.not_written.append(
                f"FHIR Bundle of session {held.id}: {plan.drug} {plan.route} "
                "is not in the content of today"
            )
            continue
        made = session_bundle(
            held.state,
            SessionSubject(
                held.id, who.patient_id, who.family, who.given, who.birth_date, who.sex,
                who.identifiers, who.organization_name, who.location_name,
            ),
            SessionTerms(drug, route, library.effects),
            record_digest=held.record_digest,
            written_at=now,
        )  # fmt: skip
        (folder / "sessions" / f"{held.id}.json").write_text(to_json(made), encoding="utf-8")
        count += 1
    written.counts["session_bundles"] = count


def _ndjson(file: Path, lines: Iterable[str]) -> int:
    count = 0
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for line in lines:
            out.write(line + "\n")
            count += 1
    return count


def _manifest(written: Written, tables: dict[str, int], now: datetime) -> None:
    folder = written.folder
    files: dict[str, str] = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            with file.open("rb") as source:
                digest = hashlib.file_digest(source, "sha256").hexdigest()
            files[file.relative_to(folder).as_posix()] = digest
    about: dict[str, Any] = {
        "kind": "leeward.export", "version": 1, "written_at": now.isoformat(),
        "leeward": __version__, "content_digest": content.load().digest,
        "counts": written.counts, "tables": tables, "left_out": written.left_out,
        "not_written": written.not_written, "files": files,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(about, indent=1, sort_keys=True))
