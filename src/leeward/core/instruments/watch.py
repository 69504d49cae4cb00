"""Alerts at the moment of answering: nobody waits for the form to be handed in."""

from decimal import Decimal

from .alert import Alert
from .answers import Answers
from .instrument import Instrument
from .items import DECLINED, Answer


def alerts_on_answer(
    instrument: Instrument, link_id: str, value: Answer, *, previous: Answer = None
) -> tuple[Alert, ...]:
    """Find what one answer sets in motion.

    Parameters
    ----------
    instrument : Instrument
        The scale being answered.
    link_id : str
        The question just answered.
    value : Answer
        The answer just given.
    previous : Answer
        Answer to the same question in the last administration, if there was one. It matters
        only for alerts about what is new.

    Returns
    -------
    tuple of Alert
        In the order of the scale; empty if nobody needs to act on this answer alone.
    """
    return tuple(
        alert
        for alert in instrument.alerts
        if link_id in alert.link_ids
        and _fires(alert, value)
        and not (alert.only_if_new and _fires(alert, previous))
    )


def alerts_in(instrument: Instrument, answers: Answers) -> tuple[Alert, ...]:
    """Find every alert that a set of answers sets in motion, each once."""
    fired = [
        alert
        for link_id, value in answers.items()
        for alert in alerts_on_answer(instrument, link_id, value)
    ]
    return tuple(alert for alert in instrument.alerts if alert in fired)


def _fires(alert: Alert, value: Answer) -> bool:
    if value is DECLINED:
        return alert.declined
    return isinstance(value, int | Decimal) and alert.bound.holds(value)
