"""MLLP framing: <VT> message <FS><CR>. Strict, and bounded in size.

A byte outside a frame, a frame inside a frame, or a frame without end means that the two sides no
longer agree where a message begins; the connection is then of no use and the reader says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .hl7_text import LONGEST_MESSAGE

START, END, AFTER = 0x0B, 0x1C, 0x0D
LONGEST_FRAME = LONGEST_MESSAGE


class BadFraming(ValueError):
    """What came is not MLLP; the reason says where it broke."""


@dataclass(slots=True)
class FrameReader:
    """Takes bytes as they come, in whatever pieces, and gives whole messages."""

    longest: int = LONGEST_FRAME
    _held: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that `data` completes, one by one; then, at a byte amiss, `BadFraming`.

        What stands whole before the fault is given before it is raised.
        """
        self._held += data
        while (message := self._next()) is not None:
            yield message

    @property
    def between_frames(self) -> bool:
        return not self._held

    def _next(self) -> bytes | None:
        if not self._held:
            return None
        if self._held[0] != START:
            raise BadFraming(f"byte {self._held[0]:#04x} stands outside a frame")
        end = self._held.find(END, 1)
        inside = self._held.find(START, 1, None if end < 0 else end)
        if inside >= 0:
            raise BadFraming("a frame begins before the one before it has ended")
        if (end if end >= 0 else len(self._held)) - 1 > self.longest:
            raise BadFraming(f"a frame of more than {self.longest} bytes")
        if end < 0 or end + 1 >= len(self._held):
            return None
        if self._held[end + 1] != AFTER:
            raise BadFraming("the end of a frame is not followed by CR")
        message = bytes(self._held[1:end])
        del self._held[: end + 2]
        return message


def frame(message: bytes) -> bytes:
    return bytes((START,)) + message + bytes((END, AFTER))
