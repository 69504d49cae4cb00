"""Clinic limits: missing, not approved, and only ever tightened."""

from dataclasses import replace
from decimal import Decimal

import pytest

from leeward.core.protocols import (
    Constraint,
    Effect,
    LimitParameter,
    LimitValue,
    Side,
    highest_dose,
    refuse_unset,
)
from leeward.core.protocols.ceilings import MAX_MG, MAX_MG_PER_KG
from leeward.core.quantities import UnitMismatch

from .plans import LIMITS, plan

PER_KG = LimitParameter(MAX_MG_PER_KG, "Highest dose", "mg/kg", Side.AT_MOST, "plan", Effect.BLOCK)
HOLD = LimitParameter(
    "pre_hold.sbp", "Systolic pressure that holds the start", "mm[Hg]", Side.AT_MOST, "start",
    Effect.HOLD, drug="racemic_ketamine", route="iv",
)  # fmt: skip
OPTIONAL = replace(HOLD, id="optional", required=False)
ELSEWHERE = replace(HOLD, id="esketamine.only", drug="esketamine", route="nasal")
IV = {"drug": "racemic_ketamine", "route": "iv"}


def test_missing_limits_are_named():
    refusal = refuse_unset(LIMITS, (PER_KG, HOLD, OPTIONAL, ELSEWHERE), **IV)
    assert refusal.code == "limits.missing"
    assert "Systolic pressure that holds the start (pre_hold.sbp)" in refusal.because
    assert "Highest dose" not in refusal.because
    assert "esketamine.only" not in refusal.because
    assert refuse_unset(None, (PER_KG,), **IV).code == "limits.missing"


def test_limits_count_once_they_are_approved():
    draft = replace(LIMITS, approved_by=None, approved_on=None)
    assert refuse_unset(draft, (PER_KG,), **IV).code == "limits.not_approved"
    assert refuse_unset(LIMITS, (PER_KG, OPTIONAL), **IV) is None


def test_the_lowest_limit_wins_and_says_why():
    light, heavy = plan(weight_kg="50"), plan(weight_kg="100")
    assert highest_dose(light, LIMITS).value == Decimal("60")
    assert highest_dose(light, LIMITS).binding.source == MAX_MG_PER_KG
    assert highest_dose(heavy, LIMITS).value == Decimal("90")
    assert highest_dose(heavy, LIMITS).binding.source == MAX_MG
    assert highest_dose(light, replace(LIMITS, values=())) is None
    only_total = replace(LIMITS, values=(LimitValue(MAX_MG, Decimal("5"), "mg"),))
    assert highest_dose(light, only_total).value == Decimal("5")


def test_an_override_may_only_tighten():
    most = Constraint.begin(Side.AT_MOST, Decimal("90"), "mg", "clinic", "dose.max")
    refusal = most.override(Decimal("91"), "mg", "heavy patient")
    assert refusal.code == "limit.would_widen"
    assert "91 mg would widen" in refusal.because
    tighter = most.override(Decimal("60"), "mg", "first session")
    assert tighter.value == Decimal("60")
    assert [r.because for r in tighter.reasons] == ["clinic", "first session"]
    least = Constraint.begin(Side.AT_LEAST, Decimal("40"), "min", "clinic")
    assert least.override(Decimal("20"), "min", "busy").code == "limit.would_widen"
    assert least.override(Decimal("60"), "min", "frail").value == Decimal("60")


def test_a_limit_in_another_unit_is_a_defect():
    most = Constraint.begin(Side.AT_MOST, Decimal("90"), "mg", "clinic")
    with pytest.raises(UnitMismatch):
        most.narrowed(Decimal("1"), "mg/kg", "protocol")


def test_a_parameter_knows_which_way_is_tighter():
    assert PER_KG.tightens(Decimal("1"), Decimal("0.8"))
    assert not PER_KG.tightens(Decimal("1"), Decimal("1.1"))
    least = replace(PER_KG, side=Side.AT_LEAST)
    assert least.tightens(Decimal("60"), Decimal("90"))
    assert not least.tightens(Decimal("60"), Decimal("50"))
