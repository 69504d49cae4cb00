"""A published way of giving a drug that is not one infusion dosed by weight.

A plan is made from injections and from counted devices. Infusions that are titrated or run for
hours, and doses by mouth, are kept as reading.
"""

from dataclasses import dataclass
from decimal import Decimal

from leeward.core.quantities.published import Citation, PublishedFigure

from .spacing import Spacing

PLANNED = {"im": "mg/kg", "sc": "mg/kg", "intranasal": "mg"}


@dataclass(frozen=True, slots=True)
class RegimenStep:
    """One phase or step of a regimen.

    Attributes
    ----------
    phase, schedule : str
        What it is, and how often, as published.
    doses : tuple of PublishedFigure
        Doses as published [mg, mg/kg, mg/h or mg/kg/h, as each says]; several: steps or choices.
    durations : tuple of PublishedFigure
        Over what time [a unit of time, as each says].
    spacing : Spacing or None
        The schedule as figures; None where the source gives none.
    step_up_below_pct : PublishedFigure or None
        The next dose follows when improvement is less than this [%].
    """

    phase: str
    doses: tuple[PublishedFigure, ...]
    durations: tuple[PublishedFigure, ...]
    schedule: str
    spacing: Spacing | None = None
    step_up_below_pct: PublishedFigure | None = None

    @property
    def unit(self) -> str:
        """Unit of its doses."""
        return self.doses[0].unit

    def next_dose(self, given: Decimal, improved_pct: Decimal) -> PublishedFigure | None:
        """Give the next published dose of a ladder.

        Parameters
        ----------
        given : Decimal
            Dose so far [unit of the step].
        improved_pct : Decimal
            Improvement on it [%].

        Returns
        -------
        PublishedFigure or None
            None when the source gives no ladder, the improvement is enough, or no higher step is
            published.
        """
        below = self.step_up_below_pct
        if below is None or improved_pct >= below.value:
            return None
        higher = [dose for dose in self.doses if dose.value > given]
        return min(higher, key=lambda dose: dose.value, default=None)


@dataclass(frozen=True, slots=True)
class Regimen:
    """A published way of giving a drug.

    Attributes
    ----------
    id, title : str
        Stable id, and as the plan builder shows it.
    drug, route : str
        What is given, and how.
    indications : tuple of str
        What it was published for.
    citation : Citation
        Where it was read.
    steps : tuple of RegimenStep
        Phase by phase.
    notes : tuple of str
        What the prescriber should know before choosing it.
    beside : tuple of str
        Ids of what it was published together with.
    """

    id: str
    title: str
    drug: str
    route: str
    indications: tuple[str, ...]
    citation: Citation
    steps: tuple[RegimenStep, ...]
    notes: tuple[str, ...]
    beside: tuple[str, ...] = ()

    @property
    def unverified(self) -> bool:
        """Whether any figure of it must be shown as unverified."""
        figures = (f for step in self.steps for f in (*step.doses, *step.durations))
        return any(figure.unverified for figure in figures)

    @property
    def at_once(self) -> bool:
        """Whether every step is an injection by weight or a count of devices.

        No device of racemic ketamine is labelled, so its nasal regimens stay reading.
        """
        units = {dose.unit for step in self.steps for dose in step.doses}
        by_device = self.route != "intranasal" or self.drug == "esketamine"
        return by_device and units == {PLANNED.get(self.route)}

    def step(self, phase: str) -> RegimenStep | None:
        """Find a phase by its name."""
        return next((step for step in self.steps if step.phase == phase), None)
