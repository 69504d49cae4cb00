"""Who asks, and when: what every decision takes besides state and command."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from leeward.core.quantities import Refusal

from .events import Actor, Event
from .state import SessionState, Stage

Decision = tuple[Event, ...] | Refusal


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of one command.

    Attributes
    ----------
    actor : Actor
        Who asks.
    now : datetime
        The present, from the server's clock.
    at : datetime
        When it happened; earlier than `now` for a late entry.
    """

    actor: Actor
    now: datetime
    at: datetime


def refuse_blank(text: str, *, field: str, what: str) -> Refusal | None:
    """Refuse an empty text where words are needed."""
    if text.strip():
        return None
    return Refusal(f"{field}.empty", f"Say {what} in a few words.", field=field)


def refuse_closed(state: SessionState, context: Context) -> Refusal | None:
    """Refuse an entry into a record that is signed, or about a patient who had left."""
    if state.stage is Stage.SIGNED:
        return Refusal("note.signed", "The note is signed. Write an addendum instead.")
    if state.departed is not None and context.at > state.departed.at:
        because = (
            "The patient has left. An entry about the time before needs the time at which it "
            "happened."
        )
        return Refusal("session.departed", because, field="occurred_at")
    return None


def refuse_not_positive(figures: dict[str, Decimal | None]) -> Refusal | None:
    """Refuse a figure that is not a positive number; None is no value and passes."""
    for field, figure in figures.items():
        if figure is not None and (not figure.is_finite() or figure <= 0):
            because = "Enter a number above zero. What was not measured stays empty."
            return Refusal("number.not_positive", because, field=field)
    return None
