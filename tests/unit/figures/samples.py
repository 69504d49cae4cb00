"""Values to draw: a session, a course of scores, an estimate of levels. Invented."""

from datetime import UTC, date, datetime, timedelta

from leeward.figures.outcome import OutcomeChart, OutcomePoint
from leeward.figures.pk import Band, InfusionBar, LevelCurve, PkChart, ReferenceLine
from leeward.figures.session_record import RecordChart

ZERO = datetime(2026, 11, 19, 10, 2, tzinfo=UTC)
BANDS = (
    (0.0, 4.0, "minimal"),
    (5.0, 9.0, "mild"),
    (10.0, 14.0, "moderate"),
    (15.0, 19.0, "moderately severe"),
    (20.0, 27.0, "severe"),
)


def minute(k: float) -> datetime:
    return ZERO + timedelta(minutes=k)


def record(**changes: object) -> RecordChart:
    values: dict[str, object] = {
        "title": "Record of session 8",
        "start": minute(-10),
        "end": minute(105),
        "zero": ZERO,
        "hr": tuple((minute(k), 61.0 + k) for k in range(-8, 24)),
        "spo2": tuple((minute(k), None if 11 <= k <= 13 else 97.0 - k % 2) for k in range(-8, 24)),
        "rr": tuple((minute(k), 14.0) for k in range(-8, 24, 5)),
        "pressures": tuple((minute(k), 130.0 + k, 80.0) for k in (-6, 0, 5, 10, 15, 20)),
        "infusion": (
            (minute(0), minute(12), 52.5),
            (minute(12), minute(18), 35.0),
            (minute(18), None, 52.5),
        ),
        "planned_end": minute(42),
        "events": tuple((n, minute(k), f"event {n}") for n, k in enumerate((0, 9, 9, 10, 12), 1)),
        "observations": ((minute(5), "5"), (minute(10), "4")),
        "limits": (("nibp_sys", "Sys limit", 180.0), ("spo2", "SpO2 limit", 88.0)),
        "now": minute(24),
    }
    return RecordChart(**(values | changes))  # type: ignore[arg-type]


def outcome(**changes: object) -> OutcomeChart:
    scores = ((9, 21.0), (12, 17.0), (16, None), (19, 13.0), (22, 10.0))
    values: dict[str, object] = {
        "title": "PHQ-9",
        "maximum": 27.0,
        "bands": BANDS,
        "points": tuple(
            OutcomePoint(date(2026, 11, day), value, "" if value else "no answers")
            for day, value in scores
        ),
        "sessions": tuple(date(2026, 11, day) for day in (10, 13, 17, 20)),
        "planned": (date(2026, 11, 27),),
        "baseline": 21.0,
        "response_line": 10.5,
        "remission_line": 5.0,
    }
    return OutcomeChart(**(values | changes))  # type: ignore[arg-type]


def levels(**changes: object) -> PkChart:
    times = tuple(float(k) for k in range(181))
    level = tuple(180 - abs(k - 40) for k in times)
    values: dict[str, object] = {
        "title": "Estimated plasma ketamine",
        "curves": (LevelCurve("35 mg over 40 min", times, level, "draft"),),
        "horizon_min": 180.0,
        "bands": (Band(times, level, tuple(v + 50 for v in level), "3 published sets"),),
        "bars": (InfusionBar(0.0, 40.0, "infusion"),),
        "references": (ReferenceLine(200.0, "level in volunteers", "a source"),),
    }
    return PkChart(**(values | changes))  # type: ignore[arg-type]
