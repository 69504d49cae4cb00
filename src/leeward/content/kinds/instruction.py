"""What a patient takes home, in every language and one version."""

from collections.abc import Iterator

from leeward.content.text import PatientText, PatientTextDoc, build_text

FOLDER = "instructions"


class Doc(PatientTextDoc):
    """One text."""


def references(doc: Doc) -> Iterator[tuple[str, str]]:
    """Yield the drug and the route."""
    yield "drugs", doc.drug
    yield "routes", doc.route


def build(doc: Doc) -> PatientText:
    """Make the text a value."""
    return build_text(doc)
