"""Recognises a known rating scale in imported answers, and scores it by the clinic's content."""

from collections.abc import Iterable, Mapping
from typing import Any

from leeward.core.instruments import Answer as ScaleAnswer
from leeward.core.instruments import Instrument, Item, score
from leeward.core.quantities import Refusal
from leeward.usecases.imported import Answer, ImportedQuestionnaireResponse

FINISHED = ("completed", "amended")


def answer_columns(
    response: ImportedQuestionnaireResponse, instruments: Iterable[Instrument]
) -> dict[str, Any]:
    """Instrument, answers and result; answers to an unknown questionnaire are kept as given."""
    given = {_loinc(answer): answer for answer in response.answers}
    instrument = _recognise(set(given), instruments)
    if instrument is None:
        return {"instrument": response.instrument[:120], "answers": _as_given(response)}
    answers = {
        item.link_id: value
        for item in instrument.items
        if item.loinc and (value := _value(item, given.get(item.loinc))) is not None
    }
    return {
        "instrument": instrument.id,
        "version": instrument.version[:120],
        "answers": answers,
        **(_result(instrument, answers) if response.status in FINISHED else {}),
    }


def _recognise(asked: set[str], instruments: Iterable[Instrument]) -> Instrument | None:
    """The longest scale all of whose scored questions were answered, by their LOINC codes."""
    whole = [
        instrument
        for instrument in instruments
        if (codes := [item.loinc for item in instrument.items if item.scored])
        and all(code in asked for code in codes)
    ]
    return max(whole, key=lambda each: len(each.items), default=None)


def _loinc(answer: Answer) -> str:
    """The code in a link id such as ``/44250-9``."""
    return answer.link_id.strip("/").rpartition("/")[2]


def _value(item: Item, answer: Answer | None) -> int | None:
    codes = {coding.code for coding in answer.codings} if answer else set()
    return next((o.value for o in item.options if o.loinc_answer in codes), None)


def _result(instrument: Instrument, answers: Mapping[str, ScaleAnswer]) -> dict[str, Any]:
    result = score(instrument, answers)
    if isinstance(result, Refusal):
        return {}
    return {
        "total": None if result.total is None else str(result.total),
        "band": result.band.label[:80] if result.band else "",
        "flags": list(result.flags),
    }


def _as_given(response: ImportedQuestionnaireResponse) -> dict[str, Any]:
    return {
        answer.link_id: {
            "text": answer.text,
            "value": answer.value,
            "codings": [
                {"system": c.system, "code": c.code, "display": c.display} for c in answer.codings
            ],
        }
        for answer in response.answers
    }
