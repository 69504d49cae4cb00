from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.figures.pk import LevelCurve, ReferenceLine, describe_pk, draw_pk

from .samples import levels, minute
from .svg import Drawing

curves = st.lists(st.tuples(st.floats(0, 600), st.floats(0, 5000)), min_size=1, max_size=60).map(
    lambda pairs: tuple(zip(*sorted(pairs), strict=True))
)


@settings(max_examples=40, deadline=None)
@given(curve=curves, wide=st.booleans())
def test_every_level_is_inside_the_drawing(
    curve: tuple[tuple[float, ...], tuple[float, ...]], wide: bool
) -> None:
    chart = levels(curves=(LevelCurve("x", curve[0], curve[1], "model"),))
    assert Drawing(draw_pk(chart, wide=wide)).outside() == []


def test_draws_nothing_past_the_window() -> None:
    long = LevelCurve("x", (0.0, 100.0, 300.0), (0.0, 50.0, 10.0), "draft")
    (line,) = Drawing(draw_pk(levels(curves=(long,)))).lines("var(--brand)")
    assert len(line) == 2


def test_says_that_it_is_an_estimate() -> None:
    assert describe_pk(levels()) == (
        "Model estimate. 35 mg over 40 min at most 180 ng/mL at 40 min; "
        "band over 3 published sets."
    )
    assert "Model estimate, ng/mL" in Drawing(draw_pk(levels())).words()


def test_both_drawings_name_their_signs() -> None:
    for wide in (True, False):
        words = Drawing(draw_pk(levels(), wide=wide)).words()
        assert {"35 mg over 40 min", "3 published sets", "infusion"} <= set(words)


def test_long_reference_goes_to_the_key_with_its_source() -> None:
    line = ReferenceLine(200.0, "concentration in a group of volunteers", "a published source")
    words = Drawing(draw_pk(levels(references=(line,)), wide=False)).words()
    assert "concentration in a group of volunteers (a published source)" in words


def test_reads_the_clock_when_the_start_is_known() -> None:
    words = Drawing(draw_pk(levels(clock_at_zero=minute(0)))).words()
    assert "10:02" in words
    assert "minutes from start" not in words
