"""The README that goes with an export: what is in it, what is not, and how to check it."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from leeward import __version__

if TYPE_CHECKING:
    from .leaving import Written

TEXT = Path(__file__).with_suffix(".md")


def readme(written: "Written", now: datetime) -> str:
    """The text, with the counts of this export."""
    return TEXT.read_text(encoding="utf-8").format(
        when=f"{now:%Y-%m-%d %H:%M}",
        version=__version__,
        left_out="\n".join(f"- {each}" for each in written.left_out) or "- nothing else",
        not_written="\n".join(f"- {each}" for each in written.not_written) or "Nothing.",
        **written.counts,
    )
