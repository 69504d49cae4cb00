"""Many browsers on one board: each holds a stream of its own and dates every reading it gets."""

import asyncio
import json
import re
import signal
import sys
import time
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from leeward.demo.people import PASSPHRASE

WRAP = 100000
read: dict[bytes, dict[str, Any]] = {}
LOGIN = "bea"


async def watch(
    port: int, query: str, found: list[tuple[float, float]], alarms: list[tuple[str, float]]
) -> None:
    """Follow the stream as a browser does, until it is cut."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=16_000_000)
    writer.write(f"GET /stream?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    await writer.drain()
    last: dict[str, str] = {}
    while line := await reader.readline():
        if not line.startswith(b"data: {"):
            continue
        now = time.time()
        # All boards get the same bytes: they are read once, so that the watching costs little.
        if line not in read:
            read.clear()
            read[line] = json.loads(line[6:])
        message = read[line]
        if message.get("event") == "alarm_raised":
            alarms.append((message["session"], now))
        for chair, content in message.get("chairs", {}).items():
            said = content["channels"].get("etco2", {}).get("v")
            if said is not None and last.get(chair) != said:
                last[chair] = said
                age_s = (now - float(said)) % WRAP
                found.append((now - age_s, 1000 * age_s))


def main(argv: list[str]) -> int:
    port, location, viewers = int(argv[0]), argv[1], int(argv[2])
    query = _query(port, location)
    found: list[tuple[float, float]] = []
    alarms: list[tuple[str, float]] = []
    loop = asyncio.new_event_loop()
    tasks = [loop.create_task(watch(port, query, found, alarms)) for _ in range(viewers)]
    loop.add_signal_handler(signal.SIGTERM, loop.stop)
    loop.run_forever()
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    print(json.dumps({"latencies": found, "alarms": alarms}), flush=True)
    return 0


def _query(port: int, location: str) -> str:
    """What the page of the demo's nurse brings to its stream, got as her browser gets it."""
    browser = build_opener(HTTPCookieProcessor())
    base = f"http://127.0.0.1:{port}"
    form = browser.open(f"{base}/sign-in/", timeout=60).read().decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert found is not None
    fields = {"csrfmiddlewaretoken": found[1], "login": LOGIN, "username": LOGIN,
              "password": PASSPHRASE}  # fmt: skip
    browser.open(f"{base}/sign-in/", urlencode(fields).encode(), timeout=60).read()
    board = browser.open(f"{base}/board/{location}/", timeout=60).read().decode()
    token = re.search(r'data-token="([^"]+)"', board)
    if token is None:
        raise SystemExit("The board brings no stream.")
    return urlencode({"token": token[1], "after": ""})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
