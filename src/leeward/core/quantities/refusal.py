"""An expected "no", as a value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command or a calculation that Leeward declines, and why.

    Attributes
    ----------
    code : str
        Stable dotted name of the reason, for tests and translations, such as
        ``"dose.above_hard_limit"``.
    because : str
        One or two plain sentences: what stands in the way and what to do about it.
    source : str or None
        Id of the published source or clinic limit the refusal rests on, if there is one.
    field : str or None
        Name of the input the refusal belongs beside, if it belongs to one.
    """

    code: str
    because: str
    source: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        return f"{self.because} [{self.code}]"
