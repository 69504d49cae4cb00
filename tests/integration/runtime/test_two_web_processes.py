"""A group: two web processes, each with a home of its own, on one PostgreSQL and one Redis.

What is written through one appears on the live pages of the other. Run with `--pg` and a Redis.
"""

import json
import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from leeward.jobs.wakeups import RedisWakeup
from tests.faults.clinic import Clinic, free_port

REDIS = os.environ.get("LEEWARD_TEST_REDIS", "redis://127.0.0.1:6379/9")
OWN_DATABASE = REDIS.rpartition("/")[2]
PATIENCE_S, LOOKS, MESSAGES = 0.5, 120, 60


def _redis_answers() -> bool:
    try:
        import redis

        return bool(redis.Redis.from_url(REDIS, socket_connect_timeout=1).ping())
    except Exception:
        return False


needs_redis = pytest.mark.skipif(not _redis_answers(), reason="needs Redis (LEEWARD_TEST_REDIS)")
needs_postgres = pytest.mark.skipif(
    "LEEWARD_TEST_ON_PG" not in os.environ, reason="needs PostgreSQL (--pg)"
)


def heard(box, wanted):
    """Whether a topic arrives, within many looks."""
    return any(wanted in box.wait(PATIENCE_S) for _ in range(LOOKS))


@needs_redis
def test_a_wake_up_travels_by_redis_and_the_subscription_heals():
    import redis

    topic, again = f"session:{uuid4()}", f"session:{uuid4()}"
    sender, box = RedisWakeup(REDIS), RedisWakeup(REDIS).mailbox()
    box.wait(0.1)  # the first look subscribes
    sender.notify(topic)
    assert heard(box, topic)
    # The server drops every subscriber and every sender, as when it restarts.
    admin = redis.Redis.from_url(REDIS)
    admin.client_setname("admin")
    for client in admin.client_list():
        if client["db"] == OWN_DATABASE and client["name"] != "admin":
            admin.client_kill_filter(_id=client["id"])
    box.wait(0.1)
    box.wait(0.1)
    sender.notify(again)
    sender.notify(again)
    assert heard(box, again)
    box.close()


@pytest.fixture
def database():
    import psycopg

    server = os.environ["LEEWARD_DATABASE_URL"].rsplit("/", 1)[0]
    name = f"leeward_group_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        yield f"{server}/{name}"
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def two(tmp_path, database):
    """Two web processes that share database, Redis and keys, and nothing else."""
    shared = {"LEEWARD_DATABASE_URL": database, "LEEWARD_REDIS_URL": REDIS}
    one = Clinic.found(tmp_path / "one", **shared)
    other = Clinic(tmp_path / "other", free_port(), one.session, one.cookie, settings=shared)
    other.home.mkdir()
    shutil.copy(one.home / "secret.key", other.home / "secret.key")
    try:
        for clinic in (one, other):
            clinic.start("web")
        for clinic in (one, other):
            clinic.wait_for_web()
        yield one, other
    finally:
        one.stop()
        other.stop()


@needs_redis
@needs_postgres
@pytest.mark.hazard("H34")
def test_a_write_on_one_wakes_the_stream_of_the_other(two):
    one, other = two
    with other.browser() as watcher, one.browser() as writer:
        page = watcher.get(f"/board/{one.location}/").text
        token = re.search(r'token="([^"]+)"|token=([\w:.-]+)', page)
        assert token, page[:2000]
        stream = {"token": token.group(1) or token.group(2)}
        with watcher.stream("GET", "/stream", params=stream, timeout=60) as answer:
            assert answer.status_code == 200
            lines = answer.iter_lines()
            _until(lines, lambda said: said.get("type") == "tick")
            # An event of the session is in the database, which the other looks at anyway ...
            _observe(writer, one.session)
            event = _until(lines, lambda said: said.get("type") not in ("tick", "changed"))
            assert event
            # ... a booking is no event: only a wake-up tells of it.
            _book(writer, one)
            told = _until(lines, lambda said: said.get("type") == "changed")
            assert told["topic"] == f"board:{one.location}"


def _until(lines, wanted):
    """The first message that is wanted, within as many as a minute of ticks brings."""
    heard = []
    for line in lines:
        if line.startswith("data: "):
            said = json.loads(line.removeprefix("data: "))
            heard.append(said.get("type"))
            if wanted(said):
                return said
        assert len(heard) < MESSAGES, heard
    raise AssertionError("the stream ended")


def _observe(writer, session):
    form = {"command_id": str(uuid4()), "scale": "moaas", "value": "5"}
    answer = writer.post(f"/sessions/{session}/do/observe/", data=form)
    assert answer.status_code == 302, answer.text[:500]


def _book(writer, clinic):
    day = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    form = {"command_id": str(uuid4()), "chair": clinic.chair, "day": day, "time": "10:00",
            "minutes": "60"}  # fmt: skip
    answer = writer.post(f"/patients/{clinic.patient}/visits/", data=form)
    assert answer.status_code == 302, answer.text[-3000:]
