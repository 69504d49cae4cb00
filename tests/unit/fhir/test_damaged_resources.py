"""Whatever is wrong inside a resource, reading it ends in a value or in a reason."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leeward.exchange.fhir.datatypes import Unresolved
from leeward.exchange.fhir.facts import to_facts
from leeward.usecases.imported import Skipped

from .resources import condition, observation, patient, quantity, read, request
from .test_read_allergy_intolerance import allergy
from .test_read_other_resources import ANSWERED, ENCOUNTER, PROCEDURE

WHOLE = [
    patient(identifier=[{"system": "s", "value": "1"}], telecom=[{"system": "phone"}]),
    condition(),
    request(dosageInstruction=[{"timing": {"repeat": {"frequency": 1, "period": 1}}}]),
    request(medicationCodeableConcept=None, medicationReference={"reference": "#x"}),
    observation("29463-7", quantity(70, "kg")),
    observation("85354-9", component=[{"code": {"text": "x"}, "valueQuantity": {"value": 1}}]),
    allergy(reaction=[{"manifestation": [{"text": "rash"}]}]),
    PROCEDURE,
    ENCOUNTER,
    ANSWERED,
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from([Decimal("1.5"), "2020-13", "9999-12-31T23:59:59-14:00", "#", "a/b", "\x00"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)


def places(value, path=()):
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return
    for key, inner in items:
        if key != "resourceType":
            yield (*path, key)
            yield from places(inner, (*path, key))


def with_change(value, path, new):
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = with_change(value[path[0]], path[1:], new)
    return copy


@pytest.mark.hazard("H39")
@settings(
    derandomize=True,
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.data())
def test_a_damaged_resource_is_read_or_left_and_never_breaks_the_import(data):
    whole = data.draw(st.sampled_from(WHOLE))
    path = data.draw(st.sampled_from(sorted(places(whole), key=str)))
    try:
        found = read(with_change(whole, path, data.draw(JSON)))
    except Unresolved:
        return
    if isinstance(found, Skipped):
        assert found.because
    else:
        to_facts([found])
