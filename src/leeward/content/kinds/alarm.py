"""Alarm conditions of one drug and route; every figure in them is the id of a clinic limit."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, model_validator

from leeward.content.document import (
    ContentDoc,
    Id,
    Part,
    StatementDoc,
    Text,
    WordsDoc,
    check_dimension,
)
from leeward.content.errors import Mistake
from leeward.core.alarms.specs import (
    AlarmSpecs,
    DerivedSpec,
    EscalationSpec,
    FaultSpec,
    OverdueSpec,
    SilenceSpec,
    ThresholdSpec,
)
from leeward.core.alarms.technical import Reckoning
from leeward.core.alarms.terms import Direction, Phase, Priority
from leeward.core.protocols.limits import Side

from . import limit

FOLDER = "alarms"
ABOVE = (Direction.ABOVE, Direction.AT_OR_ABOVE)
STATES = (Reckoning.STOPPED, Reckoning.UNSTATED)


class Threshold(Part):
    """A value beyond a limit."""

    condition: Text
    channel: Text
    direction: Direction
    priority: Priority
    unit: str
    limit: Id | None = None
    delay: Id | None = None
    clear: Id | None = None
    clear_delay: Id | None = None
    label: WordsDoc


class Silence(Part):
    """A channel that sends nothing, or nothing usable."""

    condition: Text
    channel: Text
    kind: Text
    priority: Priority
    after: Id
    phases: tuple[Phase, ...] = ()
    label: WordsDoc


class Overdue(Part):
    """Something people do at intervals, not done in time."""

    condition: Text
    clock: Text
    priority: Priority
    phases: tuple[Phase, ...]
    interval: Id
    grace: Id | None = None
    only_if_set: bool = False
    label: WordsDoc


class Derived(Part):
    """A channel worked out from others, or from what people have stated."""

    channel: Text
    how: Reckoning
    of: tuple[Text, ...]
    against: Text = ""
    within: Id | None = None


class Fault(Part):
    """A technical condition that the engine's house states."""

    condition: Text
    fault: Text
    priority: Priority
    after: Id | None = None
    phases: tuple[Phase, ...] = ()
    label: WordsDoc


class Escalation(Part):
    """Whom an unacknowledged alarm reaches next."""

    step: int
    after: Id
    to: Text


class Doc(ContentDoc):
    """All conditions of one drug by one route; the id is ``<drug>.<route>``."""

    drug: Id
    route: Id
    basis: StatementDoc
    thresholds: tuple[Threshold, ...]
    silences: tuple[Silence, ...]
    overdue: tuple[Overdue, ...]
    escalation: tuple[Escalation, ...]
    audio_pause_max: Id
    acknowledge_lasts: Id | None = None
    zero_is_no_value: tuple[Text, ...]
    derived: tuple[Derived, ...] = ()
    faults: tuple[Fault, ...] = ()

    @model_validator(mode="after")
    def _named_for_drug_and_route(self) -> "Doc":
        if self.id != f"{self.drug}.{self.route}":
            raise Mistake(f"Name it for its drug and route: {self.drug}.{self.route}.")
        return self


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the drug, the route and every clinic limit named."""
    yield "drugs", doc.drug
    yield "routes", doc.route
    for name, _ in _limits_named(doc):
        yield "limits", name


def cross_check(doc: Doc, documents: Mapping[str, Mapping[str, BaseModel]]) -> Iterator[str]:
    """Refuse a limit that is not measured in what the condition needs."""
    for name, unit in _limits_named(doc):
        named = documents["limits"][name]
        assert isinstance(named, limit.Doc)
        try:
            check_dimension(named.unit, unit, f"The limit {name}")
        except Mistake as mistake:
            yield str(mistake)
        if named.unit != unit:
            yield f"The limit {name} is in {named.unit!r}; here it must be in {unit!r}."
    states = {d.channel for d in doc.derived if d.how in STATES}
    for threshold in doc.thresholds:
        if threshold.limit is None:
            if threshold.channel not in states:
                yield f"{threshold.condition} names no limit, and is no state that is or is not."
            continue
        side = documents["limits"][threshold.limit].side  # type: ignore[attr-defined]
        if (side is Side.AT_MOST) is not (threshold.direction in ABOVE):
            yield f"{threshold.limit} allows {side}; the breach is {threshold.direction}."


def _limits_named(doc: Doc) -> Iterator[tuple[str, str]]:
    named: list[tuple[str | None, str]] = [
        (doc.audio_pause_max, "s"),
        (doc.acknowledge_lasts, "s"),
    ]
    for threshold in doc.thresholds:
        named += [(threshold.limit, threshold.unit), (threshold.clear, threshold.unit)]
        named += [(threshold.delay, "s"), (threshold.clear_delay, "s")]
    for overdue in doc.overdue:
        named += [(overdue.interval, "min"), (overdue.grace, "min")]
    named += [(silence.after, "s") for silence in doc.silences]
    named += [(step.after, "s") for step in doc.escalation]
    named += [(derived.within, "s") for derived in doc.derived]
    named += [(fault.after, "s") for fault in doc.faults]
    yield from ((name, unit) for name, unit in named if name is not None)


def build(doc: Doc) -> AlarmSpecs:
    """Make the conditions core values."""
    return AlarmSpecs(
        thresholds=tuple(
            ThresholdSpec(**t.model_dump(exclude={"label"}), label=t.label.en)
            for t in doc.thresholds
        ),
        silences=tuple(
            SilenceSpec(**s.model_dump(exclude={"label"}), label=s.label.en) for s in doc.silences
        ),
        overdue=tuple(
            OverdueSpec(**o.model_dump(exclude={"label"}), label=o.label.en) for o in doc.overdue
        ),
        escalation=tuple(EscalationSpec(e.step, e.after, e.to) for e in doc.escalation),
        audio_pause_max=doc.audio_pause_max,
        acknowledge_lasts=doc.acknowledge_lasts,
        zero_is_no_value=doc.zero_is_no_value,
        derived=tuple(DerivedSpec(**d.model_dump()) for d in doc.derived),
        faults=tuple(
            FaultSpec(**f.model_dump(exclude={"label"}), label=f.label.en) for f in doc.faults
        ),
    )
