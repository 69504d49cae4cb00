from datetime import UTC, date, datetime

import pytest

from leeward.core.candidacy import When
from leeward.core.quantities import OutOfDomain


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-02-29", date(2020, 2, 29), date(2020, 2, 29)),
        ("2020-02-29T23:30:00-05:00", date(2020, 2, 29), date(2020, 2, 29)),
    ],
)
def test_a_date_means_every_day_it_can_mean(text, first, last):
    when = When.parse(text)
    assert (when.first, when.last) == (first, last)
    assert when.text == text


def test_an_instant_keeps_its_moment():
    when = When.parse("2020-02-29T23:30:00-05:00")
    assert when.instant == datetime(2020, 3, 1, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "2019-13", "2019-02-30", "last spring", "2019-1-1"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(OutOfDomain):
        When.parse(text)


def test_a_moment_without_offset_is_refused():
    with pytest.raises(OutOfDomain):
        When.at(datetime(2020, 1, 1))
