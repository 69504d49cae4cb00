"""The simulated patient and pump, second by second. Pure: same scenario, same acts, same numbers.

SIMULATION. The level is that of a published set; how vital signs answer it is invented.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from leeward.content.shipped_sets import read_set
from leeward.core.pharmacology import Patient, track
from leeward.core.quantities import Refusal
from leeward.exchange.devices.message import Raw, Reading

from . import responses as r
from .scenario import Happening, Scenario

SET = "kamp2020"
# The level moves over minutes; it is worked out this often [s].
LEVEL_EVERY_S = 5
UNITS = {
    "hr": "/min", "pr": "/min", "spo2": "%", "rr": "/min", "etco2": "mm[Hg]",
    "nibp_sys": "mm[Hg]", "nibp_dia": "mm[Hg]", "pump_rate_ml_h": "mL/h", "pump_vol_ml": "mL",
    "pump_state": "",
}  # fmt: skip
# From-second and rate, as stated or as the scenario's pump runs by itself.
Steps = Sequence[tuple[float, Decimal]]


@dataclass(slots=True)
class SimulatedPatient:
    """State at one second of a scenario; `second()` takes it one on."""

    scenario: Scenario
    t_s: int = 0
    # The second in which the infusion began: what happens is counted from there.
    began_s: int | None = None
    infused_ml: float = 0.0
    level_ng_per_ml: float = 0.0
    settled: dict[int, int] = field(default_factory=dict)
    _random: random.Random = field(init=False)
    _now: dict[str, float] = field(default_factory=dict)
    _delivered: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.scenario.seed)  # noqa: S311 - a simulation
        for name, response in _SIGNS.items():
            self._now[name] = response.rest

    def second(self, driven: Steps | None = None) -> tuple[Reading, ...]:
        """The readings of the next second; `driven` is the pump as the trainee states it."""
        steps = driven if driven is not None else _own_steps(self.scenario)
        stated = _rate_at(steps, self.t_s)
        if self.began_s is None and stated > 0:
            self.began_s = self.t_s
        self._settle(steps)
        present = [h for n, h in enumerate(self.scenario.happenings) if self._is_present(n, h)]
        delivered = _delivered(stated, present)
        self._infuse(delivered)
        self._answer(present)
        readings = self._readings(present, delivered, stated)
        self.t_s += 1
        return readings

    def _is_present(self, number: int, happening: Happening) -> bool:
        if self.began_s is None:
            return False
        since_s = self.t_s - self.began_s - happening.at_min * 60
        settled_s = self.settled.get(number)
        over = settled_s is not None and self.t_s - settled_s > 60
        return 0 <= since_s < happening.for_min * 60 and not over

    def _settle(self, steps: Steps) -> None:
        """Note which happening the trainee's act has settled; it fades within a minute."""
        now, before = _rate_at(steps, self.t_s), _rate_at(steps, self.t_s - 1)
        for number, happening in enumerate(self.scenario.happenings):
            if number in self.settled or not self._is_present(number, happening):
                continue
            slower = "slower" in happening.settled_by and 0 < now < before
            stopped = {"pause", "stop"} & {*happening.settled_by} and now == 0 < before
            if slower or stopped:
                self.settled[number] = self.t_s

    def _infuse(self, rate_ml_per_h: float) -> None:
        self.infused_ml += rate_ml_per_h / 3600
        mg_per_min = rate_ml_per_h / 60 * float(self.scenario.concentration_mg_per_ml)
        if not self._delivered or self._delivered[-1][1] != mg_per_min:
            self._delivered.append((self.t_s / 60, mg_per_min))
        if self.t_s % LEVEL_EVERY_S == 0:
            self.level_ng_per_ml = self._level()

    def _level(self) -> float:
        person = Patient(weight_kg=self.scenario.weight_kg, age_y=self.scenario.age_y)
        if not any(rate for _, rate in self._delivered) or self.t_s == 0:
            return 0.0
        course = track(read_set(SET), person, self._delivered)
        if isinstance(course, Refusal):
            raise ValueError(f"the simulated patient has no level: {course}")
        now = course.level_now(self.t_s / 60)
        return float(now.levels_ng_per_ml["ketamine"])

    def _answer(self, present: Sequence[Happening]) -> None:
        """Each sign moves towards where drug, arousal and happenings put it."""
        ratio = (self.level_ng_per_ml / r.HALF_EFFECT_NG_PER_ML) ** r.STEEPNESS
        drug, arousal = ratio / (1 + ratio), self._arousal(present)
        shift = {"spo2": 0.0, "sbp": 0.0, "dbp": 0.0}
        for happening in present:
            if happening.what == "desaturation":
                shift["spo2"] -= happening.amount
            if happening.what == "hypertension":
                shift["sbp"] += happening.amount
                shift["dbp"] += happening.amount * 0.6
        for name, sign in _SIGNS.items():
            aim = sign.rest + sign.drug * drug + sign.arousal * arousal + shift.get(name, 0.0)
            pull = 1 - math.exp(-1 / sign.settles_s)
            self._now[name] += (aim - self._now[name]) * pull
            self._now[name] += self._random.gauss(0, sign.noise) * math.sqrt(pull)

    def _arousal(self, present: Sequence[Happening]) -> float:
        roused = sum(h.amount for h in present if h.what in ("panic", "vomiting"))
        cuff = r.CUFF_AROUSAL if self.t_s % r.CUFF_EVERY_S < r.CUFF_TAKES_S else 0.0
        return min(1.5, roused + cuff)

    def _readings(
        self, present: Sequence[Happening], delivered: float, stated: Decimal
    ) -> tuple[Reading, ...]:
        what = {h.what for h in present}
        # Drawn each second whatever happens, so that one scenario's numbers do not depend on it.
        artefact = self._random.random() < r.ARTEFACT_SHARE
        pump = _pump(delivered, stated, self.infused_ml)
        if "unplugged" in what:
            return pump
        moving = bool(what & {"movement", "vomiting", "panic"})
        return (*self._monitor(moving, moving and artefact, "probe_off" in what),
                *self._cuff("cuff_failure" in what), *pump)  # fmt: skip

    def _monitor(self, moving: bool, artefact: bool, off: bool) -> tuple[Reading, ...]:
        spo2 = min(100.0, self._now["spo2"]) - (r.ARTEFACT_SPO2_PCT if artefact else 0.0)
        doubt = "questionable" if moving else "valid"
        return (
            _number("hr", self._now["hr"]),
            _number("pr", self._now["hr"], quality=doubt, none=off),
            _number("spo2", spo2, quality=doubt, none=off),
            _number("rr", max(0.0, self._now["rr"]), quality=doubt),
            _number("etco2", self._now["etco2"]),
        )

    def _cuff(self, failed: bool) -> tuple[Reading, ...]:
        if self.t_s % r.CUFF_EVERY_S != r.CUFF_TAKES_S:
            return ()
        pressures = (("nibp_sys", self._now["sbp"]), ("nibp_dia", self._now["dbp"]))
        return tuple(
            Reading(channel=name, value=None, unit=UNITS[name], quality="invalid",
                    kind="intermittent", raw=Raw(code="simulated", unit=UNITS[name]))
            if failed
            else _number(name, value, kind="intermittent")
            for name, value in pressures
        )  # fmt: skip


_SIGNS = {
    "hr": r.HR_PER_MIN, "spo2": r.SPO2_PCT, "rr": r.RR_PER_MIN, "etco2": r.ETCO2_MMHG,
    "sbp": r.SBP_MMHG, "dbp": r.DBP_MMHG,
}  # fmt: skip


def _own_steps(scenario: Scenario) -> Steps:
    return [(step.at_min * 60, step.rate_ml_per_h) for step in scenario.pump]


def _rate_at(steps: Steps, t_s: float) -> Decimal:
    past = [rate for from_s, rate in steps if from_s <= t_s]
    return past[-1] if past else Decimal(0)


def _delivered(stated: Decimal, present: Sequence[Happening]) -> float:
    """What the pump really gives: nothing while occluded, more while it runs away."""
    rate = float(stated)
    for happening in present:
        if happening.what == "pump_occlusion":
            rate = 0.0
        if happening.what == "over_rate":
            rate *= happening.amount
    return rate


def _pump(delivered: float, stated: Decimal, infused_ml: float) -> tuple[Reading, ...]:
    state = "infusing" if delivered > 0 else "stopped"
    return (
        Reading(channel="pump_rate_ml_h", value=f"{delivered:.1f}", unit="mL/h"),
        Reading(channel="pump_vol_ml", value=f"{infused_ml:.2f}", unit="mL"),
        Reading(channel="pump_state", value=state, unit="", kind="event"),
    )


def _number(
    channel: str, value: float, *, quality: str = "valid", kind: str = "continuous",
    none: bool = False,
) -> Reading:  # fmt: skip
    unit = UNITS[channel]
    if none:
        return Reading(channel=channel, value=None, unit=unit, quality="sensor_off", kind=kind)
    return Reading(channel=channel, value=f"{value:.0f}", unit=unit, quality=quality, kind=kind)
