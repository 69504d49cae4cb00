"""What a rule calls one thing, and every way the records may write it."""

import re
from dataclasses import dataclass

from leeward.core.quantities import OutOfDomain
from leeward.core.quantities.published import Grade, PublishedFigure

from .systems import ICD10CM

_ICD_PATTERN = re.compile(r"[A-Z][0-9A-Z][0-9A-Z?]{0,5}(-[A-Z][0-9A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class ListedCode:
    """One code with the display it was checked under.

    Attributes
    ----------
    system : str
        Canonical URI of the system.
    code : str
        SNOMED CT, RxNorm or LOINC: the exact code. ICD-9-CM: the same, without the dot.
        ICD-10-CM: a prefix without the dot, where ``?`` stands for any one character and
        ``O00-O9A`` for a range of categories.
    display : str
        The name of the code in its system; tests hold the pair together.
    grade : Grade
        How surely the pair is known.
    """

    system: str
    code: str
    display: str
    grade: Grade

    def __post_init__(self) -> None:
        if self.system == ICD10CM and not _ICD_PATTERN.fullmatch(self.code):
            raise OutOfDomain(
                f"{self.code!r} is no ICD-10-CM prefix; write it without the dot, ? for any "
                "character, or a range of categories such as O00-O9A"
            )


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One drug substance of a class.

    Attributes
    ----------
    name : str
        Name as RxNorm writes it, lower case.
    codes : tuple of ListedCode
        RxNorm ingredient (and brand or product) identifiers; empty when only the name is sure.
    names : tuple of str
        Other words for it: brands, international names, salts.
    """

    name: str
    codes: tuple[ListedCode, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """A condition, measurement or class of drugs that rules name by id.

    Attributes
    ----------
    id : str
        Stable name, such as ``aneurysm``.
    label : str
        Plain English name for staff.
    label_es : str
        The same in Spanish.
    codes : tuple of ListedCode
        Codes that mean this concept.
    excluding : tuple of str
        ICD-10-CM prefixes (same notation) that a wider prefix above would take in wrongly.
    names : tuple of str
        Words that name it in free text, matched whole and regardless of case. ``a + b`` needs
        both anywhere in the text.
    not_names : tuple of str
        Phrases that contain a name and mean something else; they are masked first.
    ingredients : tuple of Ingredient
        For a class of drugs: its members.
    tail : PublishedFigure or None
        How long after stopping [days] a member of the class still counts; None if no source
        gives one.
    """

    id: str
    label: str
    label_es: str
    codes: tuple[ListedCode, ...] = ()
    excluding: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    not_names: tuple[str, ...] = ()
    ingredients: tuple[Ingredient, ...] = ()
    tail: PublishedFigure | None = None


def icd10cm_matches(pattern: str, code: str) -> bool:
    """Say whether an ICD-10-CM code, dotted or not, falls under a pattern.

    Parameters
    ----------
    pattern : str
        Prefix without dot; ``?`` is any character; ``O00-O9A`` is a range of categories.
    code : str
        The code as a record writes it: ``I71.40``, ``I7140`` or ``i71.40``.

    Returns
    -------
    bool
        True if it is the code of the pattern or a child of it.
    """
    plain = undotted(code)
    if "-" in pattern:
        low, high = pattern.split("-")
        return low <= plain[:3] <= high
    return len(plain) >= len(pattern) and all(
        want in ("?", have) for want, have in zip(pattern, plain, strict=False)
    )


def undotted(code: str) -> str:
    """Write an ICD-10-CM code as the lists do: upper case, no dot, no space."""
    return code.replace(".", "").strip().upper()
