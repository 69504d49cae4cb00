"""What Prometheus reads: machinery alone. No label holds a person, an id or an address."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

from leeward import __version__

REGISTRY = CollectorRegistry()
ANSWERED = Counter(
    "leeward_requests", "Requests answered, by page and status", ("page", "method", "status"),
    registry=REGISTRY,
)  # fmt: skip
TOOK = Histogram(
    "leeward_request_seconds", "How long pages took", ("page",), registry=REGISTRY,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
)  # fmt: skip
Handler = Callable[[HttpRequest], HttpResponse]
METHODS = ("GET", "HEAD", "POST")


def measured(get_response: Handler) -> Handler:
    """Count and time every page by its name, which is one of a closed list."""

    def handle(request: HttpRequest) -> HttpResponse:
        began_s = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        page = (match.url_name if match else None) or "none"
        method = request.method if request.method in METHODS else "other"
        ANSWERED.labels(page, method, str(response.status_code)).inc()
        TOOK.labels(page).observe(time.perf_counter() - began_s)
        return response

    return handle


class _Moment:
    """Gauges that are read anew at every scrape."""

    def __init__(self, health: dict[str, Any]) -> None:
        self._health = health

    def collect(self) -> Iterator[Any]:
        health = self._health
        info = InfoMetricFamily("leeward", "Which Leeward this is")
        info.add_metric([], {"version": __version__})
        yield info
        for name, words, value in (
            ("database_up", "Whether the database answers", health["database"]),
            ("disk_free_bytes", "Free space where the home lies", health["disk_free_bytes"]),
            ("streams_open", "Live pages that are open", health["streams"]),
            ("alarm_engine_age_seconds", "Since the alarm engine's last tick",
             health.get("engine_age_s")),
            ("alarm_engine_period_seconds", "Between its last two ticks",
             health.get("engine_period_s")),
            ("messages_queued", "Messages that wait", health.get("messages_queued")),
        ):  # fmt: skip
            if value is not None:
                yield GaugeMetricFamily(f"leeward_{name}", words, value=float(value))
        yield _by("sessions", "Sessions under way", "stage", health.get("sessions", {}))
        yield _by("tasks", "Background work", "status", health.get("tasks", {}))
        yield _by("process_up", "Processes of this home", "process", health["processes"])
        yield _by("process_restarts", "Restarts since the start", "process", health["restarts"])


def _by(name: str, words: str, label: str, values: dict[str, Any]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"leeward_{name}", words, labels=[label])
    for each, value in sorted(values.items()):
        family.add_metric([each], float(value))
    return family


def exposition(health: dict[str, Any]) -> bytes:
    """The text that Prometheus reads."""
    now = CollectorRegistry()
    now.register(_Moment(health))
    return generate_latest(now) + generate_latest(REGISTRY)
