"""Where the drug went in a session, and what was done beside it, as its record writes it."""

from typing import Any

from leeward.core.treatment import SessionState
from leeward.core.treatment.entries import Said
from leeward.usecases.record_people import amount, moment

Json = dict[str, Any]


def said(entry: Said) -> Json:
    """Where an entry stands in the log, when it was, and who said so."""
    return {"seq": entry.seq, "at": moment(entry.at), "recorded_at": moment(entry.recorded_at),
            "by": entry.by.name}  # fmt: skip


def infusion_section(state: SessionState) -> Json:
    """The pump: every rate, and what was given in all."""
    return {
        "rates": [
            {"from": moment(s.from_at), "to": moment(s.to_at), "syringe": s.syringe_id,
             "rate_ml_per_h": amount(s.rate_ml_per_h), "rate_mg_per_h": amount(s.rate_mg_per_h)}
            for s in state.pump_log
        ],
        "started_by": state.started.by.name if state.started else None,
        "stopped_by": state.stopped.by.name if state.stopped else None,
        "stop_reason": state.stop_reason,
        "deviation": state.deviation,
        "given_ml": amount(state.given_ml),
        "given_mg": amount(state.given_mg),
    }  # fmt: skip


def doses_section(state: SessionState) -> Json:
    """Syringes and devices with their accounts, boluses, injections, waste, and extensions."""
    end = state.log[-1].envelope.recorded_at
    accounts = {name: state.account_at(name, end) for name in state.syringes}
    return {
        "syringes": [
            {**said(s.said), "syringe": s.syringe_id, "lot": s.lot, "expiry": s.expiry.isoformat(),
             "stock_ml": amount(s.stock_ml), "drawn_ml": amount(s.drawn_ml),
             "concentration_mg_per_ml": amount(s.concentration_mg_per_ml),
             "given_ml": amount(accounts[s.syringe_id].given_ml),
             "wasted_ml": amount(accounts[s.syringe_id].wasted_ml),
             "left_ml": amount(accounts[s.syringe_id].left_ml), "ledger_entry": s.ledger_entry}
            for s in state.syringes.values()
        ],
        "boluses": [
            {**said(b.said), "syringe": b.syringe_id, "volume_ml": amount(b.volume_ml),
             "dose_mg": amount(b.dose_mg), "given_by": b.by, "reason": b.reason}
            for b in state.boluses
        ],
        "injections": [
            {**said(i.said), "syringe": i.syringe_id, "volume_ml": amount(i.volume_ml),
             "dose_mg": amount(i.dose_mg), "site": i.site}
            for i in state.injections
        ],
        "devices": [
            {**said(d.said), "package": d.package_id, "lot": d.lot, "expiry": d.expiry.isoformat(),
             "mg_per_device": amount(d.mg_per_device), "taken": d.taken, "given": d.given,
             "wasted": d.wasted, "left": d.left, "ledger_entry": d.ledger_entry}
            for d in state.devices.values()
        ],
        "device_uses": [
            {**said(u.said), "package": u.package_id, "number": u.number,
             "dose_mg": amount(u.dose_mg)}
            for u in state.device_uses
        ],
        "wastes": [
            {**said(w.said), "source": w.source_id, "volume_ml": amount(w.volume_ml),
             "dose_mg": amount(w.dose_mg), "devices": w.devices, "witness": w.witness_name,
             "reason": w.reason, "ledger_entry": w.ledger_entry}
            for w in state.wastes
        ],
        "flushes": [
            {**said(f.said), "fluid": f.fluid, "volume_ml": amount(f.volume_ml)}
            for f in state.flushes
        ],
        "extensions": [
            {**said(x.said), "reason": x.reason, "rate_ml_per_h": amount(x.rate_ml_per_h),
             "volume_ml": amount(x.volume_ml), "bolus_ml": amount(x.bolus_ml)}
            for x in state.extensions
        ],
    }  # fmt: skip


def care_section(state: SessionState) -> Json:
    """Rescue drugs, oxygen, comfort, calls, emergencies and hand-overs."""
    return {
        "rescues": [
            {**said(r.said), "drug": r.drug, "amount": amount(r.amount), "unit": r.unit,
             "route": r.route, "reason": r.reason, "ordered_by": r.ordered_by}
            for r in state.rescues
        ],
        "oxygen": [
            {**said(o.said), "flow_l_per_min": amount(o.flow_l_per_min), "device": o.device}
            for o in state.oxygen
        ],
        "comforts": [
            {**said(k.said), "kind": k.kind, "words": k.words} for k in state.comforts
        ],
        "calls": [
            {**said(k.said), "via": k.via, "words": k.words, "answer": k.answer,
             "answered": said(k.answered) if k.answered else None}
            for k in state.calls.values()
        ],
        "emergencies": [
            {**said(m.said), "words": m.words, "outcome": m.outcome,
             "ended": said(m.ended) if m.ended else None}
            for m in state.emergencies.values()
        ],
        "hand_overs": [
            {**said(h.said), "to": h.to_name, "words": h.words} for h in state.hand_overs
        ],
    }  # fmt: skip
