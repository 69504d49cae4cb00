"""A published protocol as a value: what a source gave, to whom, how often."""

from dataclasses import dataclass

from leeward.core.quantities.published import Citation, PublishedFigure

from .spacing import Spacing


@dataclass(frozen=True, slots=True)
class Presentation:
    """A labelled vial: one drug in one concentration.

    Attributes
    ----------
    id : str
        Stable id, such as ``"racemic_ketamine.50_mg_per_ml"``.
    drug : str
        The drug it holds.
    concentration : PublishedFigure
        Labelled concentration [mg/mL].
    dilute_before_iv : bool
        Whether the label forbids intravenous use undiluted.
    label : str
        As it is read aloud.
    """

    id: str
    drug: str
    concentration: PublishedFigure
    dilute_before_iv: bool
    label: str


@dataclass(frozen=True, slots=True)
class Series:
    """How often a protocol is given.

    Attributes
    ----------
    sessions : int
        Number of sessions.
    interval : str
        Spacing as published, such as ``"three times weekly over 12 days"``.
    days : tuple of int
        Days of the sessions, the first being 0; empty where the source gives none.
    spacing, maintenance : Spacing or None
        The schedule as figures, and that of responders afterwards.
    """

    sessions: int
    interval: str
    days: tuple[int, ...] = ()
    spacing: Spacing | None = None
    maintenance: Spacing | None = None


@dataclass(frozen=True, slots=True)
class Protocol:
    """One published way to give one drug for one indication.

    Attributes
    ----------
    id : str
        Stable id.
    title : str
        As the plan builder shows it.
    drug, route : str
        What is given, and how.
    indications : tuple of str
        What it was published for.
    dose_mg_per_kg : PublishedFigure
        The typical dose [mg/kg]; the ten-fold check compares with it.
    duration_min : PublishedFigure
        Duration of the infusion [min].
    dose_low_mg_per_kg, dose_high_mg_per_kg : PublishedFigure or None
        Range of published doses [mg/kg]; outside it the plan is questioned, not refused.
    concentrations_mg_per_ml : tuple of PublishedFigure
        Final concentrations the source describes [mg/mL]; empty: any that a vial allows.
    series : Series or None
        Number and spacing of the sessions.
    weight_basis : str
        Weight it is dosed by.
    citation : Citation or None
        Where the protocol as a whole was read.
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
    dose_mg_per_kg: PublishedFigure
    duration_min: PublishedFigure
    dose_low_mg_per_kg: PublishedFigure | None = None
    dose_high_mg_per_kg: PublishedFigure | None = None
    concentrations_mg_per_ml: tuple[PublishedFigure, ...] = ()
    series: Series | None = None
    weight_basis: str = "actual"
    citation: Citation | None = None
    notes: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def unverified(self) -> bool:
        """Whether any figure of it must be shown as unverified."""
        figures = (
            self.dose_mg_per_kg,
            self.duration_min,
            self.dose_low_mg_per_kg,
            self.dose_high_mg_per_kg,
            *self.concentrations_mg_per_ml,
        )
        return any(figure.unverified for figure in figures if figure is not None)
