"""Taking in records from files: the answer streams its progress, then the report."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import Queue
from threading import Thread
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from leeward.core.quantities import Refusal
from leeward.exchange.fhir.importing import Progress, import_files
from leeward.exchange.fhir.reader import ReadLimits
from leeward.exchange.fhir.report import ImportReport
from leeward.records.accounts.actor import Actor
from leeward.records.organizations.selectors import list_places
from leeward.usecases.import_records import import_records
from leeward.usecases.imported import Imported, ImportOutcome
from leeward.web import door

MARK = "<!--progress-->"
SHOWN_LEFT = 200
# What a gzipped upload may unpack to; more goes through the command line.
LIMITS = ReadLimits(total_bytes=2000 * 1024 * 1024)


@door.allow(*door.STAFF_ROLES, methods=("GET", "POST"))
def show(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    viewer = door.viewer(request)
    places = list_places(viewer.wall, viewer.location_ids)
    context = {"places": places}
    if request.method == "GET":
        return render(request, "import_records.html", context)
    files = request.FILES.getlist("files")
    place = next((p for p in places if str(p.id) == request.POST.get("location")), None)
    if place is None or not files:
        refusal = Refusal("import.nothing", "Choose a location and at least one file.")
        return render(request, "import_records.html", {**context, "refusal": refusal}, status=422)
    page = render_to_string("import_records.html", {**context, "running": MARK}, request)
    before, _, after = page.partition(MARK)
    work = _import(viewer, place.id, door.command_id(request), files)
    return StreamingHttpResponse(_stream(before, work, after))


def _stream(before: str, work: Iterator[str], after: str) -> Iterator[str]:
    yield before
    yield from work
    yield after


def _import(
    viewer: Actor, location_id: UUID, command_id: UUID, files: Sequence[UploadedFile]
) -> Iterator[str]:
    """Progress lines while a thread imports, and the report at the end."""
    with tempfile.TemporaryDirectory(prefix="leeward-upload-") as folder:
        names = {str(_kept(file, Path(folder), n)): file.name or "file"
                 for n, file in enumerate(files)}  # fmt: skip
        queue: Queue[Progress | ImportReport | Refusal | None] = Queue()
        take = _taker(viewer, location_id, command_id)
        worker = Thread(target=_work, args=(names, take, queue), daemon=True)
        worker.start()
        while (said := queue.get()) is not None:
            yield _said(said)
        worker.join()


def _work(
    names: dict[str, str],
    take: Callable[[Sequence[Imported]], ImportOutcome | Refusal],
    queue: "Queue[Progress | ImportReport | Refusal | None]",
) -> None:
    try:
        queue.put(import_files(names, take, progress=queue.put, names=names, limits=LIMITS))
    except Exception:
        queue.put(Refusal("import.broken", "The import stopped by a fault. What was taken "
                          "before is kept; importing again changes nothing twice."))  # fmt: skip
        raise
    finally:
        connection.close()
        queue.put(None)


def _taker(
    viewer: Actor, location_id: UUID, command_id: UUID
) -> Callable[[Sequence[Imported]], ImportOutcome | Refusal]:
    def take(batch: Sequence[Imported]) -> ImportOutcome | Refusal:
        return import_records(
            actor=viewer,
            now=door.now(),
            command_id=command_id,
            location_id=location_id,
            resources=batch,
        )

    return take


def _kept(file: UploadedFile, folder: Path, number: int) -> Path:
    """A copy under a name of our own: an uploaded name is not to be trusted as a path."""
    copy = folder / f"upload-{number}"
    with copy.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    return copy


def _said(said: Progress | ImportReport | Refusal) -> str:
    if isinstance(said, Progress):
        return render_to_string("import_records.html#progress", {"progress": said})
    if isinstance(said, Refusal):
        return render_to_string("parts/refusal.html", {"refusal": said})
    left = [skipped for _, skipped in zip(range(SHOWN_LEFT), said.skipped(), strict=False)]
    return render_to_string("import_records.html#report", {"report": said, "left": left})
