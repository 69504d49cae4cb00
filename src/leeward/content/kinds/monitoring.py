"""What is measured and looked at in a session, when, and within which clinic limits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from leeward.content.document import ContentDoc, FigureDoc, Id, Like, Part, StatementDoc, Text
from leeward.core.quantities.published import PublishedFigure

FOLDER = "monitoring"


class BaselineDoc(Part):
    """A vital sign before the start. `low` and `high` are ids of clinic limits."""

    vital: Text
    required: bool
    low: Id | None = None
    high: Id | None = None
    advise_high: Id | None = None


class Doc(ContentDoc):
    """Monitoring of one drug by one route. `alarms` names the set of conditions it is armed with,
    where that is not its own."""

    drug: Id
    route: Id
    alarms: Id | None = None
    identifiers: Annotated[FigureDoc, Like("{identifier}")]
    continuous: tuple[Text, ...]
    scales: tuple[Text, ...]
    baseline: tuple[BaselineDoc, ...]
    baseline_max_age: Id
    bp_interval: Id
    bp_interval_recovery: Id
    observation_interval: Id
    observation_interval_recovery: Id
    published: tuple[StatementDoc, ...]


@dataclass(frozen=True, slots=True)
class BaselineVital:
    """A vital sign before the start.

    Attributes
    ----------
    vital : str
        Field of the vital signs, such as ``"sbp_mmhg"``.
    required : bool
        Whether the start waits for it.
    low, high : str or None
        Clinic limits that hold the start.
    advise_high : str or None
        Clinic limit above which the prescriber decides.
    """

    vital: str
    required: bool
    low: str | None = None
    high: str | None = None
    advise_high: str | None = None


@dataclass(frozen=True, slots=True)
class MonitoringSchedule:
    """What is watched in a session, and which clinic limits say how often.

    Attributes
    ----------
    identifiers : PublishedFigure
        How many identifiers the patient gives [{identifier}].
    continuous : tuple of str
        Channels watched without a break.
    scales : tuple of str
        Observer scales recorded at each observation.
    baseline : tuple of BaselineVital
        Vital signs before the start.
    baseline_max_age, bp_interval, bp_interval_recovery : str
        Ids of the clinic limits [min].
    observation_interval, observation_interval_recovery : str
        Ids of the clinic limits [min].
    published : tuple of str
        What sources describe, for the director to read.
    alarms : str
        Id of the set of alarm conditions.
    """

    id: str
    drug: str
    route: str
    identifiers: PublishedFigure
    continuous: tuple[str, ...]
    scales: tuple[str, ...]
    baseline: tuple[BaselineVital, ...]
    baseline_max_age: str
    bp_interval: str
    bp_interval_recovery: str
    observation_interval: str
    observation_interval_recovery: str
    published: tuple[str, ...]
    alarms: str


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the drug, the route and every clinic limit named."""
    yield "drugs", doc.drug
    yield "routes", doc.route
    yield "alarms", doc.alarms or f"{doc.drug}.{doc.route}"
    named: list[str | None] = [doc.baseline_max_age, doc.bp_interval, doc.bp_interval_recovery]
    named += [doc.observation_interval, doc.observation_interval_recovery]
    for vital in doc.baseline:
        named += [vital.low, vital.high, vital.advise_high]
    yield from (("limits", name) for name in named if name is not None)


def build(doc: Doc) -> MonitoringSchedule:
    """Make the schedule a value."""
    return MonitoringSchedule(
        id=doc.id,
        drug=doc.drug,
        route=doc.route,
        identifiers=doc.identifiers.figure(),
        continuous=doc.continuous,
        scales=doc.scales,
        baseline=tuple(BaselineVital(**vital.model_dump()) for vital in doc.baseline),
        baseline_max_age=doc.baseline_max_age,
        bp_interval=doc.bp_interval,
        bp_interval_recovery=doc.bp_interval_recovery,
        observation_interval=doc.observation_interval,
        observation_interval_recovery=doc.observation_interval_recovery,
        published=tuple(statement.text for statement in doc.published),
        alarms=doc.alarms or f"{doc.drug}.{doc.route}",
    )
