"""What a clinic's clock does: today, the daily anchor. A process of its own, every minute."""

import logging
import sys
from datetime import UTC, datetime

from leeward.core.quantities import Refusal
from leeward.jobs.start import Stop, stop_on_signal
from leeward.records.accounts.actor import system_actor
from leeward.usecases.anchor_records import is_due, make_anchor

logger = logging.getLogger("leeward.scheduled")

LOOK_EVERY_S = 60.0


def look(now: datetime, to: str) -> None:
    """Do what is due; what fails is said and tried again at the next look."""
    try:
        if not is_due(now):
            return
        made = make_anchor(actor=system_actor("Scheduled work"), now=now, to=to)
    except Exception:
        logger.exception("the anchor could not be made; trying again")
        return
    if isinstance(made, Refusal):
        logger.error("the anchor could not be made: %s", made.because)
    else:
        logger.info("anchor %d made", made.number)


def run(stop: Stop, to: str) -> None:
    while not stop.is_set():
        look(datetime.now(UTC), to)
        stop.wait(LOOK_EVERY_S)


def main() -> int:
    from django.conf import settings

    run(stop_on_signal(), settings.LEEWARD_ANCHOR_EMAIL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
