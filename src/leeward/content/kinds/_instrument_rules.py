"""Documents inside an instrument: rules of scoring, alerts, definitions of change."""

from typing import Annotated, Literal

from pydantic import model_validator

from leeward.content.document import FigureDoc, GradeMark, Id, Like, Part, SourceDoc, Text
from leeward.content.errors import Mistake
from leeward.core.instruments import (
    Alert,
    Band,
    BandScheme,
    Bound,
    Category,
    ClusterRule,
    Comparator,
    CutOff,
    Method,
    OutcomeDefinition,
    Prorating,
    Scope,
    Scoring,
    Subscale,
    Triage,
    TriageRule,
    Workflow,
)

ScoreFigure = Annotated[FigureDoc, Like("{score}")]


class BoundDoc(Part):
    """A line: exactly one of `at_least`, `above`, `at_most`, `below`, with its figure."""

    at_least: FigureDoc | None = None
    above: FigureDoc | None = None
    at_most: FigureDoc | None = None
    below: FigureDoc | None = None

    @model_validator(mode="after")
    def _is_one_line(self) -> "BoundDoc":
        if len(self._drawn()) != 1:
            raise Mistake("Write exactly one of at_least, above, at_most and below.")
        return self

    def _drawn(self) -> list[tuple[Comparator, FigureDoc]]:
        lines = [(side, getattr(self, side.value)) for side in Comparator]
        return [(side, figure) for side, figure in lines if figure is not None]

    def bound(self) -> Bound:
        """Return the line as a core value."""
        ((side, figure),) = self._drawn()
        return Bound(side, figure.figure())


class StepDoc(Part):
    """One band: first and last total, both included."""

    lo: int
    hi: int
    code: Id
    label: Text


class BandsDoc(Part):
    """A division of the totals into bands, as one source gives it."""

    version: Text
    source: SourceDoc
    grade: GradeMark
    steps: tuple[StepDoc, ...]

    def scheme(self) -> BandScheme:
        """Return the division as a core value."""
        bands = tuple(Band(step.code, step.label, step.lo, step.hi) for step in self.steps)
        return BandScheme(self.version, bands, self.source.cited(), self.grade)


class CutOffDoc(BoundDoc):
    """A published line that raises a flag."""

    code: Id
    means: Text
    for_sex: Literal["male", "female"] | None = None
    scope: Scope = Scope.TOTAL

    def cut_off(self) -> CutOff:
        """Return the line as a core value."""
        return CutOff(self.code, self.means, self.bound(), self.for_sex, self.scope)


class SubscaleDoc(Part):
    """Questions that are also added up by themselves."""

    code: Text
    items: tuple[str, ...]


class ClusterDoc(Part):
    """So many symptoms in each cluster."""

    code: Id
    means: Text
    counts_as_symptom: BoundDoc
    needs: dict[str, int]
    source: SourceDoc
    grade: GradeMark

    def rule(self) -> ClusterRule:
        """Return the rule as a core value."""
        return ClusterRule(
            self.code,
            self.means,
            self.counts_as_symptom.bound(),
            tuple(self.needs.items()),
            self.source.cited(),
            self.grade,
        )


class OutcomeOfTriage(Part):
    """What a triage says."""

    code: Id
    label: Text

    def band(self) -> Band:
        """Return the outcome as a core value."""
        return Band(self.code, self.label)


class TriageRuleDoc(OutcomeOfTriage):
    """One line of a triage."""

    any_of: tuple[str, ...]
    values: tuple[int, ...]
    declined: bool = False
    unless_answered: tuple[str, ...] = ()
    source: SourceDoc
    grade: GradeMark

    def rule(self) -> TriageRule:
        """Return the line as a core value."""
        return TriageRule(
            band=self.band(),
            any_of=self.any_of,
            values=self.values,
            citation=self.source.cited(),
            grade=self.grade,
            declined=self.declined,
            unless_answered=self.unless_answered,
        )


class TriageDoc(Part):
    """Lines from the most to the least urgent, and what is said if none fits."""

    rules: tuple[TriageRuleDoc, ...]
    otherwise: OutcomeOfTriage

    def triage(self) -> Triage:
        """Return the triage as a core value."""
        return Triage(tuple(rule.rule() for rule in self.rules), self.otherwise.band())


class ProratingDoc(Part):
    """How many answers may be missing, and which never."""

    most_missing: Annotated[FigureDoc, Like("1")]
    never: tuple[str, ...] = ()


class ScoringDoc(Part):
    """The whole rule of a scale."""

    method: Method
    source: SourceDoc
    grade: GradeMark
    minimum: int | None = None
    maximum: int | None = None
    factor: int = 1
    domains: tuple[tuple[str, ...], ...] = ()
    prorating: ProratingDoc | None = None
    higher_is_better: bool = False
    whole_totals: bool = True
    bands: BandsDoc | None = None
    cut_offs: tuple[CutOffDoc, ...] = ()
    subscales: tuple[SubscaleDoc, ...] = ()
    cluster_rule: ClusterDoc | None = None
    triage: TriageDoc | None = None

    def rule(self) -> Scoring:
        """Return the rule as a core value."""
        fill = self.prorating
        return Scoring(
            method=self.method,
            citation=self.source.cited(),
            grade=self.grade,
            minimum=self.minimum,
            maximum=self.maximum,
            factor=self.factor,
            domains=self.domains,
            prorating=Prorating(fill.most_missing.figure(), fill.never) if fill else None,
            higher_is_better=self.higher_is_better,
            whole_totals=self.whole_totals,
            bands=self.bands.scheme() if self.bands else None,
            cut_offs=tuple(line.cut_off() for line in self.cut_offs),
            subscales=tuple(Subscale(part.code, part.items) for part in self.subscales),
            cluster_rule=self.cluster_rule.rule() if self.cluster_rule else None,
            triage=self.triage.triage() if self.triage else None,
        )


class AlertDoc(BoundDoc):
    """An answer that somebody must act on at once."""

    code: Id
    items: tuple[str, ...]
    workflow: Workflow
    action: Text
    declined: bool = False
    only_if_new: bool = False

    def alert(self) -> Alert:
        """Return the alert as a core value."""
        return Alert(
            self.code,
            self.items,
            self.bound(),
            self.workflow,
            self.action,
            self.declined,
            self.only_if_new,
        )


class CategoryDoc(BoundDoc):
    """A named size of improvement."""

    label: Text


class OutcomeDoc(Part):
    """One published way of reading change."""

    id: Id
    version: Text
    baseline_within: Annotated[FigureDoc, Like("d")]
    response: BoundDoc | None = None
    response_points: BoundDoc | None = None
    remission: BoundDoc | None = None
    relapse: BoundDoc | None = None
    reliable: BoundDoc | None = None
    meaningful: BoundDoc | None = None
    floor: BoundDoc | None = None
    points_only: BoundDoc | None = None
    categories: tuple[CategoryDoc, ...] = ()

    @model_validator(mode="after")
    def _units_fit(self) -> "OutcomeDoc":
        shares = [self.response, *self.categories]
        points = [
            self.response_points, self.remission, self.relapse, self.reliable, self.meaningful,
            self.floor, self.points_only,
        ]  # fmt: skip
        for lines, unit in ((shares, "%"), (points, "{score}")):
            for line in lines:
                if line is not None and line.bound().figure.unit != unit:
                    raise Mistake(f"Write this line of {self.id} with the unit {unit!r}.")
        return self

    def definition(self) -> OutcomeDefinition:
        """Return the definition as a core value."""
        lines = {
            name: line.bound() if (line := getattr(self, name)) is not None else None
            for name in (
                "response", "response_points", "remission", "relapse", "reliable", "meaningful",
                "floor", "points_only",
            )
        }  # fmt: skip
        return OutcomeDefinition(
            id=self.id,
            version=self.version,
            baseline_within=self.baseline_within.figure(),
            categories=tuple(Category(part.label, part.bound()) for part in self.categories),
            **lines,
        )
