"""An answer that somebody must act on before the form is finished."""

from dataclasses import dataclass
from enum import StrEnum

from .rules import Bound


class Workflow(StrEnum):
    """What an alert sets in motion."""

    EMERGENCY = "emergency"
    SUICIDE_RISK = "suicide_risk"
    ALERT = "alert"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Alert:
    """An answer that somebody must act on before the form is finished.

    Attributes
    ----------
    code : str
        Stable name.
    link_ids : tuple of str
        The questions it watches.
    bound : Bound
        Values [score] that fire it.
    workflow : Workflow
        What it sets in motion.
    action : str
        What staff are asked to do, in one sentence.
    declined : bool
        True if declining to answer fires it too.
    only_if_new : bool
        True if it fires only where the last administration did not.
    """

    code: str
    link_ids: tuple[str, ...]
    bound: Bound
    workflow: Workflow
    action: str
    declined: bool = False
    only_if_new: bool = False
