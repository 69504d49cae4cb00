"""Two people at one session, and a change of rules while it runs."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from leeward.core.quantities import Refusal
from leeward.core.treatment import commands as c
from leeward.records.treatments import folding, store
from leeward.usecases.open_session import open_session
from leeward.usecases.treat_session import carry_out, load_state
from tests.cast import approve_limits, chart_weight, cid
from tests.integration.test_one_patient_all_the_way import accept, booked, consent, order


def opened(cast):
    folding.forget()
    chart_weight(cast)
    for step in (accept, consent, order):
        assert not isinstance(step(cast), Refusal)
    return open_session(
        actor=cast.bea, now=cast.now, command_id=cid("open"), appointment_id=booked(cast).id
    )


@pytest.mark.hazard("H33")
def test_two_nurses_entering_at_once_overwrite_nothing(real_cast):
    session = opened(real_cast)
    rounds, nurses = 6, (real_cast.bea, real_cast.ben)
    line = Barrier(len(nurses))

    def enter(number):
        try:
            for turn in range(rounds):
                line.wait(timeout=60)
                result = carry_out(
                    actor=nurses[number], now=real_cast.now, session_id=session.id,
                    command_id=cid(f"vitals-{number}-{turn}"),
                    command=c.RecordVitals(hr_per_min=Decimal(60 + 10 * number + turn)),
                )  # fmt: skip
                assert not isinstance(result, Refusal), result
        finally:
            connection.close()

    with ThreadPoolExecutor(len(nurses)) as pool:
        list(pool.map(enter, range(len(nurses))))
    state = load_state(session.id)
    entered = sorted(int(v.values["hr_per_min"]) for v in state.vitals)
    assert entered == sorted(60 + 10 * n + t for n in range(len(nurses)) for t in range(rounds))
    assert {v.said.by.name for v in state.vitals} == {"Bea", "Ben"}
    log = store.load(session.id)
    assert [r.envelope.seq for r in log] == list(range(1, len(log) + 1))
    assert store.verify(session.id) is None


@pytest.mark.hazard("H36")
def test_a_running_session_keeps_the_rules_it_was_opened_with(cast):
    session = opened(cast)
    before = load_state(session.id)
    approve_limits(
        cast.eve, cast.location, cast.now, name="newer",
        changed={"recovery.min_observation_min": "120", "dose.max_mg_per_h": "60"},
    )  # fmt: skip
    after = carry_out(
        actor=cast.bea, now=cast.now, command_id=cid("vitals"), session_id=session.id,
        command=c.RecordVitals(hr_per_min=Decimal(70)),
    )  # fmt: skip
    assert after.monitoring == before.monitoring
    assert after.monitoring.min_observation_min == Decimal(60)
    assert (after.limits_digest, after.content_digest) == (
        before.limits_digest, before.content_digest
    )  # fmt: skip
