"""What a session is opened with: the dose, and the rules by which it is watched, begun and ended.

Both are written into the first event, so a record replays by the rules it was made under.
"""

from dataclasses import dataclass
from decimal import Decimal

from leeward.core.alarms.limits import AlarmPlan
from leeward.core.protocols.plan import DevicePlan, DosePlan, InfusionPlan, InjectionPlan

__all__ = [
    "BaselineLimit",
    "CheckItem",
    "DevicePlan",
    "DischargeCriterion",
    "DosePlan",
    "InfusionPlan",
    "InjectionPlan",
    "MonitoringPlan",
    "ScoreRule",
]


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One line of the checklist before the start.

    Attributes
    ----------
    item : str
        Stable id, such as ``"fasting"``; ``"consent"`` is the consent in force.
    label : str
        The question as the nurse reads it.
    passes_with : tuple of str
        Answers that let the start go on.
    overridable : bool
        Whether a named person may go on without it, with a reason.
    """

    item: str
    label: str
    passes_with: tuple[str, ...] = ("yes",)
    overridable: bool = True


@dataclass(frozen=True, slots=True)
class BaselineLimit:
    """The range in which a baseline vital sign must lie for the start; either end may be open.

    Attributes
    ----------
    vital : str
        Field of the vital signs, such as ``"sbp_mmhg"``.
    low, high : Decimal or None
        Lowest and highest value that does not hold the start, in the unit the name carries.
    limit_id : str
        Clinic limit it came from, for the message.
    """

    vital: str
    low: Decimal | None
    high: Decimal | None
    limit_id: str


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """A recovery score that must be reached, with fresh items.

    Attributes
    ----------
    instrument : str
        Id of the recovery score.
    version : str
        Version it is scored by.
    ready_total : int
        Lowest total that is ready [points].
    items : tuple of str
        Items that must all be answered.
    max_age_min : Decimal
        A score counts while it is younger than this [min].
    item_max : int or None
        Most points of one item [points].
    """

    instrument: str
    version: str
    ready_total: int
    items: tuple[str, ...]
    max_age_min: Decimal
    item_max: int | None = None


@dataclass(frozen=True, slots=True)
class DischargeCriterion:
    """A criterion that a clinician confirms by looking at the patient.

    Attributes
    ----------
    item : str
        Stable id, such as ``"gait_steady"``.
    label : str
        What is confirmed, as the nurse reads it.
    max_age_min : Decimal
        A confirmation counts while it is younger than this [min].
    """

    item: str
    label: str
    max_age_min: Decimal


@dataclass(frozen=True, slots=True)
class MonitoringPlan:
    """The rules of one session, fixed at its opening.

    Attributes
    ----------
    alarms : AlarmPlan
        Limits, delays and intervals of the alarms.
    checks : tuple of CheckItem
        Checklist before the start.
    identifiers_required : int
        How many identifiers the patient must give.
    baseline_required : tuple of str
        Vital signs without which the start is held.
    baseline_limits : tuple of BaselineLimit
        Ranges the baseline must lie in.
    baseline_max_age_min : Decimal or None
        A baseline counts while it is younger than this [min]; None: any taken in this session.
    min_observation_min : Decimal
        Shortest time from the end of the infusion to discharge [min].
    scores : tuple of ScoreRule
        Recovery scores to be reached.
    criteria : tuple of DischargeCriterion
        What a clinician confirms before discharge.
    escort_required, instructions_required : bool
        Whether discharge waits for a named escort and for instructions taught back.
    bp_interval_min, bp_interval_recovery_min : Decimal or None
        Expected interval between blood pressures [min], for the next-due timers.
    observation_interval_min, observation_interval_recovery_min : Decimal or None
        Expected interval between observations [min].
    max_rate_mg_per_h : Decimal or None
        Hard limit of the rate [mg/h] for changes during the infusion; None: not limited apart
        from the plan.
    weight_max_age_d : Decimal or None
        Oldest weight the dose may rest on at the start [d]; None: not limited.
    weight_change_asks_pct : Decimal or None
        Change against a newer charted weight that holds the start [%]; None: any change does.
    max_dose_mg : Decimal or None
        Hard limit of the whole dose [mg] for an order that is let go further; None: not limited.
    """

    alarms: AlarmPlan
    checks: tuple[CheckItem, ...]
    identifiers_required: int
    baseline_required: tuple[str, ...]
    baseline_limits: tuple[BaselineLimit, ...]
    min_observation_min: Decimal
    scores: tuple[ScoreRule, ...]
    criteria: tuple[DischargeCriterion, ...]
    escort_required: bool = True
    instructions_required: bool = True
    baseline_max_age_min: Decimal | None = None
    bp_interval_min: Decimal | None = None
    bp_interval_recovery_min: Decimal | None = None
    observation_interval_min: Decimal | None = None
    observation_interval_recovery_min: Decimal | None = None
    max_rate_mg_per_h: Decimal | None = None
    weight_max_age_d: Decimal | None = None
    weight_change_asks_pct: Decimal | None = None
    max_dose_mg: Decimal | None = None
