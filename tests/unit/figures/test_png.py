import pytest

from leeward.figures.outcome import draw_outcome
from leeward.figures.png import to_png

from .samples import outcome


def test_is_a_png_of_the_width_asked_for() -> None:
    made = to_png(draw_outcome(outcome(), standalone=True), 320)
    assert made.startswith(b"\x89PNG")
    assert int.from_bytes(made[16:20], "big") == 320


def test_refuses_a_drawing_that_needs_a_style_sheet() -> None:
    with pytest.raises(ValueError, match="standalone"):
        to_png(draw_outcome(outcome()), 320)
