"""A scale and its answers survive the way to FHIR and back."""

import json
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from leeward.core.instruments import DECLINED
from leeward.exchange.fhir.questionnaires import questionnaire_response, read_response
from tests.content.instruments.library import shipped

WITH_ITEMS = sorted(name for name, each in shipped().items() if each.items)


@st.composite
def administered(draw):
    instrument = shipped()[draw(st.sampled_from(WITH_ITEMS))]
    form = draw(st.sampled_from([*instrument.forms, None]))
    answers = {}
    for item in instrument.items:
        values = st.sampled_from([option.value for option in item.options] or [DECLINED])
        if item.reading is not None:
            reading = item.reading
            values = st.decimals(reading.minimum, reading.maximum, places=reading.decimals)
        answer = draw(st.one_of(values, st.none(), st.just(DECLINED)))
        if answer is not None:
            answers[item.link_id] = answer
    return instrument, form, answers


@given(administered())
def test_answers_come_back_as_they_went(case):
    instrument, form, answers = case
    resource = questionnaire_response(
        instrument,
        form,
        answers,
        subject="Patient/1",
        authored=datetime(2026, 3, 2, tzinfo=UTC),
    )
    sent = json.loads(json.dumps(resource, default=str), parse_float=Decimal)
    for item in sent.get("item", []):
        for answer in item.get("answer", []):
            if "valueDecimal" in answer:
                answer["valueDecimal"] = Decimal(answer["valueDecimal"])
    read = read_response(sent, shipped().values())
    assert (read.instrument, dict(read.answers), read.left) == (instrument.id, answers, ())
