import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.exchange.devices.mllp import BadFraming, FrameReader, frame

BODY = st.binary(max_size=60).filter(lambda b: not {0x0B, 0x1C} & set(b))


@given(st.lists(BODY, max_size=6), st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_however_the_bytes_are_cut_the_messages_are_the_same(bodies, cuts):
    data, reader, got, at, turn = b"".join(map(frame, bodies)), FrameReader(), [], 0, 0
    while at < len(data):
        step = cuts[turn % len(cuts)]
        got += reader.feed(data[at : at + step])
        at, turn = at + step, turn + 1
    assert got == bodies
    assert reader.between_frames


@pytest.mark.parametrize("data", [
    b"x", b"\r\n", frame(b"a") + b"\n", b"\x0ba\x0bb\x1c\r", b"\x0ba\x1cx", b"\x1c\r",
])  # fmt: skip
def test_what_is_not_framing_is_said(data):
    with pytest.raises(BadFraming):
        list(FrameReader().feed(data))


@pytest.mark.parametrize("ended", [True, False])
def test_a_frame_may_not_grow_without_end(ended):
    reader = FrameReader(longest=100)
    data = b"\x0b" + b"a" * 101 + (b"\x1c\r" if ended else b"")
    with pytest.raises(BadFraming, match="more than 100"):
        list(reader.feed(data))
    assert list(FrameReader(longest=100).feed(frame(b"a" * 100))) == [b"a" * 100]


def test_whole_messages_before_a_fault_are_given_first():
    reader, got = FrameReader(), []
    with pytest.raises(BadFraming):
        for message in reader.feed(frame(b"one") + frame(b"two") + b"x"):
            got.append(message)
    assert got == [b"one", b"two"]
