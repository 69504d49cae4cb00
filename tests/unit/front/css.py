"""Reads custom properties out of a style sheet, and the contrast of two colours."""

import re
from pathlib import Path

import leeward

STATIC = Path(leeward.__file__).parent / "web" / "static"
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_PROPERTY = re.compile(r"--([\w-]+):\s*([^;}]+)")


def read(name: str) -> str:
    """A style sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.S)


def tokens(theme: str) -> dict[str, str]:
    """The tokens in force under a theme, paper or monitor."""
    found: dict[str, str] = {}
    for selector, body in _RULE.findall(read("tokens.css")):
        if ":root" in selector or f'[data-theme="{theme}"]' in selector:
            found.update({k: v.strip() for k, v in _PROPERTY.findall(body)})
    return found


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours as `#rrggbb`."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
