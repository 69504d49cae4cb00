"""What counts as response, remission and real change on a scale: published definitions."""

from dataclasses import dataclass

from leeward.core.quantities.published import Citation, Grade, PublishedFigure, weakest

from .rules import Bound


@dataclass(frozen=True, slots=True)
class Category:
    """A named size of improvement.

    Attributes
    ----------
    label : str
        Name of the size, such as ``substantial``.
    improvement : Bound
        Improvement [%] from which the name holds.
    """

    label: str
    improvement: Bound


@dataclass(frozen=True, slots=True)
class OutcomeDefinition:
    """One published way of reading change on one scale. What a source leaves open stays None.

    Attributes
    ----------
    id : str
        Name of the definition, kept with every result.
    version : str
        Which cuts these are, in a few words, to be shown beside every result.
    baseline_within : PublishedFigure
        How long before the first session a baseline may have been taken [d].
    response : Bound or None
        Improvement [%] that is a response.
    response_points : Bound or None
        Improvement [score] that is a response, where the source counts points.
    remission : Bound or None
        Total [score] that is remission.
    relapse : Bound or None
        Total [score] that is a relapse after remission. No source agreed on one yet.
    reliable : Bound or None
        Change [score] beyond the error of measurement.
    meaningful : Bound or None
        Change [score] that matters to a person.
    floor : Bound or None
        Baseline [score] too mild for response to be computed.
    points_only : Bound or None
        Baseline [score] too low for a change in per cent to be read.
    categories : tuple of Category
        From the smallest to the largest.
    """

    id: str
    version: str
    baseline_within: PublishedFigure
    response: Bound | None = None
    response_points: Bound | None = None
    remission: Bound | None = None
    relapse: Bound | None = None
    reliable: Bound | None = None
    meaningful: Bound | None = None
    floor: Bound | None = None
    points_only: Bound | None = None
    categories: tuple[Category, ...] = ()

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """Every line this definition draws."""
        single = (
            self.response, self.response_points, self.remission, self.relapse, self.reliable,
            self.meaningful, self.floor, self.points_only,
        )  # fmt: skip
        drawn = [bound for bound in single if bound is not None]
        return (*drawn, *(category.improvement for category in self.categories))

    @property
    def grade(self) -> Grade | None:
        """Weakest grade among its lines; None if it draws none."""
        return weakest(bound.figure.grade for bound in self.bounds)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Where its lines were read, each place once."""
        return tuple(dict.fromkeys(bound.figure.citation for bound in self.bounds))
