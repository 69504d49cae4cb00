"""The recovery and discharge page of one session: scores, gate, escort, instructions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from leeward import content
from leeward.content.kinds.discharge import DischargeRules
from leeward.core.quantities.formatting import show
from leeward.core.treatment import Missing, SessionState, Stage, fold
from leeward.core.treatment.entries import Escort, Instructions, Override, Said
from leeward.core.treatment.plan import ScoreRule
from leeward.records.accounts.actor import Actor
from leeward.records.charts.selectors import PatientBanner, banner_of
from leeward.records.treatments import store

from .gate_words import discharge_waits_for, overridden_words
from .session import find_session

SHOWN_BEFORE = 4
SCALES = (("moaas", "MOAA/S, 0 to 5"), ("dissociation", "Dissociation, 0 to 3"))


@dataclass(frozen=True, slots=True)
class ScoreChoice:
    points: int
    label: str


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One item of a recovery score: its choices with published points, and earlier points."""

    id: str
    label: str
    choices: tuple[ScoreChoice, ...]
    before: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """One recovery score to fill in, with its threshold and what was scored before."""

    instrument: str
    title: str
    version: str
    ready_from: int
    most: int
    unverified: bool
    notice: str
    note: str
    at: tuple[datetime, ...]
    totals: tuple[int, ...]
    items: tuple[ScoreItem, ...]

    @property
    def ready_words(self) -> str:
        return str(self.ready_from)

    @property
    def ready(self) -> bool:
        return bool(self.totals) and self.totals[-1] >= self.ready_from


@dataclass(frozen=True, slots=True)
class GateLine:
    """One line of the gate: met, missing or overridden, with who and when."""

    item: str
    label: str
    state: str  # met | missing | overridden
    detail: str
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class BesideScore:
    """A finding the score misses, with the times it was seen at."""

    label: str
    seen: tuple[tuple[datetime, str], ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion that a clinician confirms by looking; `stale` when it is due again."""

    item: str
    label: str
    unverified: bool
    by: str
    at: datetime | None
    stale: bool


@dataclass(frozen=True, slots=True)
class DischargePage:
    id: UUID
    chair: str
    number: int | None
    timezone: str
    location_id: UUID
    location: str
    phone: str
    banner: PatientBanner
    state: SessionState
    stopped_at: datetime | None
    ready_at: datetime | None
    minutes_left: int
    sheets: tuple[ScoreSheet, ...]
    beside: tuple[BesideScore, ...]
    criteria: tuple[Criterion, ...]
    gate: tuple[GateLine, ...]
    missing: tuple[Missing, ...]
    escort: Escort | None
    instructions: Instructions | None
    text: dict[str, Any]
    language: str
    may_treat: bool
    may_override: bool

    @property
    def recovering(self) -> bool:
        return self.state.stage is Stage.RECOVERY

    @property
    def max_age(self) -> Decimal | None:
        """How long a confirmation counts [min]."""
        return next((c.max_age_min for c in self.state.monitoring.criteria), None)

    @property
    def met(self) -> int:
        return sum(line.state != "missing" for line in self.gate)

    @property
    def to(self) -> str:
        """Whom the patient goes home with, as the button says it."""
        if self.escort is None:
            return ""
        return ", ".join(part for part in (self.escort.name, self.escort.relation) if part)


def get_discharge_page(
    viewer: Actor, session_id: UUID, *, language: str = "", now: datetime
) -> DischargePage:
    """The page, or `NotFound` for a session elsewhere."""
    row = find_session(viewer, session_id)
    state = fold(store.load(row.id))
    ended = state.infusion_ended_at
    wait = timedelta(minutes=float(state.monitoring.min_observation_min))
    ready_at = ended + wait if ended else None
    missing = discharge_waits_for(state, now)
    lang = language or row.patient.language
    text = _instructions(state)
    return DischargePage(
        id=row.id,
        chair=row.chair.label,
        number=row.session_number,
        timezone=row.location.timezone,
        location_id=row.location_id,
        location=row.location.name,
        phone=row.location.phone,
        banner=banner_of(row.patient, now),
        state=state,
        stopped_at=ended,
        ready_at=ready_at,
        minutes_left=max(0, -(-(ready_at - now) // timedelta(minutes=1))) if ready_at else 0,
        sheets=tuple(_sheet(rule, state) for rule in state.monitoring.scores),
        beside=tuple(_beside(state)),
        criteria=tuple(_criteria(state, missing)),
        gate=tuple(_gate(state, missing, ready_at)),
        missing=missing,
        escort=state.escort,
        instructions=state.instructions,
        text=text.body("es" if lang.startswith("es") else "en"),
        language="es" if lang.startswith("es") else "en",
        may_treat=viewer.works_at(row.location_id, "nurse", "prescriber"),
        may_override=viewer.works_at(row.location_id, "prescriber"),
    )


def _instructions(state: SessionState) -> Any:
    plan = state.plan
    texts = content.load().instructions.values()
    return next(t for t in texts if (t.drug, t.route) == (plan.drug, plan.route))


def _rules(state: SessionState) -> DischargeRules:
    plan = state.plan
    rules = content.load().discharge.values()
    return next(r for r in rules if (r.drug, r.route) == (plan.drug, plan.route))


def _sheet(rule: ScoreRule, state: SessionState) -> ScoreSheet:
    instrument = content.load().instruments[rule.instrument]
    form = instrument.form("en")
    scores = [s for s in state.scores if s.instrument == rule.instrument][-SHOWN_BEFORE:]
    items = []
    for item_id in rule.items:
        item, words = instrument.item(item_id), form.item(item_id) if form else None
        assert item is not None
        assert words is not None
        labels = {option.value: option.label for option in words.options}
        choices = tuple(
            ScoreChoice(o.score, labels.get(o.value, ""))
            for o in item.options
            if o.score is not None
        )
        before = tuple(next((i.score for i in s.items if i.item == item_id), None) for s in scores)
        items.append(ScoreItem(item_id, words.text, choices, before))
    return ScoreSheet(
        instrument=rule.instrument,
        title=instrument.title,
        version=rule.version,
        ready_from=rule.ready_total,
        most=sum(max(c.points for c in item.choices) for item in items),
        unverified=instrument.grade.unverified,
        notice=form.notice if form else "",
        note=instrument.note,
        at=tuple(s.said.at for s in scores),
        totals=tuple(s.total for s in scores),
        items=tuple(items),
    )


def _beside(state: SessionState) -> Iterator[BesideScore]:
    """What the score does not ask: sedation, dissociation, pressure and saturation over time."""
    for scale, label in SCALES:
        found = [o for o in state.observations if o.scale == scale]
        yield BesideScore(label, tuple((o.said.at, str(o.value)) for o in found[-SHOWN_BEFORE:]))
    pressures = [
        (v.said.at, f"{show(v.values['sbp_mmhg'])}/{show(v.values['dbp_mmhg'])}")
        for v in state.vitals
        if "sbp_mmhg" in v.values and "dbp_mmhg" in v.values
    ]
    yield BesideScore("Blood pressure, mmHg", tuple(pressures[-SHOWN_BEFORE:]))
    saturation = [
        (v.said.at, show(v.values["spo2_pct"])) for v in state.vitals if "spo2_pct" in v.values
    ]
    yield BesideScore("SpO2, %, as charted", tuple(saturation[-SHOWN_BEFORE:]))


def _criteria(state: SessionState, missing: tuple[Missing, ...]) -> Iterator[Criterion]:
    unverified = {c.item for c in _rules(state).criteria if c.unverified}
    lacking = {m.item for m in missing}
    for criterion in state.monitoring.criteria:
        confirmed = state.confirmations.get(criterion.item)
        yield Criterion(
            item=criterion.item,
            label=criterion.label,
            unverified=criterion.item in unverified,
            by=confirmed.said.by.name if confirmed else "",
            at=confirmed.said.at if confirmed else None,
            stale=confirmed is not None and criterion.item in lacking,
        )


def _gate(
    state: SessionState, missing: tuple[Missing, ...], ready_at: datetime | None
) -> Iterator[GateLine]:
    """Every line that must be met, missing first, with who said so; none if no drug was given."""
    if state.started is None:
        return
    lacking = {m.item: m for m in missing}
    lines = [*_lines_of(state, ready_at)]
    known = {item for item, *_ in lines}
    for missed in missing:
        label = next((label for item, label, _, _ in lines if item == missed.item), "")
        # The label says what; the detail says only what is wrong with it.
        detail = missed.because.removesuffix(f": {label}") if label else ""
        yield GateLine(missed.item, label or missed.because, "missing", detail, "", None)
    for item, label, said, detail in lines:
        if item in lacking:
            continue
        override = state.discharge_overrides.get(item)
        if override is not None and (said is None or override.said.seq > said.seq):
            yield _overridden(label, override)
        else:
            yield GateLine(item, label, "met", detail, said.by.name if said else "",
                           said.at if said else ready_at)  # fmt: skip
    for item, override in state.discharge_overrides.items():
        if item not in known and item not in lacking:
            yield _overridden(overridden_words(state, override), override)


def _overridden(label: str, override: Override) -> GateLine:
    return GateLine(override.item, label, "overridden", override.reason, override.said.by.name,
                    override.said.at)  # fmt: skip


def _lines_of(
    state: SessionState, ready_at: datetime | None
) -> Iterator[tuple[str, str, Said | None, str]]:
    """(item, label, who said so, detail) of each line of the gate."""
    rules = state.monitoring
    shortest = show(rules.min_observation_min, "min")
    yield "min_observation", f"{shortest} since the infusion ended", None, ""
    for rule in rules.scores:
        score = state.latest_score(rule.instrument)
        title = content.load().instruments[rule.instrument].title
        detail = f"{score.total}, ready from {rule.ready_total}" if score else ""
        yield (f"score.{rule.instrument}", f"{title} at least {rule.ready_total}",
               score.said if score else None, detail)  # fmt: skip
    for criterion in rules.criteria:
        confirmed = state.confirmations.get(criterion.item)
        yield (criterion.item, criterion.label, confirmed.said if confirmed else None,
               confirmed.note if confirmed else "")  # fmt: skip
    if rules.escort_required:
        escort = state.escort
        yield ("escort", "Escort is here", escort.said if escort else None,
               f"{escort.name}, {escort.relation}, {escort.phone}" if escort else "")  # fmt: skip
    if rules.instructions_required:
        told = state.instructions
        yield ("instructions", "Instructions given and said back", told.said if told else None,
               f"{told.language}, version {told.version}" if told else "")  # fmt: skip
