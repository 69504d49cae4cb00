"""Weights to dose by, side by side."""

from decimal import Decimal

import pytest

from leeward import content
from leeward.content.kinds.weight_basis import formula_of
from leeward.core.protocols import BASES, doses_by_basis, dosing_weights

FORMULA = formula_of(content.load().weight_bases)


def weights(**changes):
    known = {
        "measured_kg": Decimal("110"), "height_cm": Decimal("175"), "sex": "male", "cap_kg": None,
    }  # fmt: skip
    found = dosing_weights(**(known | changes), formula=FORMULA)
    assert tuple(w.basis for w in found) == BASES
    return {w.basis: w for w in found}


def test_every_basis_gives_its_weight():
    # 175 cm is 68.8976 in: 50 + 2.3 * 8.8976 = 70.46; and 70.46 + 0.4 * (110 - 70.46) = 86.28
    found = weights(cap_kg=Decimal("100"))
    assert {basis: w.weight_kg for basis, w in found.items()} == {
        "actual": Decimal("110"), "ideal": Decimal("70.5"), "adjusted": Decimal("86.3"),
        "capped": Decimal("100"),
    }  # fmt: skip


def test_a_woman_has_her_own_base():
    assert weights(sex="female")["ideal"].weight_kg == Decimal("66.0")


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"height_cm": None}, "not on record"),
        ({"sex": "other"}, "male and female only"),
        ({"height_cm": Decimal("152.3")}, "begins at 60 in"),
    ],
)
def test_what_can_not_be_known_is_not_guessed(changes, because):
    found = weights(**changes)
    for basis in ("ideal", "adjusted"):
        assert found[basis].weight_kg is None
        assert because in found[basis].because


def test_at_sixty_inches_the_formula_begins():
    assert weights(height_cm=Decimal("152.4"))["ideal"].weight_kg == Decimal("50.0")


def test_a_light_person_is_dosed_as_measured():
    found = weights(measured_kg=Decimal("60"), cap_kg=Decimal("100"))
    assert found["adjusted"].weight_kg == found["capped"].weight_kg == Decimal("60")


def test_without_a_cap_of_the_clinic_no_capped_weight_is_offered():
    assert weights()["capped"].weight_kg is None


def test_every_basis_is_shown_in_milligrams():
    found = tuple(weights().values())
    doses = doses_by_basis(found, dose_mg_per_kg=Decimal("0.5"))
    assert [d.dose_mg for d in doses] == [
        Decimal("55.0"), Decimal("35.25"), Decimal("43.15"), None,
    ]  # fmt: skip
