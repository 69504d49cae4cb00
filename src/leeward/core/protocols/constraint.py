"""A limit that can only narrow, and remembers why."""

from dataclasses import dataclass, replace
from decimal import Decimal

from leeward.core.quantities import Refusal, UnitMismatch
from leeward.core.quantities.formatting import show

from .limits import Side


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that had a say in a constraint.

    Attributes
    ----------
    value : Decimal
        What the rule allows [unit of the constraint].
    because : str
        The rule in plain words.
    source : str or None
        Id of the source or clinic limit.
    """

    value: Decimal
    because: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Constraint:
    """The tightest of several limits on one figure.

    Attributes
    ----------
    side : Side
        Whether values at most or at least `value` are allowed.
    value : Decimal
        The limit in force [unit].
    unit : str
        UCUM unit.
    reasons : tuple of Reason
        Every rule that was applied, in order, binding or not.
    """

    side: Side
    value: Decimal
    unit: str
    reasons: tuple[Reason, ...]

    @classmethod
    def begin(
        cls, side: Side, value: Decimal, unit: str, because: str, source: str | None = None
    ) -> "Constraint":
        """Begin with one limit [`unit`] and its reason."""
        return cls(side, value, unit, (Reason(value, because, source),))

    @property
    def binding(self) -> Reason:
        """The reason that sets the limit now."""
        return next(r for r in self.reasons if r.value == self.value)

    def allows(self, figure: Decimal) -> bool:
        """Whether a figure [unit of the constraint] lies within the limit."""
        return figure <= self.value if self.side is Side.AT_MOST else figure >= self.value

    def narrowed(
        self, value: Decimal, unit: str, because: str, source: str | None = None
    ) -> "Constraint":
        """Apply another rule: the tighter of the two limits holds, and both reasons stay.

        Parameters
        ----------
        value : Decimal
            What the rule allows [`unit`].
        unit : str
            UCUM unit; must be that of the constraint.
        because : str
            The rule in plain words.
        source : str or None
            Id of the source or clinic limit.

        Returns
        -------
        Constraint

        Raises
        ------
        UnitMismatch
            If the unit is another one.
        """
        if unit != self.unit:
            raise UnitMismatch(f"a limit in {self.unit} can't be narrowed by one in {unit}")
        tightest = min if self.side is Side.AT_MOST else max
        reasons = (*self.reasons, Reason(value, because, source))
        return replace(self, value=tightest(self.value, value), reasons=reasons)

    def override(
        self, value: Decimal, unit: str, because: str, source: str | None = None
    ) -> "Constraint | Refusal":
        """Replace the limit by a tighter one; a wider one is refused.

        Parameters
        ----------
        value : Decimal
            The wanted limit [`unit`].
        unit : str
            UCUM unit; must be that of the constraint.
        because : str
            Why it is wanted.
        source : str or None
            Id of the source or clinic limit.

        Returns
        -------
        Constraint or Refusal
        """
        if not self.allows(value):
            edge = "at most" if self.side is Side.AT_MOST else "at least"
            return Refusal(
                "limit.would_widen",
                f"The limit is {edge} {show(self.value, self.unit)} ({self.binding.because}); "
                f"{show(value, unit)} would widen it. An override may only tighten a limit.",
                source=self.binding.source,
            )
        return self.narrowed(value, unit, because, source)
