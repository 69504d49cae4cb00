"""Logs as one JSON object a line, without what a person's record could hold.

The text of an exception often quotes the value that broke (a name, a key), so a fault is told by
its type and the places it came through, never by its words.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType

PLACES = 12


class JsonLines(logging.Formatter):
    """One line for one record."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _words(record),
            "process": record.process,
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["fault"] = record.exc_info[0].__name__
            line["where"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def take_over_uvicorn() -> None:
    """Let the server's own lines go the same way; it has set up its handlers by now."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def _words(record: logging.LogRecord) -> str:
    """The message; an exception among its arguments is named by its type alone."""
    request = getattr(record, "request", None)
    if record.name == "django.request" and request is not None:
        # The address somebody typed may hold anything; the page's own name does not.
        page = getattr(getattr(request, "resolver_match", None), "url_name", None) or "no page"
        return f"answered {getattr(record, 'status_code', 500)} on {page}"
    if isinstance(record.msg, BaseException):
        return type(record.msg).__name__
    if isinstance(record.args, tuple):
        record = logging.makeLogRecord(record.__dict__)
        record.args = tuple(
            type(a).__name__ if isinstance(a, BaseException) else a for a in record.args or ()
        )
    return record.getMessage()


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-PLACES:]
    return [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in frames]


def _short(path: str) -> str:
    for mark in ("/site-packages/", "/src/"):
        if mark in path:
            return path.rpartition(mark)[2]
    return path.rpartition("/")[2]
