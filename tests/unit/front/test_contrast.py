"""The tokens keep the contrast they promise, recomputed from the style sheet itself."""

import pytest

from leeward.figures.canvas import PAPER

from .css import contrast, tokens

THEMES = ("paper", "monitor")
TEXTS = (
    "ink", "muted", "brand", "ok", "danger", "amber", "hr", "spo2", "bp", "rr", "etco2",
)  # fmt: skip
TEXT_RATIO, EDGE_RATIO = 4.5, 3.0
# The ratios on card and on ground that the design was accepted with.
ACCEPTED = {
    ("paper", "ink"): (16.3, 15.0), ("paper", "muted"): (7.3, 6.7), ("paper", "brand"): (7.8, 7.2),
    ("paper", "ok"): (6.5, 6.0), ("paper", "danger"): (6.7, 6.2), ("paper", "amber"): (6.4, 5.9),
    ("paper", "hr"): (5.4, 5.0), ("paper", "spo2"): (6.0, 5.6), ("paper", "bp"): (7.5, 6.9),
    ("paper", "control"): (3.7, 3.4), ("paper", "etco2"): (7.2, 6.6),
    ("monitor", "ink"): (15.7, 17.6), ("monitor", "muted"): (8.3, 9.3),
    ("monitor", "brand"): (8.8, 9.8), ("monitor", "ok"): (10.4, 11.6),
    ("monitor", "danger"): (6.1, 6.9), ("monitor", "control"): (4.1, 4.6),
}  # fmt: skip


def ratio(theme: str, one: str, other: str) -> float:
    values = tokens(theme)
    return contrast(values[one], values[other])


def test_the_measure_is_the_published_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ground", ["card", "ground", "well"])
def test_words_can_be_read(theme, text, ground):
    assert ratio(theme, text, ground) >= TEXT_RATIO


@pytest.mark.parametrize("key", ACCEPTED, ids=["-".join(key) for key in ACCEPTED])
def test_ratios_are_those_accepted(key):
    theme, text = key
    for ground, accepted in zip(("card", "ground"), ACCEPTED[key], strict=True):
        assert ratio(theme, text, ground) == pytest.approx(accepted, abs=0.06)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["card", "ground"])
def test_edges_of_controls_can_be_seen(theme, ground):
    assert ratio(theme, "control", ground) >= EDGE_RATIO


@pytest.mark.parametrize("theme", THEMES)
def test_words_on_filled_buttons_and_soft_grounds(theme):
    assert ratio(theme, "on-brand", "brand") >= TEXT_RATIO
    for text in ("ink", "muted", "brand"):
        assert ratio(theme, text, "brand-soft") >= TEXT_RATIO


@pytest.mark.parametrize("theme", THEMES)
def test_alarm_bars(theme):
    assert ratio(theme, "on-alarm-high", "alarm-high") >= TEXT_RATIO
    assert ratio(theme, "on-alarm", "alarm-medium") >= TEXT_RATIO
    assert ratio(theme, "on-alarm", "alarm-low") >= TEXT_RATIO
    # Red on the dark panel is the weakest of the fills.
    assert ratio("monitor", "alarm-high", "card") >= EDGE_RATIO


@pytest.mark.parametrize("theme", THEMES)
def test_one_of_the_two_focus_rings_shows_on_any_ground(theme):
    # Amber alone is 1.4 to 1 on white, ink alone vanishes on the dark panel.
    for ground in ("card", "ground", "brand", "alarm-high", "alarm-medium"):
        rings = [ratio(theme, ring, ground) for ring in ("focus-inner", "focus-outer")]
        assert max(rings) >= EDGE_RATIO
    assert ratio(theme, "focus-inner", "focus-outer") >= EDGE_RATIO


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("band", [f"band-{k}" for k in range(5)])
def test_scores_and_names_can_be_read_on_their_bands(theme, band):
    assert ratio(theme, "ink", band) >= TEXT_RATIO
    assert ratio(theme, "muted", band) >= TEXT_RATIO
    assert ratio(theme, "brand", band) >= EDGE_RATIO


def test_files_and_paper_use_the_colours_of_the_page():
    page = tokens("paper")
    assert {name: page[name] for name in PAPER} == PAPER
