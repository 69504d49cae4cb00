"""Wake-ups between processes: "look again at this topic". Losing one delays and never loses.

A listener owns a mailbox in the home, `run/wakeups/<id>.sock`; who has news drops the topic's name
into every mailbox it finds there and goes on. No process stands in the middle, so none can die
there. With a Redis address the same words travel by publish and subscribe.
"""

import asyncio
import contextlib
import os
import queue
import select
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

CHANNEL = "leeward.wakeups"
LONGEST_TOPIC = 200
# The kernel's limit for the path of a local socket is 108 bytes, one of them a closing zero.
LONGEST_SOCKET_PATH = 107


class Mailbox(Protocol):
    """Where wake-ups for one listener arrive."""

    def wait(self, timeout_s: float) -> frozenset[str]:
        """The topics that arrived, waiting for the first; empty when the time is over."""
        ...

    def close(self) -> None: ...


class Carrier(Protocol):
    """A `Wakeup` for use cases that can also be listened to."""

    def notify(self, topic: str) -> None: ...
    def mailbox(self) -> Mailbox: ...


def make_wakeup(home: Path, redis_url: str) -> Carrier:
    """The carrier this installation uses. Opens nothing until it is used."""
    return RedisWakeup(redis_url) if redis_url else LocalWakeup(home / "run" / "wakeups")


async def listen(carrier: Carrier, timeout_s: float = 0.5) -> AsyncIterator[frozenset[str]]:
    """Topics as they arrive; an empty set when nothing came for `timeout_s`."""
    mailbox = carrier.mailbox()
    try:
        while True:
            yield await asyncio.to_thread(mailbox.wait, timeout_s)
    finally:
        mailbox.close()


class LocalWakeup:
    """Datagrams between the processes of one home."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def notify(self, topic: str) -> None:
        data = topic.encode()[:LONGEST_TOPIC]
        with contextlib.suppress(OSError), os.scandir(self._folder) as places:
            for place in places:
                _drop(data, Path(place.path))

    def mailbox(self) -> "LocalMailbox":
        return LocalMailbox(self._folder)


def _drop(data: bytes, place: Path) -> None:
    try:
        if place.suffix == ".sock":
            _send_datagram(socket.AF_UNIX, data, str(place))
        elif place.suffix == ".port":
            _send_datagram(socket.AF_INET, data, ("127.0.0.1", int(place.read_text())))
    except ConnectionRefusedError:
        place.unlink(missing_ok=True)  # its listener died without closing
    except (OSError, ValueError):
        pass  # a full or vanishing mailbox: its owner polls


def _send_datagram(family: int, data: bytes, address: Any) -> None:
    with socket.socket(family, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        sender.sendto(data, address)


class LocalMailbox:
    """A datagram socket in the home: a local one, or a loopback port if paths are too long."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{os.getpid()}-{uuid4().hex[:8]}"
        self._place = folder / f"{name}.sock"
        if hasattr(socket, "AF_UNIX") and len(os.fsencode(self._place)) <= LONGEST_SOCKET_PATH:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._socket.bind(str(self._place))
        else:
            self._place = folder / f"{name}.port"
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._socket.bind(("127.0.0.1", 0))
            self._place.write_text(str(self._socket.getsockname()[1]))
        self._socket.setblocking(False)

    def wait(self, timeout_s: float) -> frozenset[str]:
        select.select([self._socket], [], [], timeout_s)
        topics = set()
        with contextlib.suppress(BlockingIOError):
            while True:
                topics.add(self._socket.recv(LONGEST_TOPIC).decode(errors="replace"))
        return frozenset(topics)

    def close(self) -> None:
        self._place.unlink(missing_ok=True)
        self._socket.close()


class RedisWakeup:
    """Publish and subscribe by Redis, for several machines. Sending happens beside the caller."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: queue.Queue[str] = queue.Queue(maxsize=1000)
        self._sender: tuple[int, threading.Thread] | None = None
        self._lock = threading.Lock()

    def notify(self, topic: str) -> None:
        self._start_sender()
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait(topic)

    def mailbox(self) -> "RedisMailbox":
        return RedisMailbox(self._url)

    def _start_sender(self) -> None:
        with self._lock:
            if self._sender is None or self._sender[0] != os.getpid():
                thread = threading.Thread(target=self._send, name="wakeups", daemon=True)
                self._sender = (os.getpid(), thread)
                thread.start()

    def _send(self) -> None:
        client: Any = None
        while True:
            topic = self._waiting.get()
            with contextlib.suppress(Exception):  # whatever Redis has, the readers poll
                client = client or _redis(self._url)
                client.publish(CHANNEL, topic[:LONGEST_TOPIC])


class RedisMailbox:
    """A subscription that heals itself; while it is broken, `wait` only waits."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._subscription: Any = None

    def wait(self, timeout_s: float) -> frozenset[str]:
        try:
            return frozenset(self._read(timeout_s))
        except Exception:  # connection errors of any kind: begin anew next time
            self.close()
            time.sleep(timeout_s)
            return frozenset()

    def close(self) -> None:
        if self._subscription is not None:
            with contextlib.suppress(Exception):
                self._subscription.close()
            self._subscription = None

    def _read(self, timeout_s: float) -> Iterable[str]:
        if self._subscription is None:
            self._subscription = _redis(self._url).pubsub(ignore_subscribe_messages=True)
            self._subscription.subscribe(CHANNEL)
        message = self._subscription.get_message(timeout=timeout_s)
        while message is not None:
            yield message["data"].decode(errors="replace")
            message = self._subscription.get_message(timeout=0)


def _redis(url: str) -> Any:
    import redis

    return redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
