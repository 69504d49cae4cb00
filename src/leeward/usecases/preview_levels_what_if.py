"""Questions typed at the chair: another rate, and when a level will have been left behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from leeward import content
from leeward.core.pharmacology import Model, Session
from leeward.core.quantities import Refusal

from . import preview_levels_sets as sets
from .preview_levels_clock import PumpClock
from .preview_levels_values import Fall


@dataclass(frozen=True, slots=True)
class WhatIfAsked:
    """What was typed; None where nothing was. There is no default level."""

    rate_ml_per_h: Decimal | None = None
    below_ng_per_ml: Decimal | None = None


NOTHING_ASKED = WhatIfAsked()


def refuse_question(asked: WhatIfAsked, *, running: bool) -> Refusal | None:
    """Why a question has no answer, if it has none."""
    if asked.rate_ml_per_h is not None:
        if not running:
            return Refusal(
                "what_if.not_running",
                "The infusion is over, so there is no rate to ask about.",
                field="what_rate",
            )
        if asked.rate_ml_per_h < 0:
            return Refusal("what_if.rate", "A rate of 0 mL/h or more.", field="what_rate")
    if asked.below_ng_per_ml is not None and asked.below_ng_per_ml <= 0:
        return Refusal("level.not_positive", "A level above 0 ng/mL.", field="what_below")
    return None


def falls_of(
    sessions: Mapping[str, Session],
    line: Model,
    clock: PumpClock,
    stop_min: float | None,
    asked: WhatIfAsked,
) -> tuple[Fall, ...]:
    """When each set expects the level below the typed one for good; the line's with its band."""
    if asked.below_ng_per_ml is None:
        return ()
    lender = None if line.omega else content.load().pk_models[sets.LENDER]
    first = {line.id: sessions[line.id], **sessions}
    found = (
        _fall(session, clock, stop_min, asked.below_ng_per_ml,
              lender if name == line.id else None)
        for name, session in first.items()
    )  # fmt: skip
    return tuple(fall for fall in found if fall is not None)


def _fall(
    session: Session, clock: PumpClock, stop_min: float | None, below: Decimal, iiv: Model | None
) -> Fall | None:
    answer = session.time_below(
        float(below), clock.now_min, stop_min=stop_min, share=sets.SHARE, iiv=iiv,
        subjects=sets.PEOPLE, seed=sets.SEED,
    )  # fmt: skip
    if isinstance(answer, Refusal):
        return None
    at, early, late = answer.typical_min, answer.early_min, answer.late_min
    return Fall(
        model=session.model.id,
        site=session.model.site,
        at=None if at is None else clock.at(at),
        early=None if early is None else clock.at(early),
        late=None if late is None else clock.at(late),
        already=at is None or at <= clock.now_min,
    )
