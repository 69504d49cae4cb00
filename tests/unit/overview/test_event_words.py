"""Every kind of event has its sentence, or is machinery that nobody reads."""

from typing import get_args

import pytest

from leeward.core.treatment.events import Event
from leeward.records.overview.event_words import _WORDS, SILENT


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
def test_an_event_of_every_kind_can_be_read(kind):
    assert (kind in _WORDS) is not (kind in SILENT)
