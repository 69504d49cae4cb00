"""The note as a PDF. A copy for reading and sending: what was signed is the record."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from .note_html import NoteCopy, note_body, note_title

PAPERS = ("Letter", "A4")
NEEDS_PANGO = (
    "The PDF needs Pango, which is not installed on this server. "
    "On Debian or Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. "
    "The print view has the same content."
)


@lru_cache(maxsize=1)
def pdf_available() -> str | None:
    """None when PDFs can be made, else the reason and the package to install."""
    try:
        import weasyprint  # noqa: F401 - it loads Pango when it is imported
    except OSError:
        return NEEDS_PANGO
    return None


def note_pdf(copy: NoteCopy, *, styles: Path, paper: str = "Letter") -> bytes:
    """The note as PDF; `styles` is the folder of `note.css` and the fonts it embeds."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    page = HTML(string=_document(copy), base_url=styles.as_uri() + "/")
    sheets = [
        CSS(filename=str(styles / "note.css"), font_config=fonts),
        CSS(string=f"@page {{ size: {paper if paper in PAPERS else 'Letter'} }}"),
    ]
    made: bytes = page.write_pdf(stylesheets=sheets, font_config=fonts)
    return made


def _document(copy: NoteCopy) -> str:
    signed = "signed" if copy.signatures else "NOT SIGNED"
    name = note_title(copy.record)
    opened: Any = copy.record["session"]["opened_at"]
    return format_html(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{}</title>'
        '<meta name="generator" content="Leeward"><meta name="dcterms.created" content="{}">'
        '</head><body class="paper"><p class="run run--name">{}</p>'
        '<p class="run run--digest">{} · record {}</p>{}</body></html>',
        name, opened, name, signed, copy.digest, mark_safe(note_body(copy)),  # noqa: S308
    )  # fmt: skip
