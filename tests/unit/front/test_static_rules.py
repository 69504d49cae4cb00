"""What the strict content policy and the design forbid in style sheets, scripts and templates."""

import re
from pathlib import Path

import pytest

import leeward

from .css import STATIC, read

WEB = Path(leeward.__file__).parent / "web"
SHEETS = [f"{name}.css" for name in ("tokens", "console", "patient")]
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
# The Latin font has none of these: they are drawn.
LACKING = re.compile("[→←↑↓≥≤≠✓✔▲▼●■₂µ]")


def names(paths):
    return [path.name for path in paths]


@pytest.mark.parametrize("template", TEMPLATES, ids=names(TEMPLATES))
def test_templates_hold_no_inline_style_or_script(template):
    html = template.read_text(encoding="utf-8")
    assert re.search(r"\sstyle\s*=", html) is None
    assert re.search(r"\son[a-z]+\s*=\s*[\"']", html) is None
    assert re.search(r"hx-on|hx-vals=.js:|javascript:", html) is None
    assert re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", html) is None
    assert "<style" not in html


@pytest.mark.parametrize("template", TEMPLATES, ids=names(TEMPLATES))
def test_templates_use_no_glyph_that_the_font_lacks(template):
    assert LACKING.findall(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=names(SCRIPTS))
def test_scripts_build_no_markup_or_code_from_text(script):
    text = script.read_text(encoding="utf-8")
    banned = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert re.search(banned, text) is None
    assert re.search(r"\.style\b|setAttribute\(\"style\"", text) is None


@pytest.mark.parametrize("script", SCRIPTS, ids=names(SCRIPTS))
def test_scripts_import_only_files_that_exist(script):
    text = script.read_text(encoding="utf-8")
    wanted = re.findall(r"(?:from|import) \"(\.[^\"]+)\"", text)
    wanted += re.findall(r"new URL\(\"(\.[^\"]+)\", import\.meta\.url\)", text)
    assert [name for name in wanted if not (script.parent / name).exists()] == []
    assert re.search(r"from \"[^.]", text) is None


@pytest.mark.parametrize("sheet", SHEETS)
def test_style_sheets_fetch_nothing_from_elsewhere(sheet):
    for address in re.findall(r"url\(\"?([^\")]+)", read(sheet)):
        assert (STATIC / address).exists()
    assert "@import" not in read(sheet)


@pytest.mark.parametrize("sheet", SHEETS)
def test_surfaces_are_flat_and_type_is_readable(sheet):
    css = read(sheet)
    assert "gradient(" not in css
    assert min(map(float, re.findall(r"font-size:\s*([\d.]+)px", css)), default=12) >= 12


def test_nothing_flashes_more_than_three_times_in_a_second():
    css = read("console.css")
    periods = [float(s) for s in re.findall(r"animation: flash ([\d.]+)s", css)]
    assert len(periods) == 2
    assert max(1 / period for period in periods) < 3
    motion = css.index("prefers-reduced-motion: no-preference")
    assert motion < css.index("animation: flash")


@pytest.mark.hazard("H34")
def test_a_dead_feed_greys_the_live_numbers():
    assert "DEAD_AFTER_MS = 5000" in (STATIC / "js" / "stream.js").read_text(encoding="utf-8")
    rule = re.search(r'([^{}]*\[data-feed="dead"\] \[data-live\][^{}]*\.v__n[^{}]*)\{([^}]*)\}',
                     read("console.css"))  # fmt: skip
    assert rule is not None
    assert "var(--muted)" in rule[2]
