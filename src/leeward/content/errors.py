"""What can be wrong with content, as a value and as an exception."""

from dataclasses import dataclass
from pathlib import Path

from leeward.core.quantities import LeewardError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in one place.

    Attributes
    ----------
    file : str
        Path below the content folder.
    line : int
        Line number, from 1; 0 if the mistake is not on one line.
    where : str
        Document id and field, such as ``"protocol.x: dose.unit"``.
    because : str
        What is wrong and what to write instead.
    housekeeping : bool
        True if the content can be used all the same (a source that nobody cites).
    """

    file: str
    line: int
    where: str
    because: str
    housekeeping: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return (
            f"{place}: {self.where}: {self.because}" if self.where else f"{place}: {self.because}"
        )


class ContentError(LeewardError):
    """The content cannot be used; `problems` says where and why."""

    def __init__(self, root: Path, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"The content in {root.name} has {len(problems)} problem(s):\n{listed}")


class Mistake(ValueError):
    """Raised inside a content kind to say, in teaching words, what is wrong with a document."""
