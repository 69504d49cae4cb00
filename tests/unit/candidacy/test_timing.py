from datetime import date

import pytest

from leeward.core.candidacy import Fact, FactKind, When
from leeward.core.candidacy.predicates.substances import months_before
from leeward.core.candidacy.timing import Standing, ended_within, standing

AS_OF = date(2026, 1, 15)


def record(kind=FactKind.CONDITION, **fields):
    for name in ("onset", "abatement", "recorded"):
        if name in fields:
            fields[name] = When.parse(fields[name])
    return Fact(kind, **fields)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"clinical_status": "active"}, Standing.CURRENT),
        ({"clinical_status": "relapse"}, Standing.CURRENT),
        ({"clinical_status": "remission"}, Standing.PAST),
        ({}, Standing.CURRENT_UNSTATED),
        ({"clinical_status": "active", "abatement": "2026-01-15"}, Standing.PAST),
        ({"clinical_status": "resolved", "abatement": "2026-01-16"}, Standing.CURRENT),
        ({"clinical_status": "active", "abatement": "2026"}, Standing.CURRENT),
        ({"clinical_status": "active", "verification": "refuted"}, Standing.DENIED),
        ({"clinical_status": "active", "verification": "entered-in-error"}, Standing.VOID),
        ({"clinical_status": "active", "verification": "provisional"}, Standing.UNSURE),
        ({"clinical_status": "active", "onset": "2026-01-16"}, Standing.FUTURE),
        ({"clinical_status": "active", "onset": "2026"}, Standing.CURRENT),
        ({"clinical_status": "active", "recorded": "2026-02"}, Standing.FUTURE),
    ],
)
def test_diagnosis_stands_where_its_status_and_dates_put_it(fields, expected):
    assert standing(record(**fields), AS_OF) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"clinical_status": "active"}, Standing.CURRENT),
        ({"clinical_status": "on-hold"}, Standing.CURRENT),
        ({"clinical_status": "stopped"}, Standing.PAST),
        ({"clinical_status": "completed", "abatement": "2026-01-15"}, Standing.CURRENT),
        ({"clinical_status": "active", "abatement": "2026-01-14"}, Standing.PAST),
        ({"clinical_status": "unknown"}, Standing.CURRENT_UNSTATED),
        ({"clinical_status": "not-taken"}, Standing.VOID),
        ({"clinical_status": "do-not-perform"}, Standing.VOID),
        ({"clinical_status": "entered-in-error"}, Standing.VOID),
    ],
)
def test_medicine_stands_where_its_status_and_dates_put_it(fields, expected):
    assert standing(record(FactKind.MEDICATION, **fields), AS_OF) is expected


@pytest.mark.parametrize(
    ("ended", "expected"),
    [("2026-01-01", True), ("2025-12-31", False), ("2026", True), ("2025", False), (None, None)],
)
def test_window_after_the_end_includes_its_last_day(ended, expected):
    fact = record(**({"abatement": ended} if ended else {}))
    assert ended_within(fact, AS_OF, 14) is expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 15), 12, date(2025, 1, 15)),
        (date(2026, 1, 15), 3, date(2025, 10, 15)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2025, 5, 31), 3, date(2025, 2, 28)),
    ],
)
def test_months_are_counted_by_the_calendar(day, months, expected):
    assert months_before(day, months) == expected
