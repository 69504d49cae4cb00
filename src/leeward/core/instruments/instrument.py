"""A rating scale: questions, rule, alerts, definitions of change, and its words by language."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from leeward.core.quantities.published import Citation, Grade, PublishedFigure

from .alert import Alert
from .items import Item
from .outcome import OutcomeDefinition
from .rules import Scoring
from .wording import Form, Terms


class Mode(StrEnum):
    """Who gives the answers."""

    SELF = "self"
    CLINICIAN = "clinician"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A rating scale.

    Attributes
    ----------
    id : str
        Name in lower case, such as ``phq-9``.
    title : str
        Name as shown.
    version : str
        Which form and rule these are; kept with every score.
    mode : Mode
        Who gives the answers.
    validated : bool
        False for question sets of our own, which must be shown as not validated.
    enabled_by_default : bool
        False if the terms ask a clinic to switch the words on itself.
    items : tuple of Item
        Questions in order; empty if only a total can be entered.
    scoring : Scoring
        The rule.
    terms : Terms
        What may be done with the words.
    alerts : tuple of Alert
        Answers that set something in motion.
    outcomes : tuple of OutcomeDefinition
        Definitions of change; the first is the default.
    forms : tuple of Form
        Words by language; empty if the wording may not be shipped.
    codes : mapping of str to str
        LOINC codes of ``panel`` and ``total``, where they are sure.
    wait_after_session : PublishedFigure or None
        Time after a session [h] during which the recall period makes the scale meaningless.
    note : str
        What a reader must know to use it rightly; may be empty.
    """

    id: str
    title: str
    version: str
    mode: Mode
    validated: bool
    enabled_by_default: bool
    items: tuple[Item, ...]
    scoring: Scoring
    terms: Terms
    alerts: tuple[Alert, ...]
    outcomes: tuple[OutcomeDefinition, ...]
    forms: tuple[Form, ...]
    codes: Mapping[str, str]
    wait_after_session: PublishedFigure | None = None
    note: str = ""

    @property
    def score_entry_only(self) -> bool:
        """Whether the words may not be shipped, so that only numbers can be entered."""
        return not self.forms

    @property
    def scored_items(self) -> tuple[Item, ...]:
        """The questions that enter a score."""
        return tuple(item for item in self.items if item.scored)

    @property
    def languages(self) -> tuple[str, ...]:
        """BCP 47 tags of the forms."""
        return tuple(form.language for form in self.forms)

    @property
    def citation(self) -> Citation:
        """Where the scoring rule was read."""
        return self.scoring.citation

    @property
    def grade(self) -> Grade:
        """Grade of the scoring rule."""
        return self.scoring.grade

    def item(self, link_id: str) -> Item | None:
        """Find a question; None if the scale has no such question."""
        return next((item for item in self.items if item.link_id == link_id), None)

    def form(self, language: str) -> Form | None:
        """Find the words for a language.

        Parameters
        ----------
        language : str
            BCP 47 tag, such as ``es`` or ``es-US``.

        Returns
        -------
        Form or None
            The form of that tag, else of that language, else the English one (its `language`
            says so); None if no words may be shown.
        """
        wanted = language.lower()
        tags = {form.language.lower(): form for form in reversed(self.forms)}
        by_language = {tag.split("-")[0]: form for tag, form in tags.items()}
        near = by_language.get(wanted.split("-")[0]) or by_language.get("en")
        return tags.get(wanted) or near

    def outcome(self, definition_id: str | None = None) -> OutcomeDefinition | None:
        """Find a definition of change: the named one, or the default; None if there is none."""
        for definition in self.outcomes:
            if definition_id in (None, definition.id):
                return definition
        return None
