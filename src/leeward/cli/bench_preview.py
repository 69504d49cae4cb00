"""`leeward bench preview`: what a change in the plan builder costs, at the HTTP boundary.

A clinic is made by use cases in a home that is removed afterwards. A fresh process then sends
requests through Django's own WSGI handler: middleware, sign-in, queries, checks, levels, drawings
and templates included. Every request has other figures, so that no answer is a remembered one.
Beside it stand the same view with nothing to preview, and the bare levels without the web.
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

GOAL_MS = 100.0
WAY_IN = "way_in.json"
GZIP = b"\x1f\x8b"
LOGIN = "adams"
ALTERNATIVES = {"alt_dose_1": "0.5", "alt_duration_1": "60", "alt_dose_2": "0.25",
                "alt_duration_2": "55"}  # fmt: skip
CASES: dict[str, dict[str, str]] = {
    "draft beside the plan in force": {},
    "four regimens, plasma": ALTERNATIVES,
    "four regimens, effect site": {**ALTERNATIVES, "curve": "effect"},
    "four regimens, index": {**ALTERNATIVES, "curve": "index"},
    "published sets side by side": {"by": "sets"},
}


@dataclass(frozen=True, slots=True)
class Timing:
    """Wall times of one kind of request, and processor time of each on average [ms].

    Where both differ much, other processes held the processor.
    """

    what: str
    times_ms: tuple[float, ...]
    cpu_ms: float

    @property
    def median_ms(self) -> float:
        return statistics.median(self.times_ms)

    @property
    def ninety_fifth_ms(self) -> float:
        return sorted(self.times_ms)[int(0.95 * (len(self.times_ms) - 1))]


def add_parser(subparsers: Any) -> None:
    """Add the benchmark."""
    parser = subparsers.add_parser("preview", help="the plan builder's preview over HTTP")
    parser.add_argument("--requests", type=int, default=60, help="how many of each kind")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--in-home", action="store_true", help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make the clinic, then measure in a process that has done nothing before."""
    if args.in_home:
        return _measure(args)
    with tempfile.TemporaryDirectory(prefix="leeward-bench-") as folder:
        os.environ |= {"LEEWARD_HOME": folder, "LEEWARD_DATABASE_URL": ""}
        print("making a clinic", file=sys.stderr)
        make_clinic(Path(folder))
        again = [sys.executable, "-m", "leeward.cli.main", "bench", "preview", "--in-home",
                 "--requests", str(args.requests), "--format", args.format]  # fmt: skip
        return subprocess.run(again, check=False).returncode  # noqa: S603


def make_clinic(home: Path) -> None:
    """The demo's clinic, in an empty home: a person with a signed plan in force."""
    from leeward.cli.main import start_django

    start_django()
    import django.db
    from django.core.management import call_command

    from leeward.demo.clinic import make_demo

    call_command("migrate", interactive=False, verbosity=0)
    make_demo(
        now=datetime.now(UTC), timezone="UTC", folder=home / "records", address="", tell=_quiet
    )
    cookie, url, fields = _way_in()
    (home / WAY_IN).write_text(json.dumps([cookie, url, fields]))
    django.db.connections.close_all()


def _quiet(_line: str) -> None:
    """Say nothing."""


def _measure(args: argparse.Namespace) -> int:
    from leeward.cli.main import start_django

    start_django()
    from django.core.wsgi import get_wsgi_application

    handler = get_wsgi_application()
    # Read from a file: asking the records for it would load the content before the first request.
    cookie, url, fields = json.loads(Path(os.environ["LEEWARD_HOME"], WAY_IN).read_text())
    ask = _asker(handler, cookie, url)
    first = timed("first request of a fresh process", [fields], ask)
    compiled = "numba" in sys.modules
    ask({})
    timings = [timed("the same view, nothing to preview", [{}] * args.requests, ask)]
    for number, (what, extra) in enumerate(CASES.items()):
        ask({**fields, **extra})
        form = varied(fields, extra, args.requests, number * args.requests)
        timings.append(timed(what, form, ask))
    timings += bare(args.requests)
    _print(first, timings, compiled, args.format)
    return 0


def varied(
    fields: dict[str, str], extra: dict[str, str], count: int, first: int = 0
) -> Iterable[dict[str, str]]:
    """The same form with figures that no other request has."""
    for k in range(first, first + count):
        change = {"duration_min": str(41 + k % 60), "dose_mg_per_kg": f"0.{301 + 2 * (k % 340)}"}
        yield {**fields, **change, **extra}


def bare(count: int) -> list[Timing]:
    """Levels and drawings of four regimens, without the web."""
    from leeward.core.quantities import Refusal
    from leeward.figures.pk import draw_pk
    from leeward.usecases.preview_levels import Dose, preview_plan

    def levels(number: int) -> Any:
        doses = [Dose(f"n{k}", Decimal(20 + number), Decimal(31 + 10 * k)) for k in range(4)]
        answer = preview_plan(
            doses[0], weight_kg=Decimal(70), age_y=40, in_force=doses[1], others=doses[2:]
        )
        if isinstance(answer, Refusal):
            raise SystemExit(f"the levels refused: {answer}")
        return answer

    charts = [levels(-k % 9).chart for k in range(count)]
    return [
        timed("bare levels of four regimens", range(10, 10 + count), levels),
        timed("bare drawings, wide and narrow", charts,
              lambda chart: (draw_pk(chart), draw_pk(chart, wide=False))),
    ]  # fmt: skip


def timed(what: str, requests: Iterable[Any], answer: Callable[[Any], Any]) -> Timing:
    times = []
    cpu_s = time.process_time()
    for request in requests:
        began_s = time.perf_counter()
        answer(request)
        times.append((time.perf_counter() - began_s) * 1000.0)
    spent_ms = (time.process_time() - cpu_s) * 1000.0
    return Timing(what, tuple(times), spent_ms / len(times))


def _way_in() -> tuple[str, str, dict[str, str]]:
    """A signed-in prescriber's cookie, the address, and the form of the plan in force."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import reverse

    from leeward.demo.people import IN_COURSE
    from leeward.records.accounts.selectors import get_actor
    from leeward.records.overview.plan import get_plan_page
    from leeward.records.people.selectors import list_patients

    user = get_user_model().objects.get(login=LOGIN)
    client = Client()
    client.force_login(user)
    ticket = client.cookies[settings.SESSION_COOKIE_NAME].value
    viewer = get_actor(user.pk)
    if viewer is None:
        raise SystemExit("the clinic has no prescriber")
    now = datetime.now(UTC)
    patient = next(p for p in list_patients(viewer, now=now) if IN_COURSE.family in p.name)
    page = get_plan_page(viewer, patient.id, drug="racemic_ketamine", route="iv", now=now)
    fields = {key: str(value) for key, value in page.suggestion.items()}
    return (
        f"{settings.SESSION_COOKIE_NAME}={ticket}",
        reverse("plan-preview", args=[patient.id]),
        fields,
    )


def _asker(handler: Any, cookie: str, url: str) -> Callable[[dict[str, str]], None]:
    """Sends one GET through the handler; an answer without its levels is a fault."""

    def ask(fields: dict[str, str]) -> None:
        environ = {
            "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": url,
            "QUERY_STRING": urlencode(fields), "SERVER_NAME": "localhost", "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "HTTP_COOKIE": cookie,
            "HTTP_HX_REQUEST": "true", "HTTP_ACCEPT_ENCODING": "gzip",
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(b""), "wsgi.errors": sys.stderr, "wsgi.multithread": False,
            "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        heard: list[str] = []
        answer = handler(environ, lambda status, _headers, _info=None: heard.append(status))
        body = b"".join(answer)
        answer.close()
        body = gzip.decompress(body) if body[:2] == GZIP else body
        if not heard[0].startswith("200") or (fields and b"<svg" not in body):
            raise SystemExit(f"{url} answered {heard[0]} without levels: {body[:300]!r}")

    return ask


def _print(first: Timing, timings: list[Timing], compiled: bool, form: str) -> None:
    if form == "json":
        rows = [_row(timing) for timing in (first, *timings)]
        said = {"benchmark": "preview", "goal_ms": GOAL_MS, "compiler_loaded": compiled}
        print(json.dumps({**said, "rows": rows}))
        return
    count = len(timings[0].times_ms)
    print(f"{'median':>9} {'95 %':>9} {'processor':>9}   of {count} requests each [ms]")
    for t in timings:
        print(f"{t.median_ms:9.1f} {t.ninety_fifth_ms:9.1f} {t.cpu_ms:9.1f}   {t.what}")
    print(f"{first.median_ms:9.1f} {'':>9} {first.cpu_ms:9.1f}   {first.what}")
    loaded = "yes" if compiled else "no"
    print(f"\nGoal: under {GOAL_MS:.0f} ms median. Compiler loaded by a request: {loaded}.")


def _row(timing: Timing) -> dict[str, str | float]:
    return {
        "what": timing.what,
        "median_ms": timing.median_ms,
        "p95_ms": timing.ninety_fifth_ms,
        "cpu_ms": timing.cpu_ms,
        "requests": len(timing.times_ms),
    }
