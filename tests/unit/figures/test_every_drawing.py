"""What holds for every drawing: escaped words, plain numbers, colours, readable type."""

import locale
import re
from collections.abc import Callable, Iterator

import pytest

from leeward.figures.outcome import OutcomePoint, draw_outcome
from leeward.figures.pk import draw_pk
from leeward.figures.session_record import draw_record
from leeward.figures.sparkline import draw_sparkline

from .samples import levels, minute, outcome, record
from .svg import Drawing

Draw = Callable[..., str]
HOSTILE = '<script>alert("&")</script>'


def _sparkline(*, standalone: bool = False, **_: bool) -> str:
    return draw_sparkline((60.0, None, 62.5), (97.0, 96.0, None), standalone=standalone)


DRAWINGS: dict[str, Draw] = {
    "record": lambda **how: draw_record(record(), **how),
    "ended record": lambda **how: draw_record(record(now=None, planned_end=None), **how),
    "outcome": lambda **how: draw_outcome(outcome(), **how),
    "patient": lambda **how: draw_outcome(outcome(), patient=True, **how),
    "no scores": lambda **how: draw_outcome(outcome(points=(), sessions=()), **how),
    "levels": lambda **how: draw_pk(levels(), **how),
    "levels now": lambda **how: draw_pk(levels(now_min=24.0, clock_at_zero=minute(0)), **how),
    "sparkline": _sparkline,
}


@pytest.fixture(params=DRAWINGS)
def draw(request: pytest.FixtureRequest) -> Draw:
    return DRAWINGS[request.param]


@pytest.fixture
def comma_locale() -> Iterator[None]:
    before = locale.setlocale(locale.LC_ALL)
    for name in ("de_DE.UTF-8", "es_ES.UTF-8", "fr_FR.UTF-8"):
        try:
            locale.setlocale(locale.LC_ALL, name)
            break
        except locale.Error:
            continue
    yield
    locale.setlocale(locale.LC_ALL, before)


@pytest.mark.parametrize("wide", [True, False])
def test_lies_within_its_view_box(draw: Draw, wide: bool) -> None:
    assert Drawing(draw(wide=wide)).outside() == []


@pytest.mark.parametrize("wide", [True, False])
def test_has_no_type_under_twelve_pixels(draw: Draw, wide: bool) -> None:
    assert min(Drawing(draw(wide=wide)).sizes(), default=12.0) >= 12


def test_standalone_drawing_needs_no_style_sheet(draw: Draw) -> None:
    assert "var(" not in draw(standalone=True)


def test_page_drawing_takes_every_colour_from_the_style_sheet(draw: Draw) -> None:
    svg = draw()
    assert "var(--" in svg
    assert re.search(r'(fill|stroke)="#', svg) is None


def test_carries_no_style_attribute(draw: Draw) -> None:
    assert "style=" not in draw()


def test_says_in_words_what_it_shows(draw: Draw) -> None:
    drawing = Drawing(draw())
    assert drawing.root.attrib["role"] == "img"
    assert len(drawing.root.attrib["aria-label"]) > 10


def test_numbers_are_the_same_in_every_locale(draw: Draw, comma_locale: None) -> None:
    words = " ".join(Drawing(draw(standalone=True)).words())
    assert re.search(r"\d,\d", words) is None
    assert Drawing(draw()).outside() == []


@pytest.mark.parametrize(
    "svg",
    [
        draw_record(
            record(
                title=HOSTILE,
                observations=((minute(1), HOSTILE),),
                limits=(("hr", HOSTILE, 60.0),),
                events=((1, minute(1), HOSTILE),),
            )
        ),
        draw_outcome(
            outcome(
                title=HOSTILE,
                bands=((0.0, 27.0, HOSTILE),),
                points=(OutcomePoint(minute(0).date(), None, HOSTILE),),
            )
        ),
        draw_pk(levels(title=HOSTILE, unit=HOSTILE)),
    ],
    ids=["record", "outcome", "levels"],
)
def test_words_are_escaped(svg: str) -> None:
    assert "<script" not in svg
    assert any(HOSTILE in (node.text or "") for node in Drawing(svg).root.iter())
