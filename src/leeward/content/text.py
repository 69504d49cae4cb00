"""Texts for patients in every language of the product, paragraph beside paragraph."""

from dataclasses import dataclass

from pydantic import Field

from leeward.core.quantities.published import Grade, weakest

from .document import ContentDoc, GradeMark, Id, Part, SourceDoc, Text, WordsDoc

LANGUAGES = ("en", "es")


class BasisDoc(Part):
    """What a section rests on."""

    source: SourceDoc
    grade: GradeMark


class SectionDoc(Part):
    """A heading, paragraphs or points in every language, and what they rest on."""

    heading: WordsDoc
    points: tuple[WordsDoc, ...] = Field(min_length=1)
    urgent: bool = False
    basis: tuple[BasisDoc, ...] = Field(min_length=1)


class PatientTextDoc(ContentDoc):
    """A text for patients about one drug by one route, in one version."""

    drug: Id
    route: Id
    version: Text
    title: WordsDoc
    sections: tuple[SectionDoc, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its points in one language.

    Attributes
    ----------
    urgent : bool
        Whether it must stand out: it says when to call for help.
    sources : tuple of str
        Ids of the sources it rests on.
    grade : Grade or None
        The weakest grade among them.
    """

    heading: str
    points: tuple[str, ...]
    urgent: bool
    sources: tuple[str, ...]
    grade: Grade | None


@dataclass(frozen=True, slots=True)
class PatientText:
    """A text for patients in every language.

    Attributes
    ----------
    version : str
        Changes whenever a word changes.
    titles, texts
        By language, in the order of `LANGUAGES`.
    """

    id: str
    drug: str
    route: str
    version: str
    titles: tuple[str, ...]
    texts: tuple[tuple[Section, ...], ...]

    def title(self, language: str) -> str:
        """Title in a language; English if the product does not speak it."""
        return self.titles[_place(language)]

    def sections(self, language: str) -> tuple[Section, ...]:
        """Sections in a language; English if the product does not speak it."""
        return self.texts[_place(language)]

    def body(self, language: str) -> dict[str, object]:
        """The whole text of one language as plain data, to be shown, hashed and kept."""
        return {
            "title": self.title(language),
            "version": self.version,
            "language": LANGUAGES[_place(language)],
            "sections": [
                {"heading": s.heading, "points": list(s.points), "urgent": s.urgent}
                for s in self.sections(language)
            ],
        }


def _place(language: str) -> int:
    code = language.split("-", maxsplit=1)[0].lower()
    return LANGUAGES.index(code) if code in LANGUAGES else 0


def build_text(doc: PatientTextDoc) -> PatientText:
    """Make the text a value."""
    return PatientText(
        id=doc.id,
        drug=doc.drug,
        route=doc.route,
        version=doc.version,
        titles=tuple(getattr(doc.title, language) for language in LANGUAGES),
        texts=tuple(
            tuple(_section(section, language) for section in doc.sections)
            for language in LANGUAGES
        ),
    )


def _section(doc: SectionDoc, language: str) -> Section:
    return Section(
        heading=getattr(doc.heading, language),
        points=tuple(getattr(point, language) for point in doc.points),
        urgent=doc.urgent,
        sources=tuple(dict.fromkeys(basis.source.id for basis in doc.basis)),
        grade=weakest(basis.grade for basis in doc.basis),
    )
