"""The live stream end to end: the ASGI application on a real socket, a real database."""

import asyncio
import contextlib
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from leeward.records.accounts.actor import system_actor
from leeward.records.treatments import store
from leeward.usecases.record_samples import Observation, SecondOfSamples, record_samples
from leeward.usecases.treat_session import carry_out
from leeward.web.stream_pump import MOST_WAITING, Overflow, Pump, Subscription
from leeward.web.stream_tokens import BadToken, read_token, stream_token
from leeward.web.stream_wire import read_position, write_position
from tests.cast import cid
from tests.integration.runtime.treating import bound, ok, opened, vitals


def now():
    return datetime.now(UTC)


@pytest.fixture
def session(real_cast):
    return opened(real_cast)


def board(cast):
    return f"board:{cast.location.id}"


def seen_by(viewer, *topics, at=None):
    return read_token(stream_token(viewer, topics, at or now()), at or now())


def messages(raw):
    """The JSON of every event in some bytes of a stream, each with the id it carries."""
    found = []
    for block in raw.decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "data" in lines:
            found.append(json.loads(lines["data"]) | {"id": lines.get("id")})
    return found


async def follow(allowed, position=None, *, meanwhile=None, until=None):
    """What one page gets: its first messages, then those after `meanwhile` ran."""
    pump = Pump(now)
    pump.start(None)
    try:
        subscription = await pump.subscribe(allowed, position)
        first = messages(subscription.take())
        if meanwhile is None:
            return first, []
        await asyncio.to_thread(meanwhile)
        later = []
        async with asyncio.timeout(10):
            while not (later and until(later)):
                await subscription.ready.wait()
                later += messages(subscription.take())
        return first, later
    finally:
        await pump.stop()


def record_vitals(cast, session, name="typed"):
    from django.db import connections

    try:
        ok(carry_out(
            actor=cast.bea, now=now(), command_id=cid(name), session_id=session.id,
            command=vitals(),
        ))  # fmt: skip
    finally:
        connections.close_all()


def events(found):
    return [m for m in found if m["type"] == "event"]


def ticks(found):
    return [m for m in found if m["type"] == "tick"]


def test_a_token_is_read_as_it_was_made(real_cast):
    allowed = seen_by(real_cast.bea, board(real_cast))
    assert allowed.organization_id == real_cast.organization.id
    assert allowed.topics == (board(real_cast),)


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "x" + t, lambda t: ""])
def test_an_altered_token_opens_nothing(real_cast, spoil):
    token = stream_token(real_cast.bea, [board(real_cast)], now())
    with pytest.raises(BadToken):
        read_token(spoil(token), now())


def test_a_token_ends(real_cast):
    token = stream_token(real_cast.bea, [board(real_cast)], now(), timedelta(minutes=5))
    with pytest.raises(BadToken, match="ended"):
        read_token(token, now() + timedelta(minutes=5))


@pytest.mark.parametrize("topic", ["patient:1", "board:", "board:x", "everything"])
def test_a_token_is_made_for_known_topics_only(real_cast, topic):
    with pytest.raises(ValueError, match=r"."):
        stream_token(real_cast.bea, [topic], now())


def test_positions_survive_the_wire():
    position = {uuid4(): 3, uuid4(): 12}
    assert read_position(write_position(position), frozenset()) == position
    one = uuid4()
    assert read_position("17", frozenset({one})) == {one: 17}
    assert read_position("", frozenset({one})) is None
    assert read_position("nonsense", frozenset()) == {}


def test_a_new_page_gets_a_tick_at_once_and_no_old_events(real_cast, session):
    first, _ = asyncio.run(follow(seen_by(real_cast.bea, board(real_cast))))
    assert events(first) == []
    (tick,) = ticks(first)
    chair = tick["chairs"][str(real_cast.chair.id)]
    assert chair["session"] == str(session.id)
    assert chair["alarm_engine"]["state"] == "lost"


def test_a_page_that_comes_back_gets_what_it_missed_in_order(real_cast, session):
    record_vitals(real_cast, session, "one")
    record_vitals(real_cast, session, "two")
    allowed = seen_by(real_cast.bea, f"session:{session.id}")
    first, _ = asyncio.run(follow(allowed, {session.id: 1}))
    last = store.load(session.id)[-1].envelope.seq
    assert [m["seq"] for m in events(first)] == list(range(2, last + 1))
    assert events(first)[-1]["id"] == f"{session.id}:{last}"


def test_what_happens_after_the_page_opened_reaches_it_once(real_cast, session):
    first, later = asyncio.run(follow(
        seen_by(real_cast.bea, board(real_cast), f"session:{session.id}"),
        meanwhile=lambda: record_vitals(real_cast, session),
        until=lambda found: any(m["type"] == "tick" for m in found) and events(found),
    ))  # fmt: skip
    assert events(first) == []
    assert [m["event"] for m in events(later)] == ["vitals_recorded"]


def test_a_session_opened_later_appears_on_the_board(real_cast):
    from django.db import connections

    def open_one():
        try:
            opened(real_cast)
        finally:
            connections.close_all()

    _, later = asyncio.run(follow(
        seen_by(real_cast.bea, board(real_cast)), {}, meanwhile=open_one,
        until=lambda found: ticks(found) and events(found) and ticks(found)[-1]["chairs"],
    ))  # fmt: skip
    assert events(later)[0]["event"] == "session_opened"


def test_a_page_back_after_a_session_opened_hears_of_it(real_cast, session):
    first, _ = asyncio.run(follow(seen_by(real_cast.bea, board(real_cast)), {uuid4(): 4}))
    head = store.load(session.id)[-1].envelope.seq
    assert [m["seq"] for m in events(first)] == [head]


def send(cast, session, binding, seq, *, at=None, **values):
    units = {"spo2": "%", "hr": "/min", "nibp_sys": "mm[Hg]"}
    ok(record_samples(
        actor=system_actor("Device gateway"), now=at or now(), binding_id=binding.id,
        boot_id=cid("boot"),
        batch=[SecondOfSamples(seq, at or now(), tuple(
            Observation(channel, value, units[channel]) for channel, value in values.items()
        ))],
    ))  # fmt: skip


def channels(cast, session, position=None):
    first, _ = asyncio.run(follow(seen_by(cast.bea, f"session:{session.id}"), position))
    return ticks(first)[-1]["chairs"][str(cast.chair.id)]["channels"]


@pytest.mark.hazard("H1", "H20", "H21")
def test_a_tick_shows_age_and_state_of_every_channel(real_cast, session):
    binding = bound(real_cast, session, at=now(), period_s={"spo2": "2", "hr": "2", "rr": "2"})
    send(real_cast, session, binding, 1, hr="0", spo2="97", nibp_sys="124")
    found = channels(real_cast, session)
    assert (found["spo2"]["v"], found["spo2"]["state"]) == ("97", "live")
    assert found["spo2"]["age_s"] < 2
    assert (found["hr"]["v"], found["hr"]["state"]) == (None, "no_value")
    assert found["rr"] == {"v": None, "age_s": None, "state": "none"}
    assert found["nibp_sys"]["state"] == "live"
    assert "at" in found["nibp_sys"]


@pytest.mark.hazard("H1")
@pytest.mark.parametrize(("age_s", "state"), [(6, "live"), (8, "stale")])
def test_a_value_is_stale_five_seconds_after_its_declared_period(real_cast, session, age_s, state):
    binding = bound(real_cast, session, at=now() - timedelta(minutes=1),
                    period_s={"spo2": "2"})  # fmt: skip
    send(real_cast, session, binding, 1, at=now() - timedelta(seconds=age_s), spo2="97")
    assert channels(real_cast, session)["spo2"]["state"] == state


@pytest.mark.hazard("H7")
def test_values_of_a_device_taken_off_are_gone(real_cast, session):
    from leeward.usecases.bind_device import unbind_device

    binding = bound(real_cast, session, at=now())
    send(real_cast, session, binding, 1, spo2="97")
    unbind_device(
        actor=real_cast.bea,
        now=now(),
        command_id=cid("off"),
        session_id=binding.session_id,
        binding_id=binding.id,
    )
    assert channels(real_cast, session) == {}


def test_a_pass_of_another_organization_sees_no_session_of_ours(real_cast, session):
    record_vitals(real_cast, session)
    spy = seen_by(real_cast.faye, f"session:{session.id}", board(real_cast))
    first, _ = asyncio.run(follow(spy, {session.id: 0}))
    assert events(first) == []


def test_a_slow_page_skips_ticks_and_is_cut_off_before_it_fills_memory(real_cast):
    subscription = Subscription(seen_by(real_cast.bea, board(real_cast)))
    for n in range(5):
        subscription.offer_tick(b"%d" % n)
    assert subscription.take() == b"4"
    for _ in range(MOST_WAITING + 1):
        subscription.offer(b"x")
    with pytest.raises(Overflow):
        subscription.take()


# the endpoint, served


@contextlib.asynccontextmanager
async def served():
    """The application on a port of its own, as uvicorn serves it."""
    import uvicorn

    from leeward.config.asgi import build

    server = uvicorn.Server(
        uvicorn.Config(build(), port=0, log_level="error", timeout_graceful_shutdown=1)
    )
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
        try:
            yield client
        finally:
            server.should_exit = True
            await running


async def read_until(chunks, wanted):
    raw = b""
    async for chunk in chunks:
        raw += chunk
        if wanted(raw):
            return raw
    return raw


def test_the_stream_is_served_with_its_headers_and_wakes_at_once(real_cast, session):
    async def story():
        token = stream_token(real_cast.bea, [f"session:{session.id}"], now())
        async with (
            served() as client,
            client.stream("GET", "/stream", params={"token": token, "after": "1"}) as response,
        ):
            chunks = response.aiter_raw()
            raw = await read_until(chunks, lambda raw: b'"tick"' in raw)
            await asyncio.to_thread(record_vitals, real_cast, session)
            more = await read_until(chunks, lambda raw: b"vitals_recorded" in raw)
            return response, raw + more

    response, raw = asyncio.run(story())
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["x-accel-buffering"] == "no"
    assert "no-cache" in response.headers["cache-control"]
    assert raw.startswith(b"retry: 2000\n\n")
    assert events(messages(raw))[-1]["event"] == "vitals_recorded"


@pytest.mark.parametrize("who", ["nobody", "stranger"])
def test_the_stream_opens_for_nobody_else(real_cast, session, who):
    async def story():
        token = stream_token(real_cast.faye, [f"session:{session.id}"], now())
        async with served() as client:
            return await client.get(
                "/stream", params={"token": token if who == "stranger" else ""}
            )

    assert asyncio.run(story()).status_code == {"nobody": 403, "stranger": 404}[who]


@pytest.mark.hazard("H31")
def test_a_stream_ends_with_the_sign_in_it_belongs_to_and_no_other(real_cast):
    from leeward.usecases.sign_in import end_visit
    from leeward.web.stream_reader import Reader

    reader, bea = Reader(now), real_cast.bea

    def of(visit):
        token = stream_token(bea, [board(real_cast)], now(), visit=visit)
        return read_token(token, now())

    tablet, desk = of("tablet"), of("desk")
    assert reader.is_good(tablet)
    end_visit(actor=bea, now=now(), visit="tablet")
    assert not reader.is_good(tablet)
    assert reader.is_good(desk)
