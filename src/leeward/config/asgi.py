"""The web process: streams and files by ASGI, every page by Django in threads beside it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.config.settings")

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from servestatic import ServeStaticASGI
from starlette.applications import Starlette
from starlette.routing import Mount, Route

WORKERS = 10
# A name with a hash in it never changes its content.
HASHED = r"^.+\.[0-9a-f]{8,12}\..+$"

django = get_wsgi_application()  # loads the apps, which what follows needs

from leeward import content  # noqa: E402
from leeward.config.logs import take_over_uvicorn  # noqa: E402
from leeward.jobs.wakeups import listen, make_wakeup  # noqa: E402
from leeward.web.health import Health  # noqa: E402
from leeward.web.stream_pump import Pump  # noqa: E402
from leeward.web.streams import Stream  # noqa: E402


def _now() -> datetime:
    return datetime.now(UTC)


def build() -> ServeStaticASGI:
    """A new application with a pump of its own."""
    take_over_uvicorn()
    _read_ahead()
    pump = Pump(_now)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        pump.start(listen(make_wakeup(settings.LEEWARD_HOME, settings.LEEWARD_REDIS_URL)))
        yield
        await pump.stop()

    health = Health(
        settings.LEEWARD_HOME, settings.LEEWARD_METRICS_TOKEN, _now, lambda: pump.open_count
    )
    pages = Starlette(
        routes=[
            Route("/healthz", health.alive, methods=["GET"]),
            Route("/readyz", health.ready, methods=["GET"]),
            Route("/metrics", health.metrics, methods=["GET"]),
            Route("/stream", Stream(pump, _now).__call__, methods=["GET"]),
            Mount("/", WSGIMiddleware(django, workers=WORKERS)),
        ],
        lifespan=lifespan,
    )
    return ServeStaticASGI(
        pages,
        prefix=settings.STATIC_URL,
        root=_files(),
        immutable_file_test=HASHED,
        allow_all_origins=False,
    )


def _read_ahead() -> None:
    """Read the content and the views now, so that the first page does not wait for them."""
    content.load()
    list(get_resolver().url_patterns)  # importing them is what takes the time


def _files() -> Path:
    """The collected files; before they are collected, those of the package."""
    collected = Path(settings.STATIC_ROOT)
    return collected if collected.is_dir() else Path(settings.STATICFILES_DIRS[0])


application = build()
