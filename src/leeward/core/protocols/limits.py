"""Clinic limits: what a medical director may set, and what has been set.

A `LimitParameter` is content: it names a limit and shows what sources suggest. It never carries a
value of its own. A `LimitSet` is the clinic's act: the approved values, in one version.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from leeward.core.quantities import Refusal
from leeward.core.quantities.published import PublishedFigure

# A refusal names this many of the limits that are not set; their page lists them all.
NAMED: Final = 6


class Effect(StrEnum):
    """What crossing a limit does."""

    BLOCK = "BLOCK"
    DECISION = "DECISION"
    HOLD = "HOLD"
    ALERT = "ALERT"
    INFO = "INFO"


class Side(StrEnum):
    """On which side of the limit the allowed values lie; it says which way is tighter."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class LimitParameter:
    """A limit that the clinic sets.

    Attributes
    ----------
    id : str
        Stable id, such as ``"dose.max_mg_per_kg"``.
    label : str
        What it limits, in plain words.
    unit : str
        UCUM unit of every value.
    side : Side
        Whether values at most or at least the limit are allowed.
    stage : str
        ``"plan"``, ``"start"``, ``"session"``, ``"recovery"`` or ``"discharge"``.
    effect : Effect
        What crossing it does.
    drug, route : str or None
        Whose limit it is; None: any.
    required : bool
        Whether a plan or session is refused while it is not set.
    suggestions : tuple of PublishedFigure
        What sources say, shown beside the empty field and never applied by itself.
    note : str
        What the director should weigh.
    label_es : str
        The label in Spanish.
    """

    id: str
    label: str
    unit: str
    side: Side
    stage: str
    effect: Effect
    drug: str | None = None
    route: str | None = None
    required: bool = True
    suggestions: tuple[PublishedFigure, ...] = ()
    note: str = ""
    label_es: str = ""

    def concerns(self, drug: str, route: str) -> bool:
        """Whether the limit applies to this drug by this route."""
        return self.drug in (None, drug) and self.route in (None, route)

    def tightens(self, old: Decimal, new: Decimal) -> bool:
        """Whether `new` allows nothing that `old` did not [both in `unit`]."""
        return new <= old if self.side is Side.AT_MOST else new >= old


@dataclass(frozen=True, slots=True)
class LimitValue:
    """One value of a limit set.

    Attributes
    ----------
    parameter : str
        Id of the `LimitParameter`.
    value : Decimal
        The limit [unit].
    unit : str
        UCUM unit.
    """

    parameter: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class LimitSet:
    """The limits of a clinic for one drug and route, in one version.

    Attributes
    ----------
    values : tuple of LimitValue
        What has been set.
    digest : str
        Digest of this version, kept in whatever was checked against it.
    approved_by : str or None
        Name of the medical director; None while it is a draft.
    approved_on : date or None
        Day of approval.
    """

    values: tuple[LimitValue, ...]
    digest: str
    approved_by: str | None
    approved_on: date | None

    def get(self, parameter: str) -> Decimal | None:
        """The value of a limit, None if it has not been set."""
        return next((v.value for v in self.values if v.parameter == parameter), None)

    def as_dict(self) -> dict[str, Decimal]:
        """All values by parameter id."""
        return {v.parameter: v.value for v in self.values}


def refuse_unset(
    limits: LimitSet | None, parameters: Iterable[LimitParameter], *, drug: str, route: str
) -> Refusal | None:
    """Refuse to go on while limits are missing or not approved, naming them.

    Parameters
    ----------
    limits : LimitSet or None
        The clinic's limits for this drug and route, None if there are none.
    parameters : iterable of LimitParameter
        What content knows.
    drug, route : str
        What is about to be given, and how.

    Returns
    -------
    Refusal or None
        None when every required limit stands and is approved.
    """
    needed = [p for p in parameters if p.required and p.concerns(drug, route)]
    missing = [p for p in needed if limits is None or limits.get(p.id) is None]
    if missing:
        first = sorted(missing, key=lambda p: p.stage != "plan")
        names = "; ".join(f"{p.label} ({p.id})" for p in first[:NAMED])
        more = f", and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
        because = (
            f"The clinic's limits for {drug} by {route} are not complete. Not set: {names}{more}. "
            "The medical director sets and approves them."
        )
        return Refusal("limits.missing", because, field=missing[0].id)
    if limits is not None and (limits.approved_by is None or limits.approved_on is None):
        because = (
            f"The clinic's limits for {drug} by {route} are set and not yet approved. "
            "The medical director approves them."
        )
        return Refusal("limits.not_approved", because)
    return None
