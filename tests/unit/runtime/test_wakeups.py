import asyncio
import socket

import pytest

from leeward.jobs import wakeups
from leeward.jobs.wakeups import RedisWakeup, listen, make_wakeup

SOON_S = 5.0


@pytest.fixture
def carrier(tmp_path):
    return make_wakeup(tmp_path, "")


def test_every_listener_hears_every_topic(carrier):
    boxes = [carrier.mailbox(), carrier.mailbox()]
    carrier.notify("session:1")
    carrier.notify("board:2")
    assert [box.wait(SOON_S) for box in boxes] == [frozenset({"session:1", "board:2"})] * 2
    for box in boxes:
        box.close()


def test_silence_ends_the_wait_with_nothing(carrier):
    box = carrier.mailbox()
    assert box.wait(0.0) == frozenset()
    box.close()


def test_a_closed_mailbox_leaves_nothing_behind(carrier, tmp_path):
    box = carrier.mailbox()
    box.close()
    assert list((tmp_path / "run" / "wakeups").iterdir()) == []


def test_the_mailbox_of_a_dead_listener_is_removed(carrier, tmp_path):
    box = carrier.mailbox()
    (place,) = (tmp_path / "run" / "wakeups").iterdir()
    box._socket.close()
    carrier.notify("x")
    assert not place.exists()


def test_notifying_nobody_is_no_fault(carrier):
    carrier.notify("session:1")


def test_a_full_mailbox_does_not_hold_up_its_sender(carrier):
    box = carrier.mailbox()
    for n in range(5000):
        carrier.notify(f"session:{n}")
    assert box.wait(SOON_S)
    box.close()


def test_where_paths_are_too_long_a_loopback_port_carries(tmp_path):
    carrier = make_wakeup(tmp_path / ("long" * 30), "")
    box = carrier.mailbox()
    assert box._socket.family == socket.AF_INET
    carrier.notify("session:1")
    assert box.wait(SOON_S) == frozenset({"session:1"})
    box.close()


def test_without_local_sockets_a_loopback_port_carries(carrier, monkeypatch):
    monkeypatch.delattr(wakeups.socket, "AF_UNIX")
    box = carrier.mailbox()
    assert box._socket.family == socket.AF_INET
    box.close()


def test_a_foreign_file_in_the_folder_is_passed_over(carrier, tmp_path):
    box = carrier.mailbox()
    (tmp_path / "run" / "wakeups" / "junk.port").write_text("not a port")
    (tmp_path / "run" / "wakeups" / "junk.sock").write_text("no socket")
    carrier.notify("x")
    assert box.wait(SOON_S) == frozenset({"x"})
    box.close()


def test_listening_yields_topics_and_empty_sets_between(carrier):
    async def story():
        heard = listen(carrier, timeout_s=0.01)
        first = await anext(heard)
        carrier.notify("session:1")
        second = await anext(heard)
        await heard.aclose()
        return first, second

    first, second = asyncio.run(story())
    assert first == frozenset()
    assert second == frozenset({"session:1"})


def test_redis_out_of_reach_neither_raises_nor_holds_up():
    carrier = RedisWakeup("redis://127.0.0.1:1/0")
    for _ in range(2000):
        carrier.notify("session:1")
    box = carrier.mailbox()
    assert box.wait(0.0) == frozenset()
    box.close()
