"""Several regimens or sets in one plot: told apart, none of it out of the drawing."""

import dataclasses

import pytest

from leeward.figures.canvas import text_width
from leeward.figures.pk import STYLES, Band, InfusionBar, LevelCurve, ReferenceLine, draw_pk

from .samples import levels
from .svg import Drawing

TIMES = tuple(float(k) for k in range(181))
LEVEL = tuple(180 - abs(k - 40) for k in TIMES)


def curves(*styles: str) -> tuple[LevelCurve, ...]:
    return tuple(
        LevelCurve(f"regimen {letter}", TIMES, tuple(v + 20 * k for v in LEVEL), style,
                   letter=letter)
        for k, (letter, style) in enumerate(zip("ABCD", styles, strict=False))
    )  # fmt: skip


def test_four_curves_differ_without_their_colour() -> None:
    dashes = [STYLES[style][2] for style in ("in_force", "draft", "other_1", "other_2")]
    assert len(set(dashes)) == 4


def test_each_curve_carries_its_letter_and_highest_level() -> None:
    chart = levels(curves=curves("in_force", "draft", "other_1", "other_2"), references=())
    words = Drawing(draw_pk(chart)).words()
    assert {"A: 180", "B: 200", "C: 220", "D: 240"} <= set(words)
    assert {"A: regimen A", "D: regimen D"} <= set(words)


def test_people_and_sets_are_filled_differently_and_named() -> None:
    people = Band(TIMES, LEVEL, tuple(v + 10 for v in LEVEL), "9 of 10 people", "people")
    sets = Band(TIMES, LEVEL, tuple(v + 50 for v in LEVEL), "3 published sets", "sets")
    drawing = Drawing(draw_pk(levels(bands=(sets, people))))
    assert drawing.count("polygon", fill="var(--brand)") == 1
    assert drawing.count("polygon", fill="var(--muted)") == 1
    assert {"9 of 10 people", "3 published sets"} <= set(drawing.words())


@pytest.mark.parametrize("wide", [True, False])
def test_words_of_the_key_end_inside_the_drawing(wide: bool) -> None:
    bands = (
        Band(TIMES, LEVEL, LEVEL, "3 published sets, arterial and venous", "sets"),
        Band(TIMES, LEVEL, LEVEL, "9 of 10 people, variability borrowed from otto2021"),
    )
    drawing = Drawing(draw_pk(levels(bands=bands, references=()), wide=wide))
    for text in drawing.root.iter("{http://www.w3.org/2000/svg}text"):
        if text.get("text-anchor") == "start" and text.text:
            size = float(text.attrib["font-size"])
            assert float(text.attrib["x"]) + text_width(text.text, size) <= drawing.width


def test_a_published_range_stands_beside_the_plot_by_its_letter() -> None:
    line = ReferenceLine(100.0, "dissociation reported", "a source", high=250.0, letter="a")
    drawing = Drawing(draw_pk(levels(references=(line,))))
    assert "a" in drawing.words()
    assert "300" in drawing.words(), "the scale holds the upper end"
    assert drawing.outside() == []


def test_an_index_is_written_with_two_decimals() -> None:
    index = tuple(v / 400 for v in LEVEL)
    chart = levels(
        curves=(LevelCurve("draft", TIMES, index, "draft", letter="A"),), bands=(), references=(),
        unit="index from 0 to 1",
    )  # fmt: skip
    words = Drawing(draw_pk(chart)).words()
    assert "A: 0.45" in words
    assert "0.2" in words


def test_bars_lie_in_rows_and_a_planned_one_is_lighter() -> None:
    bars = (
        InfusionBar(0.0, 20.0, "infusion", "model"),
        InfusionBar(20.0, 40.0, "planned", "model", planned=True),
        InfusionBar(0.0, 60.0, "infusion B", "draft", row=1),
    )
    drawing = Drawing(draw_pk(levels(bars=bars)))
    assert drawing.count("rect", opacity="0.25") == 2, "the bar and its key"
    assert drawing.outside() == []


def test_a_plan_of_many_days_writes_few_times() -> None:
    chart = dataclasses.replace(levels(), horizon_min=1e7)
    assert len(Drawing(draw_pk(chart)).words()) < 40
