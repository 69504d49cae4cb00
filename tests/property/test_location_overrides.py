"""A location may tighten a clinic's limit and never widen it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.content.overrides import tighten
from leeward.core.protocols.limits import Effect, LimitParameter, Side


def parameter(name: str, side: Side) -> LimitParameter:
    return LimitParameter(name, name, "mg", side, "plan", Effect.BLOCK)


PARAMETERS = {
    name: parameter(name, side)
    for name, side in (
        ("dose.most", Side.AT_MOST),
        ("rate.most", Side.AT_MOST),
        ("spo2.least", Side.AT_LEAST),
        ("wait.least", Side.AT_LEAST),
    )
}
numbers = st.decimals("-10", "1000", allow_nan=False, allow_infinity=False, places=2)
positive = st.decimals("0.01", "1000", allow_nan=False, allow_infinity=False, places=2)
names = st.sampled_from(sorted(PARAMETERS))
probes = st.decimals("0", "1000", allow_nan=False, allow_infinity=False, places=2)


def allowed(name: str, limit: Decimal, value: Decimal) -> bool:
    return value <= limit if PARAMETERS[name].side is Side.AT_MOST else value >= limit


@given(
    clinic=st.dictionaries(names, positive), location=st.dictionaries(names, numbers), probe=probes
)
def test_nothing_the_clinic_forbids_is_ever_allowed_at_a_location(
    clinic: dict[str, Decimal], location: dict[str, Decimal], probe: Decimal
) -> None:
    in_force = tighten(clinic, location, PARAMETERS)
    if isinstance(in_force, tuple):
        assert in_force
        return
    assert in_force.keys() == clinic.keys()
    for name, limit in in_force.items():
        assert not allowed(name, limit, probe) or allowed(name, clinic[name], probe)


@given(
    clinic=st.dictionaries(names, positive, min_size=1), factor=st.integers(1, 5), data=st.data()
)
def test_a_tighter_value_always_passes_and_its_opposite_never_does(
    clinic: dict[str, Decimal], factor: int, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(clinic)))
    most = PARAMETERS[name].side is Side.AT_MOST
    tighter = clinic[name] / factor if most else clinic[name] * factor
    wider = clinic[name] * (factor + 1) if most else clinic[name] / (factor + 1)
    assert tighten(clinic, {name: tighter}, PARAMETERS) == {**clinic, name: tighter}
    refused = tighten(clinic, {name: wider}, PARAMETERS)
    assert isinstance(refused, tuple)
    assert [refusal.code for refusal in refused] == ["override.would_widen"]


@given(clinic=st.dictionaries(names, positive))
def test_no_override_changes_nothing(clinic: dict[str, Decimal]) -> None:
    assert tighten(clinic, {}, PARAMETERS) == clinic


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("dose.mots", "1", "override.unknown"),
        ("dose.most", "0", "override.not_a_number"),
        ("dose.most", "-1", "override.not_a_number"),
        ("dose.most", "NaN", "override.not_a_number"),
        ("rate.most", "1", "override.not_set"),
    ],
)
def test_says_why_an_override_is_refused(name: str, value: str, code: str) -> None:
    refused = tighten({"dose.most": Decimal(5)}, {name: Decimal(value)}, PARAMETERS)
    assert isinstance(refused, tuple)
    assert [refusal.code for refusal in refused] == [code]
