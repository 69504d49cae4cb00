from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from uuid import UUID

from leeward.exchange.devices.message import Reading
from leeward.exchange.devices.recordings import Recording
from leeward.exchange.devices.replay import play

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self, now_s=100.0):
        self.now_s = now_s

    def monotonic(self):
        return self.now_s

    def wall(self):
        return NOON + timedelta(seconds=self.now_s)

    def sleep(self, seconds):
        assert seconds > 0
        self.now_s += seconds


def recording(frames=4, period_s="60"):
    return Recording(
        "r", Decimal(period_s), None, ("hr",),
        tuple((Reading(channel="hr", value=str(60 + n), unit="/min"),) for n in range(frames)),
    )  # fmt: skip


def played(count, *, speed="30", elapsed_s=0.0, **kinds):
    clock = Clock()
    batches = play(
        recording(**kinds), Decimal(speed), boot_id=UUID(int=1), elapsed_s=elapsed_s,
        monotonic=clock.monotonic, wall=clock.wall, sleep=clock.sleep,
    )  # fmt: skip
    return [
        (float(b.t_adapter_mono) - 100, [o.value for o in b.observations])
        for b in islice(batches, count)
    ]


def test_frames_come_at_their_time_and_a_heartbeat_every_second():
    assert played(6) == [
        (0, ["60"]), (1, []), (2, ["61"]), (3, []), (4, ["62"]), (5, []),
    ]  # fmt: skip


def test_after_its_end_the_adapter_only_says_that_it_lives():
    assert [values for _, values in played(12)][6:] == [["63"], [], [], [], [], []]


def test_a_restart_makes_up_for_nothing():
    assert played(4, elapsed_s=3.0) == [(0, []), (1, ["62"]), (2, []), (3, ["63"])]


def test_seq_counts_every_message():
    clock = Clock()
    batches = play(
        recording(), Decimal(30), boot_id=UUID(int=1), elapsed_s=0.0, monotonic=clock.monotonic,
        wall=clock.wall, sleep=clock.sleep,
    )  # fmt: skip
    assert [b.seq for b in islice(batches, 4)] == [1, 2, 3, 4]
