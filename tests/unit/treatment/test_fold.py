"""A log, folded afresh or step by step."""

from dataclasses import replace

import pytest

from leeward.core.treatment import BrokenLog, evolve, fold
from leeward.core.treatment import commands as c

from .walk import OPEN, departed, infusing


@pytest.mark.hazard("H14")
def test_an_event_delivered_twice_changes_nothing():
    walk = departed()
    state = None
    for recorded in walk.log:
        state = evolve(evolve(state, recorded), recorded)
    assert state == walk.state


def test_a_log_with_a_hole_is_a_defect():
    log = infusing().log
    with pytest.raises(BrokenLog):
        fold([*log[:3], *log[4:]])
    with pytest.raises(BrokenLog):
        fold(log[1:])
    with pytest.raises(BrokenLog):
        fold([])
    again = replace(log[0], envelope=replace(log[0].envelope, seq=len(log) + 1))
    with pytest.raises(BrokenLog):
        fold([*log, again])


def test_a_state_knows_which_commands_it_has_taken():
    walk = infusing()
    assert walk.log[0].envelope.command_id in walk.state.command_ids
    assert "another" not in walk.state.command_ids
    assert walk.refused(OPEN).code == "session.already_open"


def test_a_withdrawal_in_between_does_not_disturb_what_comes_after():
    walk = infusing()
    walk.do(c.StartEffect("nausea", "mild"), at=11)
    seq = walk.state.seq
    walk.do(c.Observe("moaas", 5), at=12)
    walk.do(c.WithdrawEntry(seq, "wrong button"), at=13)
    walk.do(c.Observe("moaas", 4), at=14)
    assert [o.value for o in walk.state.observations] == [5, 4]
    assert walk.state.effects == ()
    assert fold(walk.log) == walk.state
