"""What a person agrees to when they let a clinic write to them: one channel, one version each."""

from dataclasses import dataclass
from typing import Literal

from leeward.content.document import ContentDoc, WordsDoc

FOLDER = "contact_wordings"


class Doc(ContentDoc):
    """One wording. `{clinic}` is the clinic's name; an old version is kept, never changed."""

    channel: Literal["sms", "email"]
    version: int
    agree: WordsDoc
    detail: WordsDoc


@dataclass(frozen=True, slots=True)
class ContactWording:
    """One wording.

    Attributes
    ----------
    channel : str
        ``"sms"`` or ``"email"``.
    agree, agree_es : str
        What the box says, with ``{clinic}`` for the clinic's name.
    detail, detail_es : str
        What stands in small print below it.
    """

    id: str
    channel: str
    version: int
    agree: str
    agree_es: str
    detail: str
    detail_es: str

    def said(self, clinic: str, language: str) -> str:
        """The whole wording as one person read it."""
        agree, detail = (
            (self.agree_es, self.detail_es) if language == "es" else (self.agree, self.detail)
        )
        return f"{agree.replace('{clinic}', clinic)} {detail}"


def build(doc: Doc) -> ContactWording:
    """Make the wording a value."""
    return ContactWording(
        id=doc.id, channel=doc.channel, version=doc.version, agree=doc.agree.en,
        agree_es=doc.agree.es, detail=doc.detail.en, detail_es=doc.detail.es,
    )  # fmt: skip
