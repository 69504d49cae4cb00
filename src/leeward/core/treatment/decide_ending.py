"""Decisions from recovery to the signed note."""

from leeward.core.quantities import Refusal

from . import commands as c
from . import events as e
from .context import Context, Decision, refuse_blank
from .gates import in_words, missing_for_discharge
from .state import RUNNING, SessionState, Stage


def score(state: SessionState, command: c.ScoreRecovery, context: Context) -> Decision:
    rule = next((r for r in state.monitoring.scores if r.instrument == command.instrument), None)
    if rule is None or rule.version != command.version:
        because = f"This session does not use {command.instrument} in version {command.version}."
        return Refusal("score.unknown", because, field="instrument")
    given = [item.item for item in command.items]
    if sorted(given) != sorted(rule.items):
        lacking = sorted(set(rule.items) - set(given))
        because = (
            f"Score every item. Missing: {', '.join(lacking)}."
            if lacking
            else "Score each item of this instrument once, and no other."
        )
        return Refusal("score.items", because, field=lacking[0] if lacking else "items")
    for item in command.items:
        if item.score < 0 or (rule.item_max is not None and item.score > rule.item_max):
            because = f"An item has 0 to {rule.item_max} points."
            return Refusal("score.out_of_range", because, field=item.item)
    total = sum(item.score for item in command.items)
    scored = e.RecoveryScored(command.instrument, command.version, command.items, total)
    return _refuse_outside_recovery(state, context) or (scored,)


def confirm(state: SessionState, command: c.ConfirmCriterion, context: Context) -> Decision:
    if command.item not in {criterion.item for criterion in state.monitoring.criteria}:
        because = f"“{command.item}” is not a discharge criterion of this session."
        return Refusal("criterion.unknown", because, field="item")
    confirmed = e.CriterionConfirmed(command.item, command.note)
    return _refuse_outside_recovery(state, context) or (confirmed,)


def record_escort(state: SessionState, command: c.RecordEscort, context: Context) -> Decision:
    return (
        _refuse_left(state)
        or refuse_blank(command.name, field="name", what="the escort's name")
        or refuse_blank(command.phone, field="phone", what="the escort's telephone number")
        or (e.EscortArrived(command.name, command.phone, command.relation),)
    )


def instruct(state: SessionState, command: c.GiveInstructions, context: Context) -> Decision:
    given = e.InstructionsGiven(command.language, command.version, command.teach_back)
    return (
        _refuse_left(state)
        or refuse_blank(command.language, field="language", what="in which language")
        or refuse_blank(command.version, field="version", what="which version")
        or (given,)
    )


def override(state: SessionState, command: c.OverrideDischarge, context: Context) -> Decision:
    if blank := refuse_blank(command.reason, field="reason", what="why the patient may leave"):
        return blank
    if outside := _refuse_outside_recovery(state, context):
        return outside
    for missing in missing_for_discharge(state, context.at):
        if missing.item == command.item:
            if missing.overridable:
                return (e.DischargeOverridden(command.item, command.reason),)
            because = f"This can't be overridden. {missing.because}"
            return Refusal("discharge.not_overridable", because, field="item")
    because = f"Nothing is missing under “{command.item}”, so there is nothing to override."
    return Refusal("discharge.not_missing", because, field="item")


def discharge(state: SessionState, command: c.Discharge, context: Context) -> Decision:
    if state.stage in RUNNING:
        because = "The dose has not ended. End it, then let the patient recover."
        return Refusal("discharge.infusion_running", because)
    if left := _refuse_left(state) or _refuse_discharged(state):
        return left
    if state.stopped is not None and context.at < state.stopped.at:
        because = "The patient can't have been discharged before the dose ended."
        return Refusal("discharge.out_of_order", because, field="occurred_at")
    missing = missing_for_discharge(state, context.at)
    if missing:
        return Refusal(
            "discharge.missing", f"Before discharge: {in_words(missing)}", field=missing[0].item
        )
    where = refuse_blank(command.to, field="to", what="where the patient goes")
    return where or (e.Discharged(command.to),)


def depart(state: SessionState, command: c.Depart, context: Context) -> Decision:
    if state.departed is not None:
        return Refusal("session.departed", "The patient has left already.")
    if state.discharged is None:
        because = "The patient has not been discharged. The session stays open until then."
        return Refusal("departure.not_discharged", because)
    if context.at < state.discharged.at:
        because = "The patient can't have left before the discharge."
        return Refusal("departure.out_of_order", because, field="occurred_at")
    unbound = tuple(e.DeviceUnbound(b.binding_id) for b in state.open_bindings)
    # Nothing is watched in an empty chair. What lasts ends here, so that no engine writes under
    # a note that somebody reads.
    over = tuple(e.AlarmEnded(a.alarm_id) for a in state.alarms.values() if a.present)
    return (*unbound, *over, e.Departed())


def sign(state: SessionState, command: c.SignNote, context: Context) -> Decision:
    if state.departed is None:
        because = "The patient has not left. The note is signed when the session is over."
        return Refusal("note.session_open", because)
    if any(s.said.by.id == context.actor.id for s in state.signatures):
        return Refusal("note.already_signed", "You have signed this note.")
    if any(s.digest != command.digest for s in state.signatures):
        because = "The note has changed since it was first signed. Read it again."
        return Refusal("note.changed", because, field="digest")
    for field in ("digest", "meaning", "key_id", "signature"):
        if blank := refuse_blank(getattr(command, field), field=field, what=f"the {field}"):
            return blank
    return (e.NoteSigned(command.digest, command.meaning, command.key_id, command.signature),)


def addendum(state: SessionState, command: c.WriteAddendum, context: Context) -> Decision:
    if not state.signatures:
        because = "The note is not signed yet. Chart this as an entry instead."
        return Refusal("addendum.not_signed", because)
    blank = refuse_blank(command.text, field="text", what="what is to be added")
    return blank or (e.AddendumWritten(command.text),)


def _refuse_outside_recovery(state: SessionState, context: Context) -> Refusal | None:
    if state.stage is Stage.RECOVERY:
        assert state.stopped is not None
        if context.at >= state.stopped.at:
            return None
        because = "That was before the dose ended. Look again now."
        return Refusal("recovery.too_early", because, field="occurred_at")
    return (
        _refuse_discharged(state)
        or _refuse_left(state)
        or Refusal("recovery.not_begun", "Recovery begins when the dose has ended.")
    )


def _refuse_discharged(state: SessionState) -> Refusal | None:
    if state.stage is Stage.DISCHARGED:
        return Refusal("session.discharged", "The patient has been discharged already.")
    return None


def _refuse_left(state: SessionState) -> Refusal | None:
    if state.departed is not None:
        return Refusal("session.departed", "The patient has left.")
    return None
