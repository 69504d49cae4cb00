"""Looks at the record once for everybody, and hands what is new to every open stream.

The database is the bus; a wake-up only shortens the wait. A tick is encoded once per topic and its
bytes are shared. All database work happens in one thread of its own.
"""

import asyncio
import contextlib
import contextvars
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from leeward.core.treatment.events import Recorded

from .stream_reader import Happened, News, Reader, covers
from .stream_tokens import StreamPass
from .stream_wire import Position, encode, encode_event

logger = logging.getLogger("leeward.stream")

TICK_S = 1.0
SHORTEST_S = 0.2
MOST_WAITING = 1000
FAULT = "fault:"


class Overflow(RuntimeError):
    """A page reads so slowly that its events pile up; it is cut off, and comes back to replay."""


@dataclass(slots=True, eq=False)
class Subscription:
    """One open stream: what it may see, how far it has come, and what waits for it."""

    allowed: StreamPass
    position: Position = field(default_factory=dict)
    tick: bytes | None = None
    notices: deque[bytes] = field(default_factory=deque)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    overflowed: bool = False

    def offer_event(self, session_id: UUID, chair_id: UUID, recorded: Recorded) -> None:
        if recorded.envelope.seq <= self.position.get(session_id, 0):
            return
        self.position[session_id] = recorded.envelope.seq
        self.offer(encode_event(session_id, chair_id, recorded, self.position))

    def offer(self, notice: bytes) -> None:
        self.overflowed = self.overflowed or len(self.notices) >= MOST_WAITING
        if not self.overflowed:
            self.notices.append(notice)
        self.ready.set()

    def offer_tick(self, tick: bytes) -> None:
        self.tick = tick  # the one before it, if still here, is worthless now
        self.ready.set()

    def forget_all_but(self, followed: frozenset[UUID]) -> None:
        for session_id in self.position.keys() - followed:
            del self.position[session_id]

    def take(self) -> bytes:
        """Everything that waits, events before the tick."""
        if self.overflowed:
            raise Overflow
        self.ready.clear()
        waiting = b"".join([*self.notices, self.tick or b""])
        self.notices.clear()
        self.tick = None
        return waiting


class Pump:
    """Looks every second and at every wake-up, for as long as anybody follows."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._reader = Reader(now)
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="stream")
        self._subscriptions: set[Subscription] = set()
        self._looking = asyncio.Lock()
        self._woken = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._changed: set[str] = set()

    def start(self, wakeups: AsyncIterator[frozenset[str]] | None) -> None:
        """Begin. Called at the server's start-up, never from a request."""
        self._begin(self._run(), "stream pump")
        if wakeups is not None:
            self._begin(self._listen(wakeups), "stream wake-ups")

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._in_thread(self._reader.close)
        self._executor.shutdown(wait=True)

    async def is_good(self, allowed: StreamPass) -> bool:
        return bool(await self._in_thread(self._reader.is_good, allowed))

    async def subscribe(self, allowed: StreamPass, position: Position | None) -> Subscription:
        """Open a stream at `position`, or from now on; its first tick waits in it already."""
        subscription = Subscription(allowed)
        async with self._looking:
            news = await self._in_thread(self._first_look, subscription, position)
            self._hand_out(news)
            self._subscriptions.add(subscription)
        return subscription

    @property
    def open_count(self) -> int:
        return len(self._subscriptions)

    def unsubscribe(self, subscription: Subscription) -> None:
        self._subscriptions.discard(subscription)

    def _first_look(self, subscription: Subscription, position: Position | None) -> News:
        allowed = subscription.allowed
        news = self._reader.look(self._topics() | frozenset(allowed.topics), with_spark=True)
        heads = self._reader.heads(allowed)
        if position is not None:
            # Of a session the page has not heard of, its newest event says that it is there.
            heads = {id_: min(position.get(id_, seq - 1), seq) for id_, seq in heads.items()}
        subscription.position = dict(heads)
        for session, recorded in self._reader.replay(heads):
            subscription.offer_event(session.id, session.chair_id, recorded)
        for topic in allowed.topics:
            subscription.offer(news.ticks[topic])
        return News(news.events, {}, news.followed)

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), TICK_S - SHORTEST_S)
            self._woken.clear()
            await self._look()
            await asyncio.sleep(SHORTEST_S)

    async def _look(self) -> None:
        async with self._looking:
            topics = self._topics()
            if not topics:
                return
            try:
                news = await self._in_thread(self._reader.look, topics)
            except Exception:
                # Silence is the right signal: pages grey their numbers by their own clock.
                logger.exception("could not read for the live pages; trying again")
                return
            self._hand_out(news)
            self._hand_changes(news)

    def _hand_out(self, news: News) -> None:
        for subscription in self._subscriptions:
            self._hand_events(subscription, news.events)
            subscription.forget_all_but(news.followed)
            ticks = [news.ticks[t] for t in subscription.allowed.topics if t in news.ticks]
            if ticks:
                subscription.offer_tick(ticks[0] if len(ticks) == 1 else b"".join(ticks))

    def _hand_changes(self, news: News) -> None:
        """Boards where something else than a session's event happened are to be read anew."""
        told = {f"board:{session.location_id}" for session, _ in news.events}
        # An event of this very look makes the page read anew and needs no second word. One of
        # the look before does not: what changed since would be lost.
        for topic in self._changed - told:
            for subscription in self._subscriptions:
                if topic in subscription.allowed.topics:
                    subscription.offer(encode({"type": "changed", "topic": topic}))
        self._changed = set()

    @staticmethod
    def _hand_events(subscription: Subscription, events: list[Happened]) -> None:
        for session, recorded in events:
            if covers(subscription.allowed, session):
                subscription.offer_event(session.id, session.chair_id, recorded)

    async def _listen(self, wakeups: AsyncIterator[frozenset[str]]) -> None:
        async for topics in wakeups:
            for topic in topics:
                if topic.startswith(FAULT):
                    self._reader.note_fault(topic.removeprefix(FAULT))
            self._changed.update(topic for topic in topics if topic.startswith("board:"))
            if topics:
                self._woken.set()

    def _topics(self) -> frozenset[str]:
        return frozenset(t for s in self._subscriptions for t in s.allowed.topics)

    async def _in_thread(self, call: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._executor, call, *arguments)

    def _begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        # A context of its own: a task that inherits a request's thread-sensitive executor would
        # hang for ever at its first query.
        loop = asyncio.get_running_loop()
        task = loop.create_task(work, name=name, context=contextvars.Context())
        task.add_done_callback(_say_if_failed)
        self._tasks.append(task)


def _say_if_failed(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (fault := task.exception()) is not None:
        logger.critical("%s ended; live pages get no more news", task.get_name(), exc_info=fault)
