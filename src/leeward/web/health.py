"""`/healthz`, `/readyz`, `/metrics`: for supervisors, proxies and whoever watches the machines.

Ready means that this process can serve. An alarm engine that is late makes the answer `degraded`
and not a refusal: a proxy that took every screen away would leave a running session in the dark.
"""

import asyncio
import hmac
import ipaddress
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections
from django.db.utils import InterfaceError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from leeward.records.overview.pulse import read_pulse

from .measures import exposition

MB = 1024 * 1024
LEAST_FREE_BYTES = 200 * MB
ENGINE_LATE_S = 4.0
NEEDED = ("alarms", "gateway")
NO_STORE = {"Cache-Control": "no-store"}


class Health:
    """The three endpoints; `streams` counts the live pages that are open."""

    def __init__(
        self, home: Path, token: str, now: Callable[[], datetime], streams: Callable[[], int]
    ) -> None:
        self._home, self._token, self._now, self._streams = home, token, now, streams

    async def alive(self, _request: Request) -> Response:
        """The process answers; nothing else is asked."""
        return PlainTextResponse("ok\n", headers=NO_STORE)

    async def ready(self, _request: Request) -> Response:
        found = await asyncio.to_thread(self._look)
        checks = judge(found)
        serving = checks["database"] == checks["disk"] == "ok"
        state = "ready" if serving else "not ready"
        if serving and set(checks.values()) != {"ok"}:
            state = "degraded"
        return JSONResponse(
            {"state": state, "checks": checks}, status_code=200 if serving else 503,
            headers=NO_STORE,
        )  # fmt: skip

    async def metrics(self, request: Request) -> Response:
        if not self._may_measure(request):
            return PlainTextResponse("measured from this machine, or with the token\n", 403)
        found = await asyncio.to_thread(self._look)
        text = exposition(found | {"streams": self._streams()})
        return Response(text, media_type="text/plain; version=0.0.4", headers=NO_STORE)

    def _may_measure(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._token:
            return hmac.compare_digest(given.encode(), self._token.encode())
        # What a proxy on this machine hands on comes from here too, but not from somebody here.
        forwarded = {"x-forwarded-for", "forwarded", "x-real-ip"} & set(request.headers.keys())
        try:
            here = ipaddress.ip_address(request.client.host if request.client else "").is_loopback
        except ValueError:
            here = False
        return here and not forwarded

    def _look(self) -> dict[str, Any]:
        found: dict[str, Any] = {"database": True}
        try:
            found |= asdict(read_pulse(self._now()))
        except (DatabaseError, InterfaceError):
            found["database"] = False
        finally:
            # This thread is anybody's next time, and may end: it keeps no connection open.
            connections.close_all()
        found["disk_free_bytes"] = shutil.disk_usage(self._home).free
        return found | _processes(self._home)


def judge(found: dict[str, Any]) -> dict[str, str]:
    """A word for each check: `ok`, or what is wrong."""
    age_s = found.get("engine_age_s")
    engine = "never heard" if age_s is None else "ok" if age_s <= ENGINE_LATE_S else "late"
    up = found["processes"]
    return {
        "database": "ok" if found["database"] else "does not answer",
        "disk": "ok" if found["disk_free_bytes"] >= LEAST_FREE_BYTES else "full",
        "alarm_engine": engine,
        **{part: "ok" if up[part] else "down" for part in NEEDED if part in up},
    }


def _processes(home: Path) -> dict[str, Any]:
    """What this home's supervisor last wrote; nothing where another one runs the parts."""
    try:
        status = json.loads((home / "run" / "status.json").read_text())
        os.kill(int(status["pid"]), 0)
        parts = status["processes"]
        return {
            "processes": {name: part["state"] == "running" for name, part in parts.items()},
            "restarts": {name: part["restarts"] for name, part in parts.items()},
        }
    except (OSError, ValueError, KeyError):
        return {"processes": {}, "restarts": {}}
