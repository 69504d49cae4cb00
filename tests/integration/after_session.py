"""A session after its infusion, for any cast, by the use cases alone; and signed-in browsers."""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.test import Client

from leeward.core.treatment import commands as c
from leeward.core.treatment.events import ScoredItem
from leeward.records.accounts.actor import system_actor
from leeward.records.accounts.models import User
from leeward.usecases.open_session import end_visit
from leeward.usecases.record_samples import Observation, SecondOfSamples, record_samples
from leeward.usecases.treat_session import carry_out
from tests.cast import cid
from tests.integration.runtime.treating import bound, ok, opened, started, vitals

STOPPED_MIN = 50
READY_MIN = 115


class Walk:
    """One session; `do` carries out a command some minutes after the opening."""

    def __init__(self, cast):
        self.cast, self.session, self.count = cast, opened(cast), 0
        self.binding = bound(cast, self.session, period_s={"spo2": "30"})
        self.state = started(cast, self.session, at=self.at(1))

    def at(self, minutes):
        return self.cast.now + timedelta(minutes=minutes)

    def do(self, command, minutes, actor=None):
        self.count += 1
        return ok(carry_out(
            actor=actor or self.cast.bea, now=self.at(minutes), command_id=cid(f"w{self.count}"),
            session_id=self.session.id, command=command,
        ))  # fmt: skip

    def monitor(self, readings):
        """Device readings as {minute: saturation or None}."""
        batch = [
            SecondOfSamples(seq=number, at=self.at(minute), observations=(_saturation(value),))
            for number, (minute, value) in enumerate(sorted(readings.items()))
        ]
        gateway = system_actor("gateway", self.cast.organization.id)
        record_samples(
            actor=gateway, now=self.at(max(readings)), binding_id=self.binding.id,
            boot_id=uuid.UUID(int=5), batch=batch,
        )  # fmt: skip


def _saturation(value):
    return Observation("spo2", value, "%", "valid" if value else "sensor_off")


def in_recovery(cast):
    """Stopped at minute 50, with a rate change, an effect, an alarm and a gap on the way."""
    walk = Walk(cast)
    walk.monitor({1 + step / 2: "97" for step in range(20)} | {11: None, 20: "95", 20.5: "96"})
    walk.do(vitals(sbp_mmhg=Decimal(152)), 10)
    walk.do(c.StartEffect("dissociation", "mild"), 12)
    walk.do(c.ChangeRate(Decimal("4.2"), "nausea"), 15)
    walk.do(c.RaiseAlarm("a1", "sbp_high", "nibp_sys", "medium", Decimal(150), Decimal(152),
                         "mm[Hg]"), 16)  # fmt: skip
    walk.do(c.AcknowledgeAlarm("a1"), 17)
    walk.do(c.StopInfusion("completed"), STOPPED_MIN)
    walk.do(c.EndEffect("dissociation"), 70)
    return walk


def go_home(walk, minutes=READY_MIN):
    """Everything the gate asks for, then discharge and departure."""
    rule = walk.state.monitoring.scores[0]
    points = tuple(ScoredItem(item, 2) for item in rule.items)
    walk.do(c.ScoreRecovery(rule.instrument, rule.version, points), minutes)
    for criterion in walk.state.monitoring.criteria:
        walk.do(c.ConfirmCriterion(criterion.item), minutes)
    walk.do(c.RecordEscort("Peter Castle", "555 0101", "brother"), minutes)
    walk.do(c.GiveInstructions("en", "1", True), minutes)
    walk.do(c.Discharge("Peter Castle, brother"), minutes)
    ok(end_visit(
        actor=walk.cast.bea, now=walk.at(minutes + 5), command_id=cid("gone"),
        session_id=walk.session.id,
    ))  # fmt: skip
    return walk


def browser(actor, **cookies):
    """A signed-in browser with these cookies."""
    client = Client()
    client.force_login(User.objects.get(id=actor.id))
    client.cookies.load(cookies)
    return client
