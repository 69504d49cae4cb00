"""A process for the supervisor to look after."""

import sys

from leeward.jobs.start import stop_on_signal

if "--fail" in sys.argv:
    sys.exit(3)
stop_on_signal().wait(600)
