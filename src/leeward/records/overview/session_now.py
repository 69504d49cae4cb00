"""What the chair-side page counts on: what is due next, typed numbers, and the drug on its way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from leeward.core.quantities.formatting import show
from leeward.core.treatment import DevicePlan, SessionState, Stage
from leeward.core.treatment.entries_drug import Account, Devices, Syringe
from leeward.records.treatments.newest import Newest, find_newest

CUFF, PUMP_RATE, PUMP_VOLUME = "nibp_sys", "pump_rate_ml_h", "pump_vol_ml"
# A pump's word this old is not its word now.
CONFIRMS_FOR = timedelta(seconds=10)
TYPED = {"spo2": "spo2_pct", "hr": "hr_per_min", "rr": "rr_per_min"}


@dataclass(frozen=True, slots=True)
class Due:
    """Something expected at a time, with how it is called."""

    what: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Typed:
    """The newest value of a vital sign that a person typed."""

    value: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Flow:
    """The drug on its way: what was given by now, and how it goes on until the next entry.

    The page counts on from `at` at `rate_ml_per_h`, never beyond `most_ml`.
    """

    at: datetime
    given_ml: Decimal
    rate_ml_per_h: Decimal
    most_ml: Decimal
    concentration_mg_per_ml: Decimal


@dataclass(frozen=True, slots=True)
class PumpWord:
    """What the pump itself says, and whether it is what staff stated."""

    rate: Newest | None
    volume: Newest | None
    fresh: bool
    agrees: bool

    @property
    def confirmed(self) -> bool:
        """The pump, heard just now, runs at the stated rate."""
        return self.fresh and self.agrees


@dataclass(frozen=True, slots=True)
class SyringeLine:
    """One syringe with where its drug is."""

    syringe: Syringe
    account: Account
    on_pump: bool


@dataclass(frozen=True, slots=True)
class DrugNow:
    """The drug of a session as the infusion card shows it."""

    flow: Flow | None
    pump: PumpWord | None
    syringes: tuple[SyringeLine, ...]
    devices: tuple[Devices, ...]
    whole: Account | None
    next_device_at: datetime | None

    @property
    def left_to_waste(self) -> tuple[SyringeLine, ...]:
        """Syringes that are off the pump and hold something."""
        return tuple(s for s in self.syringes if not s.on_pump and s.account.left_ml > 0)

    @property
    def ready(self) -> tuple[SyringeLine, ...]:
        """Syringes that can go on the pump."""
        return tuple(s for s in self.syringes if not s.on_pump and not s.syringe.taken_off_at)


def drug_now(session_id: UUID, state: SessionState, now: datetime) -> DrugNow:
    """The drug of a session: on its way, in syringes and devices."""
    running = state.stage in (Stage.INFUSING, Stage.PAUSED)
    lines = tuple(
        SyringeLine(
            syringe, state.account_at(syringe_id, now),
            running and syringe_id == state.syringe_in_use,
        )
        for syringe_id, syringe in state.syringes.items()
    )  # fmt: skip
    return DrugNow(
        flow=_flow(state, lines, now),
        pump=_pump(session_id, state, now) if state.open_bindings and running else None,
        syringes=lines,
        devices=tuple(state.devices.values()),
        whole=state.whole_account_at(now),
        next_device_at=_next_device_at(state),
    )


def _flow(state: SessionState, lines: tuple[SyringeLine, ...], now: datetime) -> Flow | None:
    if isinstance(state.plan, DevicePlan) or state.started is None:
        return None
    given_ml = state.given_ml_at(now)
    in_syringe_ml = sum((s.account.left_ml for s in lines if s.on_pump), Decimal(0))
    return Flow(
        at=now,
        given_ml=given_ml,
        rate_ml_per_h=state.rate_ml_per_h or Decimal(0),
        most_ml=given_ml + in_syringe_ml,
        concentration_mg_per_ml=state.plan.concentration_mg_per_ml,
    )


def _pump(session_id: UUID, state: SessionState, now: datetime) -> PumpWord | None:
    since = state.started.at if state.started else None
    rate = find_newest(session_id, PUMP_RATE, since=since)
    volume = find_newest(session_id, PUMP_VOLUME, since=since)
    if rate is None:
        return None
    stated = state.rate_ml_per_h or Decimal(0)
    fresh = timedelta(0) <= now - rate.at <= CONFIRMS_FOR
    return PumpWord(rate, volume, fresh, rate.number == stated)


def _next_device_at(state: SessionState) -> datetime | None:
    plan = state.plan
    if not isinstance(plan, DevicePlan) or plan.wait_min is None or not state.device_uses:
        return None
    if state.stage is not Stage.DOSING:
        return None
    return _after(state.device_uses[-1].said.at, plan.wait_min)


def typed_now(state: SessionState) -> dict[str, Typed]:
    """The newest typed value of each of the big numbers, by its channel."""
    found = {channel: state.latest_vital(vital) for channel, vital in TYPED.items()}
    return {
        channel: Typed(latest[0], latest[1].said.at)
        for channel, latest in found.items()
        if latest is not None
    }


def typed_json(state: SessionState) -> dict[str, dict[str, str]]:
    """The typed big numbers as the page's script paints them, a whole pressure among them."""
    told = {
        channel: {"v": show(typed.value), "at": typed.at.isoformat()}
        for channel, typed in typed_now(state).items()
    }
    systolic, diastolic = state.latest_vital("sbp_mmhg"), state.latest_vital("dbp_mmhg")
    if systolic and diastolic and systolic[1] is diastolic[1]:
        pressure = f"{show(systolic[0])}/{show(diastolic[0])}"
        told["nibp"] = {"v": pressure, "at": systolic[1].said.at.isoformat()}
    return told


def due_now(session_id: UUID, state: SessionState) -> tuple[Due, ...]:
    """What is expected next, counted as the alarm engine counts: a cuff's reading is a pressure
    taken, and a typed vital sign is a look at the patient."""
    if state.started is None:
        return ()
    return tuple(due for due in _dues(session_id, state, state.started.at) if due.at is not None)


def _dues(session_id: UUID, state: SessionState, since: datetime) -> Iterator[Due]:
    plan, recovering = state.monitoring, state.stopped is not None
    bp_min = plan.bp_interval_recovery_min if recovering else plan.bp_interval_min
    seen_min = (
        plan.observation_interval_recovery_min if recovering else plan.observation_interval_min
    )
    typed, cuff = state.latest_vital("sbp_mmhg"), find_newest(session_id, CUFF, since=since)
    pressures = [typed[1].said.at] if typed else []
    pressures += [cuff.at] if cuff else []
    looked = [o.said.at for o in state.observations] + [v.said.at for v in state.vitals]
    yield Due("Blood pressure", _after(max(pressures, default=since), bp_min))
    yield Due("Observation", _after(max([*looked, since]), seen_min))
    yield Due("Next device", _next_device_at(state))
    yield Due("Infusion ends", state.expected_end_at)
    ended = state.infusion_ended_at
    if ended is not None:
        yield Due("Shortest observation ends", _after(ended, plan.min_observation_min))


def _after(at: datetime, minutes: Decimal | None) -> datetime | None:
    return None if minutes is None else at + timedelta(minutes=float(minutes))
