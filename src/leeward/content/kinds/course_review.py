"""When a course is looked at again: continue, change or stop."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import model_validator

from leeward.content.document import ContentDoc, FigureDoc, Id, Like, WordsDoc
from leeward.content.errors import Mistake
from leeward.core.protocols.course import CourseReview

FOLDER = "course_reviews"


class Doc(ContentDoc):
    """A point of a course at which a decision is due."""

    drug: Id
    routes: tuple[Id, ...]
    indications: tuple[Id, ...]
    after: Annotated[FigureDoc, Like("{session}")]
    because: WordsDoc

    @model_validator(mode="after")
    def _after_whole_sessions(self) -> "Doc":
        if self.after.value != int(self.after.value) or self.after.value < 1:
            raise Mistake("A course is looked at after a whole number of sessions, at least one.")
        return self


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the drug, the routes and the indications."""
    yield "drugs", doc.drug
    yield from (("routes", route) for route in doc.routes)
    yield from (("indications", indication) for indication in doc.indications)


def build(doc: Doc) -> CourseReview:
    """Make it a core value."""
    return CourseReview(
        id=doc.id,
        drug=doc.drug,
        routes=doc.routes,
        indications=doc.indications,
        after_sessions=doc.after.figure(),
        because=doc.because.en,
        because_es=doc.because.es,
    )
