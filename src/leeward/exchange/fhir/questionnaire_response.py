"""QuestionnaireResponse: answers, in the order they were asked."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from leeward.usecases.imported import Answer, ImportedQuestionnaireResponse, Origin

from .datatypes import Json, Unreadable, coding, member, members, string, when
from .references import References
from .subject import patient_of

DEEPEST = 20


def read_questionnaire_response(
    resource: Json, origin: Origin, references: References
) -> ImportedQuestionnaireResponse:
    """Read a QuestionnaireResponse with its groups opened out."""
    answers = tuple(_answers(members(resource, "item"), DEEPEST))
    if not answers:
        raise Unreadable("it holds no answer")
    return ImportedQuestionnaireResponse(
        origin=origin,
        patient=patient_of(resource, references),
        instrument=_last_part(string(resource, "questionnaire")),
        status=string(resource, "status"),
        authored=when(resource, "authored"),
        answers=answers,
    )


def _last_part(canonical: str) -> str:
    return canonical.partition("|")[0].rstrip("/").rpartition("/")[2] or "unknown"


def _answers(items: tuple[Json, ...], depth: int) -> Iterator[Answer]:
    if depth == 0:
        raise Unreadable("its items are nested too deeply")
    for item in items:
        for answer in members(item, "answer"):
            read = _answer(item, answer)
            if read:
                yield read
            yield from _answers(members(answer, "item"), depth - 1)
        yield from _answers(members(item, "item"), depth - 1)


def _answer(item: Json, answer: Json) -> Answer | None:
    link_id, text = string(item, "linkId"), string(item, "text")
    for name, value in answer.items():
        if name == "valueCoding":
            written = member(answer, name) or {}
            chosen = coding(written)
            words = string(written, "display") or (chosen.code if chosen else "")
            return Answer(link_id, text, words, (chosen,) if chosen else ())
        if name.startswith("value"):
            return Answer(link_id, text, _plain(value))
    return None


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | Decimal):
        return str(value)
    if isinstance(value, dict):
        parts = (value.get("value"), value.get("unit") or value.get("reference"))
        return " ".join(str(part) for part in parts if part is not None)
    raise Unreadable("an answer in it is not written as FHIR writes it")
