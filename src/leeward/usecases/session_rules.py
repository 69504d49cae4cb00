"""The rules of one session: content filled with the clinic's approved limits, fixed at opening."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from leeward import content
from leeward.core.alarms import AlarmPlan, fill, symptom_thresholds
from leeward.core.protocols import LimitSet, refuse_unset
from leeward.core.protocols.ceilings import MAX_MG, MAX_MG_PER_H
from leeward.core.protocols.checks import WEIGHT_CHANGE_PCT, WEIGHT_MAX_AGE_D
from leeward.core.quantities import Refusal
from leeward.core.treatment import (
    BaselineLimit,
    CheckItem,
    DischargeCriterion,
    MonitoringPlan,
    ScoreRule,
)


class _ForDrug(Protocol):
    @property
    def drug(self) -> str: ...
    @property
    def route(self) -> str: ...


_Entry = TypeVar("_Entry", bound=_ForDrug)


def monitoring_plan(
    limits: LimitSet | None, *, drug: str, route: str, on: date
) -> MonitoringPlan | Refusal:
    """The monitoring plan of a session, or the limits that are missing for it, by name."""
    library = content.load()
    if (lacking := _lacking(drug, route)) is not None:
        return lacking
    unset = refuse_unset(limits, library.limits.values(), drug=drug, route=route)
    if unset is not None or limits is None:
        return unset or Refusal("limits.missing", "No limits are set.")
    schedule = _of(library.monitoring.values(), drug, route)
    discharge = _of(library.discharge.values(), drug, route)
    recovery = _of(library.recovery.values(), drug, route)
    shortest = recovery.shortest_min(limits.get(recovery.clinic_limit), on)
    item_age = limits.get(discharge.max_item_age)
    assert shortest is not None
    assert item_age is not None
    return MonitoringPlan(
        alarms=_alarms(fill(library.alarms[schedule.alarms], limits.as_dict())),
        checks=_checks(drug, route),
        identifiers_required=int(schedule.identifiers.value),
        baseline_required=tuple(b.vital for b in schedule.baseline if b.required),
        baseline_limits=tuple(
            BaselineLimit(
                b.vital,
                limits.get(b.low) if b.low else None,
                limits.get(b.high) if b.high else None,
                b.high or b.low or "",
            )
            for b in schedule.baseline
            if b.low or b.high
        ),
        min_observation_min=shortest,
        scores=tuple(
            ScoreRule(
                s.instrument,
                s.version,
                int(s.ready_from.value),
                s.items,
                item_age,
                _most_points(s.instrument),
            )
            for s in discharge.scores
        ),
        criteria=tuple(DischargeCriterion(c.item, c.label, item_age) for c in discharge.criteria),
        baseline_max_age_min=limits.get(schedule.baseline_max_age),
        bp_interval_min=limits.get(schedule.bp_interval),
        bp_interval_recovery_min=limits.get(schedule.bp_interval_recovery),
        observation_interval_min=limits.get(schedule.observation_interval),
        observation_interval_recovery_min=limits.get(schedule.observation_interval_recovery),
        max_rate_mg_per_h=limits.get(MAX_MG_PER_H),
        weight_max_age_d=limits.get(WEIGHT_MAX_AGE_D),
        weight_change_asks_pct=limits.get(WEIGHT_CHANGE_PCT),
        max_dose_mg=limits.get(MAX_MG),
    )


def _lacking(drug: str, route: str) -> Refusal | None:
    """What a session by this route would need of content and has not."""
    library = content.load()
    needed: dict[str, Iterable[_ForDrug]] = {
        "monitoring plan": library.monitoring.values(),
        "discharge rules": library.discharge.values(),
        "recovery rule": library.recovery.values(),
        "checklist": library.checklists.values(),
        "instructions": library.instructions.values(),
    }
    for what, entries in needed.items():
        if not any((e.drug, e.route) == (drug, route) for e in entries):
            because = (
                f"There is no {what} for {drug.replace('_', ' ')} by this route ({route}), so a "
                "session can't be run by it."
            )
            return Refusal("session.route_not_ready", because)
    return None


def advised_pressure(limits: LimitSet | None, *, drug: str, route: str) -> dict[str, Decimal]:
    """Baseline values above which the prescriber decides, by vital sign."""
    schedule = _of(content.load().monitoring.values(), drug, route)
    pairs = ((b.vital, limits.get(b.advise_high) if limits else None)
             for b in schedule.baseline if b.advise_high)  # fmt: skip
    return {vital: value for vital, value in pairs if value is not None}


def _alarms(filled: AlarmPlan) -> AlarmPlan:
    """The alarms of the clinic's limits, and one for each effect that calls the clinician."""
    effects = content.load().effects.values()
    red_flags = tuple(
        threshold
        for effect in effects
        if effect.red_flag
        for threshold in symptom_thresholds(effect.id, len(effect.severities))
    )
    return replace(filled, thresholds=(*filled.thresholds, *red_flags))


def _most_points(instrument_id: str) -> int | None:
    """The most points one item of a recovery score can have."""
    form = content.load().instruments[instrument_id]
    points = [
        option.score for item in form.items for option in item.options if option.score is not None
    ]
    return int(max(points)) if points else None


def _checks(drug: str, route: str) -> tuple[CheckItem, ...]:
    checklist = next(
        c
        for c in content.load().checklists.values()
        if (c.drug, c.route, c.audience) == (drug, route, "staff")
    )
    return tuple(checklist.check_items())


def _of(entries: Iterable[_Entry], drug: str, route: str) -> _Entry:
    return next(e for e in entries if (e.drug, e.route) == (drug, route))
