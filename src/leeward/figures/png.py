"""A drawing as a PNG, for messages and files that take no SVG."""

from collections.abc import Sequence
from pathlib import Path

import resvg_py


def to_png(svg: str, width: int, *, font_files: Sequence[Path] = ()) -> bytes:
    """The drawing, `width` pixels wide.

    Takes a standalone drawing: style sheets do not reach a PNG, so a drawing whose colours are
    the page's variables is refused with a `ValueError`. `font_files` (ttf, otf) come before the
    system's fonts; without any font the words stay out.
    """
    if "var(--" in svg:
        raise ValueError("a PNG is made of a standalone drawing")
    files = [str(path) for path in font_files] or None
    made = resvg_py.svg_to_bytes(
        svg_string=svg, width=width, background="#ffffff", font_files=files
    )
    return bytes(made)
