"""What candidacy rules name by one id: its codes, its names, its drugs."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from leeward.content.coding import SYSTEMS
from leeward.content.document import (
    ContentDoc,
    FigureDoc,
    GradeMark,
    Like,
    Part,
    SourceDoc,
    Text,
    WordsDoc,
)
from leeward.content.errors import Mistake
from leeward.core.candidacy import Concept, Ingredient, ListedCode
from leeward.core.candidacy.systems import loinc_check, snomed_check
from leeward.core.quantities import OutOfDomain

FOLDER = "concepts"

_CHECKS = {"snomed": snomed_check, "loinc": loinc_check}


class CodesDoc(Part):
    """Codes of one system from one source: each code with its display."""

    system: Literal["icd10cm", "icd9cm", "snomed", "rxnorm", "loinc"]
    source: SourceDoc
    grade: GradeMark
    pairs: Annotated[dict[str, Text], Field(min_length=1)]

    @model_validator(mode="after")
    def _check_digits_hold(self) -> "CodesDoc":
        check = _CHECKS.get(self.system)
        for code in self.pairs if check else ():
            if check is not None and not check(code):
                raise Mistake(
                    f"{code!r} is not a {self.system} code: its check digit is wrong. Look the"
                    " code up again; do not correct the digit."
                )
        return self

    def listed(self) -> Iterator[ListedCode]:
        """Yield the codes as core values."""
        for code, display in self.pairs.items():
            try:
                yield ListedCode(SYSTEMS[self.system], code, display, self.grade)
            except OutOfDomain as error:
                raise Mistake(str(error)) from None


class IngredientDoc(Part):
    """One drug substance; `rxnorm` stays empty where no identifier is sure."""

    name: Text
    rxnorm: Text | None = None
    grade: GradeMark | None = None
    also: tuple[Text, ...] = ()
    products: dict[str, Text] = {}

    @model_validator(mode="after")
    def _grade_goes_with_code(self) -> "IngredientDoc":
        if (self.rxnorm is None and not self.products) != (self.grade is None):
            raise Mistake(
                f"{self.name}: a grade says how surely an RxNorm code is known. Write both, or"
                " neither and let the name be matched."
            )
        return self

    def ingredient(self) -> Ingredient:
        """Return the substance as a core value."""
        pairs = {self.rxnorm: self.name} if self.rxnorm else {}
        codes = tuple(
            ListedCode(SYSTEMS["rxnorm"], code, display, self.grade)
            for code, display in {**pairs, **self.products}.items()
            if self.grade is not None
        )
        return Ingredient(self.name, codes, self.also)


class Doc(ContentDoc):
    """A concept. `names` are matched as whole words; `not_names` mask what only looks alike."""

    label: WordsDoc
    codes: tuple[CodesDoc, ...] = ()
    excluding: tuple[Text, ...] = ()
    names: tuple[Text, ...] = ()
    not_names: tuple[Text, ...] = ()
    ingredients: tuple[IngredientDoc, ...] = ()
    source: SourceDoc | None = None
    tail: Annotated[FigureDoc, Like("d")] | None = None

    @model_validator(mode="after")
    def _can_be_recognised(self) -> "Doc":
        if not (self.codes or self.names or self.ingredients):
            raise Mistake("A concept needs codes, names or ingredients to be recognised by.")
        if self.ingredients and self.source is None:
            raise Mistake("Say in 'source' where the ingredients' identifiers were read.")
        return self


def build(doc: Doc) -> Concept:
    """Make the concept a core value."""
    return Concept(
        doc.id,
        doc.label.en,
        doc.label.es,
        codes=tuple(code for listed in doc.codes for code in listed.listed()),
        excluding=doc.excluding,
        names=doc.names,
        not_names=doc.not_names,
        ingredients=tuple(member.ingredient() for member in doc.ingredients),
        tail=doc.tail.figure() if doc.tail else None,
    )
