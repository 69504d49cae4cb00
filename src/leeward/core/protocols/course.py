"""A course as a whole: when it is looked at again."""

from collections.abc import Iterable
from dataclasses import dataclass

from leeward.core.quantities import Refusal
from leeward.core.quantities.published import PublishedFigure


@dataclass(frozen=True, slots=True)
class CourseReview:
    """A point of a course at which a decision is due.

    Attributes
    ----------
    id : str
        Stable id.
    drug : str
        What is given.
    routes : tuple of str
        How.
    indications : tuple of str
        What the course is given for.
    after_sessions : PublishedFigure
        Number of sessions after which it is due [{session}].
    because, because_es : str
        What is to be decided, and on what ground.
    """

    id: str
    drug: str
    routes: tuple[str, ...]
    indications: tuple[str, ...]
    after_sessions: PublishedFigure
    because: str
    because_es: str

    def concerns(self, drug: str, route: str, indication: str) -> bool:
        """Whether it is about this drug, route and indication."""
        return self.drug == drug and route in self.routes and indication in self.indications


def review_due(
    reviews: Iterable[CourseReview], *, drug: str, route: str, indication: str, sessions: int
) -> CourseReview | None:
    """Find the newest review that the sessions so far have made due.

    Parameters
    ----------
    reviews : iterable of CourseReview
        From content.
    drug, route, indication : str
        What the course gives, how, and for what.
    sessions : int
        Sessions given so far [1].

    Returns
    -------
    CourseReview or None
    """
    due = [
        review
        for review in reviews
        if review.concerns(drug, route, indication) and sessions >= review.after_sessions.value
    ]
    return max(due, key=lambda review: review.after_sessions.value, default=None)


def question_course(review: CourseReview | None, sessions: int) -> Refusal | None:
    """Ask for the decision that a review makes due.

    Parameters
    ----------
    review : CourseReview or None
        From `review_due`.
    sessions : int
        Sessions given so far [1].

    Returns
    -------
    Refusal or None
        A soft finding: whoever goes on says why.
    """
    if review is None:
        return None
    source = review.after_sessions.citation.source
    because = f"{sessions} sessions so far. {review.because} Say what was found, to go on."
    return Refusal("course.review_due", because, source=source, field="because")
