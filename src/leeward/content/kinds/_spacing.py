"""How a document writes a published schedule as figures."""

from typing import Annotated

from pydantic import Field, model_validator

from leeward.content.document import Part
from leeward.content.errors import Mistake
from leeward.core.protocols.spacing import Spacing

Count = Annotated[int, Field(ge=1)]


class SpacingDoc(Part):
    """A published schedule as figures: sessions in seven days, or days between two of them."""

    per_week: Count | None = None
    every_d: Count | None = None
    weeks: Count | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> "SpacingDoc":
        if (self.per_week is None) == (self.every_d is None):
            raise Mistake("Give one of per_week and every_d.")
        return self

    def spacing(self, source: str) -> Spacing:
        """Return the schedule as a core value."""
        return Spacing(self.per_week, self.every_d, self.weeks, source)
