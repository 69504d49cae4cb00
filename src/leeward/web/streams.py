"""`/stream`: what happens in a clinic, as it happens, to the pages that are open.

A page is rendered at a position and streams from it: `?token=...&after=<position>`. Events carry
their position as the id, so a browser that comes back gets what it missed; vital signs come as one
`tick` a second and are not made up for.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from .stream_pump import Overflow, Pump, Subscription
from .stream_tokens import BadToken, StreamPass, read_token, stream_token
from .stream_wire import KEEP_ALIVE, RETRY, Position, read_position, write_position

__all__ = ["BadToken", "Stream", "stream_token", "write_position"]

KEEP_ALIVE_S = 15.0
CHECK_VIEWER_EVERY = timedelta(minutes=1)
HEADERS = {
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
    "Referrer-Policy": "no-referrer",
}


class Stream:
    """The endpoint, with the pump it reads from."""

    def __init__(self, pump: Pump, now: Callable[[], datetime]) -> None:
        self._pump = pump
        self._now = now

    async def __call__(self, request: Request) -> Response:
        try:
            allowed = read_token(request.query_params.get("token", ""), self._now())
        except BadToken as refused:
            return PlainTextResponse(str(refused), status_code=403)
        if not await self._pump.is_good(allowed):
            return PlainTextResponse("there is no such stream", status_code=404)
        after = request.headers.get("Last-Event-ID") or request.query_params.get("after", "")
        position = read_position(after, allowed.ids("session"))
        return StreamingResponse(
            self._feed(allowed, position), media_type="text/event-stream", headers=HEADERS
        )

    async def _feed(self, allowed: StreamPass, position: Position | None) -> AsyncIterator[bytes]:
        subscription = await self._pump.subscribe(allowed, position)
        try:
            yield RETRY
            checked_at = self._now()
            while (now := self._now()) < allowed.expires_at:
                if now - checked_at >= CHECK_VIEWER_EVERY:
                    if not await self._pump.is_good(allowed):
                        return
                    checked_at = now
                yield await _next(subscription)
        except Overflow:
            return
        finally:
            self._pump.unsubscribe(subscription)


async def _next(subscription: Subscription) -> bytes:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(subscription.ready.wait(), KEEP_ALIVE_S)
    return subscription.take() or KEEP_ALIVE
