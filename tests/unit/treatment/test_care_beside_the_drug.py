"""Rescue drugs, oxygen, comfort, calls, emergencies and hand-over."""

from decimal import Decimal

import pytest

from leeward.core.treatment import commands as c

from .walk import ADAMS, BEA, BEN, CORA, departed, infusing, opened, recovered, recovering

RESCUE = c.GiveRescue("ondansetron", Decimal("4"), "mg", "IV", "nausea", "Adams")


def test_a_rescue_drug_says_what_how_much_and_why():
    walk = infusing()
    walk.do(RESCUE, at=20)
    (given,) = walk.state.rescues
    assert (given.drug, given.amount, given.said.by.name) == ("ondansetron", Decimal("4"), "Bea")
    for field in ("drug", "unit", "route", "reason"):
        blank = c.GiveRescue(**{**_fields(RESCUE), field: " "})
        assert walk.refused(blank, at=21).field == field
    nothing = c.GiveRescue(**{**_fields(RESCUE), "amount": Decimal(0)})
    assert walk.refused(nothing, at=21).field == "amount"


def _fields(command):
    return {name: getattr(command, name) for name in command.__slots__}


def test_oxygen_is_set_changed_and_taken_off():
    walk = recovered()
    assert walk.refused(c.StopOxygen()).code == "oxygen.not_on"
    walk.do(c.SetOxygen(Decimal("2"), "cannula"), at=110)
    assert walk.refused(c.SetOxygen(Decimal("2"), "cannula"), at=111).code == "oxygen.unchanged"
    assert walk.refused(c.Discharge("home"), at=112).field == "oxygen"
    walk.do(c.SetOxygen(Decimal("4"), "mask"), at=111)
    walk.do(c.StopOxygen(), at=112)
    assert walk.state.oxygen_now is None
    walk.do(c.Discharge("home"), at=113)


@pytest.mark.hazard("H25")
def test_a_call_lasts_until_somebody_has_come():
    walk = recovered()
    walk.do(c.CallForHelp("k1", "phone", "I feel sick"), actor=_patient(walk), at=110)
    assert [k.words for k in walk.state.open_calls] == ["I feel sick"]
    assert walk.refused(c.Discharge("home"), at=111).field == "call.k1"
    walk.do(c.AnswerCall("k1", "gave a bowl"), at=111)
    assert walk.state.open_calls == ()
    assert walk.refused(c.AnswerCall("k1"), at=112).code == "call.not_open"


def test_a_patient_calls_in_their_own_session_and_does_nothing_else():
    walk = infusing()
    assert walk.refused(c.CallForHelp("k1", "phone"), actor=CORA).code == "call.other_patient"
    assert walk.refused(RESCUE, actor=_patient(walk)).code == "actor.not_staff"
    gone = departed()
    assert gone.refused(c.CallForHelp("k2", "phone"), actor=_patient(gone)).code == (
        "session.departed"
    )


def _patient(walk):
    from leeward.core.treatment import Actor

    return Actor(walk.state.patient_id, "Cora", kind="patient")


def test_an_emergency_is_stamped_once_and_ends_with_an_outcome():
    walk = infusing()
    walk.do(c.DeclareEmergency("m1", "not breathing"), at=20)
    assert walk.refused(c.DeclareEmergency("m2"), at=21).code == "emergency.open"
    assert walk.refused(c.EndEmergency("m1", " "), at=22).field == "outcome"
    walk.do(c.EndEmergency("m1", "breathing after jaw thrust"), at=22)
    assert walk.state.open_emergency is None
    assert walk.refused(c.DeclareEmergency("m1"), at=23).code == "emergency.known"


def test_an_open_emergency_holds_the_discharge():
    walk = recovered()
    walk.do(c.DeclareEmergency("m1"), at=110)
    assert walk.refused(c.Discharge("home"), at=111).field == "emergency"


def test_the_care_is_handed_to_another_named_person():
    walk = infusing()
    assert walk.state.in_charge == BEA
    assert walk.refused(c.HandOver(BEA), at=20).code == "hand_over.same"
    assert walk.refused(c.HandOver(CORA), at=20).code == "hand_over.nobody"
    walk.do(c.HandOver(BEN, "stable, BP due 10:10"), at=20)
    assert walk.state.in_charge == BEN
    walk.do(c.HandOver(ADAMS), at=30)
    assert walk.state.in_charge == ADAMS


def test_comfort_and_flush_are_kept_and_can_be_taken_back():
    walk = infusing()
    walk.do(c.GiveComfort("music", "piano"), at=12)
    seq = walk.state.seq
    walk.do(c.FlushLine("saline 0.9 %", Decimal("5")), at=13)
    walk.do(c.WithdrawEntry(seq, "wrong patient"), at=14)
    assert walk.state.comforts == ()
    assert [f.volume_ml for f in walk.state.flushes] == [Decimal("5")]
    unstarted = opened().refused(c.FlushLine("saline", Decimal("5")))
    assert unstarted.code == "dose.not_started"


def test_nothing_is_charted_for_a_patient_who_has_left():
    walk = departed()
    for command in (RESCUE, c.GiveComfort("music"), c.DeclareEmergency("m"), c.HandOver(ADAMS)):
        assert walk.refused(command, at=200).code == "session.departed"
    walk.do(c.GiveComfort("music"), at=100)
    assert recovering().state.comforts == ()
