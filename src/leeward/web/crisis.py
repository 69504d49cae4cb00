"""Numbers to call in an emergency, from content."""

from leeward import content
from leeward.content.kinds.crisis_line import CrisisLine


def crisis_lines(country: str = "us") -> CrisisLine:
    """The numbers of a country; the United States' where content has none for it."""
    lines = content.load().crisis_lines
    found: CrisisLine = lines.get(country.lower()) or lines["us"]
    return found
