"""What was ordered and given, where the drug went, and what was done beside it, in the note."""

from collections.abc import Iterator
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from .note_words import Cell, Clock, facts, figure, paragraph, section, table, words

Json = dict[str, Any]


def given_part(record: Json, clock: Clock) -> SafeString:
    """The order, the drug, the dose and every rate."""
    order, drug, infusion = record["order"], record["drug"], record["infusion"]
    given = figure(infusion["given_mg"], "mg") if infusion["given_mg"] is not None else ""
    if infusion["given_ml"] is not None:
        given += f" in {figure(infusion['given_ml'], 'mL')}"
    lot = f"lot {drug['lot']}, expiry {clock.day(drug['expiry'])}" if drug["lot"] else "no lot"
    head = facts(
        [
            ("Ordered", f"{_ordered(order['plan'])}. {order['ordered_by']}, "
                        f"{clock.both(order['ordered_at'])}, order version {order['version']}"),
            ("Drug", ", ".join(part for part in (drug["name"], drug["vial"], lot) if part)),
            ("Prepared", _prepared(drug)),
            ("Given", format_html("<b>{}</b>", given or _not_ended(record))),
            ("From, to", _span(infusion, record["session"], clock)),
            *((("Deviation", format_html("<b>{}</b>", infusion["deviation"])),)
              if infusion["deviation"] else ()),
        ]
    )  # fmt: skip
    if not infusion["rates"] and (record["doses"]["injections"] or record["doses"]["devices"]):
        return section("Dose", head)
    rates = table(
        ("From", "To", "Syringe", "Rate", "Drug"),
        (
            (clock.seconds(s["from"]), clock.seconds(s["to"]) or "not ended", s["syringe"],
             figure(s["rate_ml_per_h"], "mL/h"), figure(s["rate_mg_per_h"], "mg/h"))
            for s in infusion["rates"]
        ),
        none="The infusion was not started.",
    )  # fmt: skip
    return section("Dose", head, paragraph("Every rate, to the second:", "doc__lead"), rates)


def _not_ended(record: Json) -> str:
    if not record["session"]["started_at"]:
        return "nothing recorded as given"
    return "the dose has not ended; so far as the account below says"


def _ordered(plan: Json) -> str:
    if "devices" in plan:
        each = figure(plan["mg_per_device"], "mg")
        return f"{figure(plan['dose_mg'], 'mg')} by {plan['devices']} devices of {each}"
    dose = (
        f"{figure(plan['dose_mg_per_kg'], 'mg/kg')} × {figure(plan['weight_kg'], 'kg')} = "
        f"{figure(plan['dose_mg'], 'mg')}"
    )
    if "rate_ml_per_h" not in plan:
        return f"{dose}: {figure(plan['volume_ml'], 'mL')} injected"
    return (
        f"{dose} over {figure(plan['duration_min'], 'min')}: "
        f"{figure(plan['volume_ml'], 'mL')} at {figure(plan['rate_ml_per_h'], 'mL/h')}"
    )


def _prepared(drug: Json) -> str:
    if drug["concentration_mg_per_ml"] is None:
        return f"{figure(drug['mg_per_device'], 'mg')} in each device"
    diluted = f", diluted with {drug['diluent']}" if drug["diluent"] else ""
    return figure(drug["concentration_mg_per_ml"], "mg/mL") + diluted


def _span(infusion: Json, session: Json, clock: Clock) -> str:
    if not session["started_at"]:
        return "not started"
    begun = f"{clock.time(session['started_at'])}, started by {infusion['started_by']}"
    if not session["stopped_at"]:
        return f"from {begun}; not ended"
    return (
        f"from {begun}; to {clock.time(session['stopped_at'])}, "
        f"ended by {infusion['stopped_by']} ({words(infusion['stop_reason'])})"
    )


def account_part(record: Json, clock: Clock) -> SafeString:
    """Drawn, given, wasted and left of every syringe and pack, and each act that moved drug."""
    doses = record["doses"]
    if not doses["syringes"] and not doses["devices"]:
        return mark_safe("")
    syringes = table(
        ("Syringe", "Prepared", "Lot, expiry", "Drawn", "Given", "Wasted", "Left"),
        (
            (s["syringe"], f"{clock.time(s['at'])}, {s['by']}",
             f"{s['lot']}, {clock.day(s['expiry'])}", figure(s["drawn_ml"], "mL"),
             figure(s["given_ml"], "mL"), figure(s["wasted_ml"], "mL"), figure(s["left_ml"], "mL"))
            for s in doses["syringes"]
        ),
        none="No syringe was prepared.", wide=True,
    )  # fmt: skip
    devices = table(
        ("Devices", "Taken", "Lot, expiry", "Each", "Used", "Wasted", "Left"),
        (
            (d["package"], f"{d['taken']}, {clock.time(d['at'])}, {d['by']}",
             f"{d['lot']}, {clock.day(d['expiry'])}", figure(d["mg_per_device"], "mg"),
             str(d["given"]), str(d["wasted"]), str(d["left"]))
            for d in doses["devices"]
        ),
        none="", wide=True,
    ) if doses["devices"] else mark_safe("")  # fmt: skip
    acts = sorted(_acts(doses), key=lambda act: act[0])
    moved = table(
        ("Entry", "Time", "What", "How much", "Why", "By"),
        ((str(seq), clock.seconds(at), *rest) for seq, at, *rest in acts),
        none="No bolus, injection, flush or waste was recorded.", wide=True,
    )  # fmt: skip
    return section("Where the drug went", syringes if doses["syringes"] else devices, moved)


def _acts(doses: Json) -> Iterator[tuple[Any, ...]]:
    for b in doses["boluses"]:
        much = f"{figure(b['dose_mg'], 'mg')}, {figure(b['volume_ml'], 'mL')}"
        yield b["seq"], b["at"], f"bolus by {b['given_by']}", much, b["reason"], b["by"]
    for i in doses["injections"]:
        much = f"{figure(i['dose_mg'], 'mg')}, {figure(i['volume_ml'], 'mL')}"
        yield i["seq"], i["at"], f"injection, {i['site']}", much, "", i["by"]
    for u in doses["device_uses"]:
        yield u["seq"], u["at"], f"device {u['number']}", figure(u["dose_mg"], "mg"), "", u["by"]
    for w in doses["wastes"]:
        much = figure(w["dose_mg"], "mg")
        much += f", {figure(w['volume_ml'], 'mL')}" if w["volume_ml"] else f", {w['devices']}"
        yield (w["seq"], w["at"], f"waste of {w['source']}, witness {w['witness']}", much,
               w["reason"], w["by"])  # fmt: skip
    for f in doses["flushes"]:
        much = figure(f["volume_ml"], "mL")
        yield f["seq"], f["at"], f"line flushed, {f['fluid']}", much, "", f["by"]
    for x in doses["extensions"]:
        allowed = ", ".join(
            figure(x[name], unit)
            for name, unit in (("rate_ml_per_h", "mL/h"), ("volume_ml", "mL"), ("bolus_ml", "mL"))
            if x[name] is not None
        )
        yield x["seq"], x["at"], "allowed beyond the order", allowed, x["reason"], x["by"]


def care_part(record: Json, clock: Clock) -> SafeString:
    """Rescue drugs, oxygen, comfort, calls, emergencies and hand-overs, in the order they came."""
    done = sorted(_care(record["care"], clock), key=lambda act: act[0])
    rows: Iterator[tuple[Cell, ...]] = (
        (str(seq), clock.seconds(at), what, how, by) for seq, at, what, how, by in done
    )
    return section(
        "Care, calls, emergencies, hand-overs",
        table(("Entry", "Time", "What", "How", "By"), rows, none="None was recorded."),
    )


def _care(care: Json, clock: Clock) -> Iterator[tuple[Any, ...]]:
    for r in care["rescues"]:
        ordered = f"; ordered by {r['ordered_by']}" if r["ordered_by"] else ""
        how = f"{figure(r['amount'])} {r['unit']} {r['route']}: {r['reason']}{ordered}"
        yield r["seq"], r["at"], r["drug"], how, r["by"]
    for o in care["oxygen"]:
        flow = o["flow_l_per_min"]
        how = "off" if flow is None else f"{figure(flow, 'L/min')} by {o['device']}"
        yield o["seq"], o["at"], "oxygen", how, o["by"]
    for k in care["comforts"]:
        yield k["seq"], k["at"], f"comfort, {words(k['kind'])}", k["words"], k["by"]
    for k in care["calls"]:
        came = k["answered"]
        how = f"“{k['words']}” " if k["words"] else ""
        how += (
            f"answered {clock.seconds(came['at'])} by {came['by']}: {k['answer']}"
            if came else "not answered"
        )  # fmt: skip
        yield k["seq"], k["at"], f"call of the patient ({k['via']})", how, k["by"]
    for m in care["emergencies"]:
        over = m["ended"]
        how = f"{m['words']}; " if m["words"] else ""
        how += f"over {clock.seconds(over['at'])}: {m['outcome']}" if over else "not over"
        yield m["seq"], m["at"], format_html("<b>EMERGENCY</b>"), how, m["by"]
    for h in care["hand_overs"]:
        yield h["seq"], h["at"], f"care handed over to {h['to']}", h["words"], h["by"]
