"""The words of a rating scale, exactly as published, and what may be done with them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """What may be done with the words of a scale.

    Attributes
    ----------
    licence : str
        Short name of the class, such as ``ship`` or ``non-commercial``.
    basis : str
        What that rests on.
    """

    licence: str
    basis: str


@dataclass(frozen=True, slots=True)
class FormOption:
    """An answer in words.

    Attributes
    ----------
    value : int
        What is stored.
    label : str
        Words as published.
    """

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class FormItem:
    """A question in words.

    Attributes
    ----------
    link_id : str
        Which question.
    text : str
        Words as published; empty where the scale fixes only the ends of a line.
    options : tuple of FormOption
        Answers in printed order.
    """

    link_id: str
    text: str
    options: tuple[FormOption, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The words of a scale in one language. They are never edited or translated by machine.

    Attributes
    ----------
    language : str
        BCP 47 tag.
    title, version, recall_period : str
        As the publisher names them.
    instructions, stem, prompt_before_items, acuity_instruction : str
        Words for the person who answers; empty where the scale has none.
    notice : str
        To be shown or printed with every administration.
    items : tuple of FormItem
        In printed order, one for each question of the instrument.
    sha256 : str
        Fingerprint [hex] of the words, kept with each administration.
    """

    language: str
    title: str
    version: str
    recall_period: str
    instructions: str
    stem: str
    prompt_before_items: str
    acuity_instruction: str
    notice: str
    items: tuple[FormItem, ...]
    sha256: str

    def item(self, link_id: str) -> FormItem:
        """Find the words of a question.

        Raises
        ------
        KeyError
            If the form has no such question.
        """
        for item in self.items:
            if item.link_id == link_id:
                return item
        raise KeyError(link_id)
