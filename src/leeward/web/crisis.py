"""Numbers to call in an emergency, from content."""

from django.conf import settings

from leeward import content
from leeward.content.kinds.crisis_line import CrisisLine


def crisis_lines() -> CrisisLine:
    """The numbers of this installation's country; the United States' where content has none."""
    lines = content.load().crisis_lines
    found: CrisisLine = lines.get(settings.LEEWARD_COUNTRY.lower()) or lines["us"]
    return found
