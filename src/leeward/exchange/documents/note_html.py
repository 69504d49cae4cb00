"""The note of a session as HTML: read on the page, printed, and made into the PDF.

Everything comes from the canonical record; signatures and addenda are about it and stand beside.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from leeward.core.treatment.entries import Addendum, Signature

from .note_chart import note_chart
from .note_words import (
    Cell,
    Clock,
    facts,
    figure,
    paragraph,
    section,
    table,
    vital_heads,
    vital_words,
    words,
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NoteCopy:
    """A record with what was said about it since; `verified` by place of the signature."""

    record: Json
    digest: str
    signatures: Sequence[Signature] = ()
    verified: dict[int, bool] | None = None
    addenda: Sequence[Addendum] = ()


def note_body(copy: NoteCopy) -> SafeString:
    """The whole note; its styles are in `note.css`."""
    record, clock = copy.record, Clock(copy.record["session"]["timezone"])
    parts: Iterable[SafeString] = (
        _head(copy, clock),
        _identity(record, clock),
        _given(record, clock),
        _chart(record),
        _vitals(record, clock),
        _series(record, clock),
        _effects(record, clock),
        _alarms(record, clock),
        _preparation(record, clock),
        _overrides(record, clock),
        _recovery(record, clock),
        _events(record, clock),
        _signatures(copy, clock),
        _addenda(copy, clock),
        _provenance(copy, clock),
    )
    return format_html(
        '<article class="doc">{}</article>', format_html_join("", "{}", ((p,) for p in parts))
    )


def note_title(record: Json) -> str:
    patient, session = record["patient"], record["session"]
    clock = Clock(session["timezone"])
    number = f" {session['number']}" if session["number"] else ""
    name = ", ".join(part for part in (patient["family"], patient["given"]) if part)
    return f"{name}: session{number}, {clock.day(session['opened_at'])}"


def _head(copy: NoteCopy, clock: Clock) -> SafeString:
    session, drug = copy.record["session"], copy.record["drug"]
    number = f" {session['number']}" if session["number"] else ""
    state = "signed" if copy.signatures else "not signed"
    return format_html(
        '<header class="doc__head"><p class="doc__place">{} · {}{}</p>'
        '<h1>Session note{}, {}</h1><p class="doc__sub">{}, {}. {} Times are {}.</p></header>',
        session["organization"], session["location"],
        f" · {session['address']}" if session["address"] else "", number,
        clock.day(session["opened_at"]), drug["name"], drug["route"],
        f"Derived from the {state} record.", session["timezone"],
    )  # fmt: skip


def _identity(record: Json, clock: Clock) -> SafeString:
    patient, weight, session = record["patient"], record["weight"], record["session"]
    name = ", ".join(part for part in (patient["family"], patient["given"]) if part)
    identifiers = ", ".join(i.get("value", "") for i in patient["identifiers"][:4])
    consent = record["consent"]
    agreed = (
        f"{consent['title']}, version {consent['version']}, signed by {consent['signed_name']} on "
        f"{clock.both(consent['signed_at'])}"
        if consent
        else "none in force when the session was opened"
    )
    return facts(
        [
            ("Patient", format_html("<b>{}</b>", name)),
            ("Born", clock.day(patient["birth_date"])),
            ("Sex", patient["sex"]),
            ("Identifiers", identifiers or "none"),
            ("Weight", f"{figure(weight['weight_kg'], 'kg')}, measured "
                       f"{clock.day(weight['measured_on'])} ({words(weight['basis'])})"),
            ("Chair", session["chair"]),
            ("Consent", agreed),
        ]
    )  # fmt: skip


def _given(record: Json, clock: Clock) -> SafeString:
    order, drug, infusion = record["order"], record["drug"], record["infusion"]
    plan, session = order["plan"], record["session"]
    ordered = (
        f"{figure(plan['dose_mg_per_kg'], 'mg/kg')} × {figure(plan['weight_kg'], 'kg')} = "
        f"{figure(plan['dose_mg'], 'mg')} over {figure(plan['duration_min'], 'min')}: "
        f"{figure(plan['volume_ml'], 'mL')} at {figure(plan['rate_ml_per_h'], 'mL/h')}"
    )
    given = (
        f"{figure(infusion['given_mg'], 'mg')} in {figure(infusion['given_ml'], 'mL')}"
        if infusion["given_mg"] is not None
        else "nothing recorded as given"
    )
    lot = f"lot {drug['lot']}, expiry {clock.day(drug['expiry'])}" if drug["lot"] else "no lot"
    solution = figure(drug["concentration_mg_per_ml"], "mg/mL")
    solution += f", diluted with {drug['diluent']}" if drug["diluent"] else ""
    head = facts(
        [
            ("Ordered", f"{ordered}. {order['ordered_by']}, {clock.both(order['ordered_at'])}, "
                        f"order version {order['version']}"),
            ("Drug", f"{drug['name']}, {drug['vial']}, {lot}"),
            ("In the syringe", solution),
            ("Given", format_html("<b>{}</b>", given)),
            ("Infusion", _span(infusion, session, clock)),
        ]
    )  # fmt: skip
    rates = table(
        ("From", "To", "Rate", "Drug"),
        (
            (clock.seconds(s["from"]), clock.seconds(s["to"]) or "not ended",
             figure(s["rate_ml_per_h"], "mL/h"), figure(s["rate_mg_per_h"], "mg/h"))
            for s in infusion["rates"]
        ),
        none="The infusion was not started.",
    )  # fmt: skip
    return section("Dose", head, paragraph("Every rate, to the second:", "doc__lead"), rates)


def _span(infusion: Json, session: Json, clock: Clock) -> str:
    if not session["started_at"]:
        return "not started"
    begun = f"{clock.time(session['started_at'])}, started by {infusion['started_by']}"
    if not session["stopped_at"]:
        return f"from {begun}; not stopped"
    reason = words(infusion["stop_reason"])
    return (
        f"from {begun}; to {clock.time(session['stopped_at'])}, "
        f"stopped by {infusion['stopped_by']} ({reason})"
    )


def _chart(record: Json) -> SafeString:
    if not record["series"] and not record["vitals"]:
        return section("Vital signs", paragraph("No vital sign was recorded.", "doc__none"))
    drawing = mark_safe(note_chart(record))  # noqa: S308 - figures escape every text they draw
    return section(
        "Vital signs",
        format_html('<figure class="doc__chart">{}</figure>', drawing),
        paragraph(
            "Device readings where there are any, else what was typed. A break in a line is a gap "
            "in the data; nothing is drawn across it. S is MOAA/S, D dissociation.",
            "doc__small",
        ),
    )


def _vitals(record: Json, clock: Clock) -> SafeString:
    typed = table(
        ("Time", "When", *vital_heads(), "By"),
        (
            (clock.time(v["at"]), v["context"], *vital_words(v["values"]), v["by"])
            for v in record["vitals"]
        ),
        none="No vital sign was typed or confirmed.",
        wide=True,
    )
    seen = table(
        ("Time", "Scale", "Value", "By"),
        (
            (clock.time(o["at"]), _scale(o["scale"]), str(o["value"]), o["by"])
            for o in record["observations"]
        ),
        none="No observation was recorded.",
    )
    return section("Typed and confirmed", typed, seen)


def _scale(scale: str) -> str:
    return "MOAA/S" if scale == "moaas" else words(scale)


def _series(record: Json, clock: Clock) -> SafeString:
    bound = table(
        ("Device", "On", "Off", "Confirmed by"),
        (
            (
                d["label"],
                clock.time(d["at"]),
                clock.time(d["ended_at"]) or "not taken off",
                d["by"],
            )
            for d in record["devices"]
        ),
        none="No device was bound to this patient.",
    )
    readings = table(
        ("Channel", "From", "To", "Readings", "With a value", "Lowest to highest", "Gaps"),
        (_series_row(s, clock) for s in record["series"]),
        none="No device reported.",
        wide=True,
    )
    unwatched = table(
        ("From", "To", "Not watched because"),
        (
            (clock.seconds(g["from"]), clock.seconds(g["to"]), g["because"])
            for g in record["monitoring_gaps"]
        ),
        none="The alarm engine stated no gap of its own.",
    )
    return section("Device readings and gaps", bound, readings, unwatched)


def _series_row(series: Json, clock: Clock) -> Sequence[Cell]:
    values = [float(r[1]) for r in series["readings"] if r[1] is not None]
    span = f"{min(values):g} to {max(values):g}" if values else "no value"
    unit = series["unit"].replace("mm[Hg]", "mmHg").replace("Cel", "°C")
    gaps = "; ".join(
        f"{clock.seconds(g['from'])} to {clock.seconds(g['to'])} ({g['because']})"
        for g in series["gaps"]
    )
    nothing = "not stated for single readings" if series["intermittent"] else "none"
    return (
        f"{words(series['channel'])}, {unit}", clock.time(series["from"]),
        clock.time(series["to"]), str(len(series["readings"])), str(len(values)), span,
        gaps or nothing,
    )  # fmt: skip


def _effects(record: Json, clock: Clock) -> SafeString:
    return section("Effects", table(
        ("Effect", "Course", "Ended"),
        (
            (e["label"],
             "; ".join(f"{clock.time(g['at'])} {g['grade']} ({g['by']})" for g in e["grades"]),
             f"{clock.time(e['ended']['at'])} ({e['ended']['by']})" if e["ended"] else "not ended")
            for e in record["effects"]
        ),
        none="No effect was recorded.",
    ))  # fmt: skip


def _alarms(record: Json, clock: Clock) -> SafeString:
    return section("Alarms", table(
        ("Raised", "Priority", "Condition", "Value", "Limit", "Acknowledged", "Over"),
        (
            (clock.seconds(a["at"]), a["priority"], words(a["condition"]),
             figure(a["value"], a["unit"]) if a["value"] is not None else "–",
             figure(a["limit"], a["unit"]) if a["limit"] is not None else "–",
             f"{clock.seconds(a['acknowledged']['at'])}, {a['acknowledged']['by']}"
             if a["acknowledged"] else "nobody",
             clock.seconds(a["ended_at"]) or "not over")
            for a in record["alarms"]
        ),
        none="No alarm was raised.", wide=True,
    ))  # fmt: skip


def _preparation(record: Json, clock: Clock) -> SafeString:
    before = record["preparation"]
    identified = before["identified"]
    who = (
        f"{', '.join(words(i) for i in identified['identifiers'])}, {clock.time(identified['at'])}"
        f", {identified['by']}"
        if identified
        else "not recorded"
    )
    checks = table(
        ("Check", "Answer", "By", "Time"),
        (
            (c["label"], words(c["answer"]) + (f" ({c['note']})" if c["note"] else ""), c["by"],
             clock.time(c["at"]))
            for c in before["checks"]
        ),
        none="No check was answered.",
    )  # fmt: skip
    lines = [("Patient identified by", who)]
    lines += [
        (title, _time_out(before[key], clock))
        for title, key in (("Time-out, first", "time_out_first"),
                           ("Time-out, second", "time_out_second"))
    ]  # fmt: skip
    return section("Before the start", facts(lines), checks)


def _time_out(entry: Json | None, clock: Clock) -> str:
    if entry is None:
        return "not recorded"
    agrees = "" if entry.get("agrees", True) else "; the two differed"
    return (
        f"{figure(entry['dose_mg'], 'mg')}, {figure(entry['volume_ml'], 'mL')} of "
        f"{figure(entry['concentration_mg_per_ml'], 'mg/mL')} at "
        f"{figure(entry['rate_ml_per_h'], 'mL/h')} over {figure(entry['duration_min'], 'min')}"
        f"{agrees}; {entry['by']}, {clock.time(entry['at'])}"
    )


def _overrides(record: Json, clock: Clock) -> SafeString:
    rows: list[Sequence[Cell]] = [
        (o["gate"], words(o["item"]), o["reason"], o["by"], clock.time(o["at"]))
        for o in record["overrides"]
    ]
    rows += [("order", words(item), reason, record["order"]["ordered_by"], "")
             for item, reason in record["order"]["reasons"].items()]  # fmt: skip
    return section(
        "Overrides",
        table(("Gate", "Went on without", "Reason", "By", "Time"), rows, none="None."),
    )


def _recovery(record: Json, clock: Clock) -> SafeString:
    recovery, home = record["recovery"], record["discharge"]
    scores = table(
        ("Time", "Score", "Items", "Total", "Ready from", "By"),
        (
            (clock.time(s["at"]), f"{s['title']}",
             ", ".join(f"{words(i['item'])} {i['score']}" for i in s["items"]), str(s["total"]),
             str(s["ready_from"]), s["by"])
            for s in recovery["scores"]
        ),
        none="No recovery score was taken.",
    )  # fmt: skip
    criteria = table(
        ("Criterion", "Confirmed", "By"),
        ((c["label"] + (f" ({c['note']})" if c["note"] else ""), clock.time(c["at"]), c["by"])
         for c in recovery["criteria"]),
        none="No criterion was confirmed.",
    )  # fmt: skip
    shortest = f"{figure(recovery['min_observation_min'], 'min')} after the infusion ended"
    return section(
        "Recovery and discharge", scores, criteria,
        facts([("Shortest observation", shortest), *_home(home, clock)]),
    )  # fmt: skip


def _home(home: Json, clock: Clock) -> Iterator[tuple[str, Cell]]:
    escort, told = home["escort"], home["instructions"]
    yield "Escort", (
        f"{escort['name']}, {escort['relation']}, {escort['phone']}; here "
        f"{clock.time(escort['at'])}" if escort else "none recorded"
    )  # fmt: skip
    yield "Instructions", (
        f"version {told['version']} ({told['language']}), "
        f"{'said back' if told['teach_back'] else 'not said back'}; {told['by']}, "
        f"{clock.time(told['at'])}" if told else "not recorded"
    )  # fmt: skip
    yield "Discharged", (
        f"{clock.time(home['discharged']['at'])} to {home['to']}, by {home['discharged']['by']}"
        if home["discharged"] else "not discharged"
    )  # fmt: skip
    yield "Left", clock.time(home["departed"]["at"]) if home["departed"] else "not recorded"


def _events(record: Json, clock: Clock) -> SafeString:
    gone = {w["of_seq"]: w for w in record["withdrawn"]}
    taken_back = table(
        ("Entry", "Withdrawn", "Reason", "By"),
        ((str(seq), clock.time(w["at"]), w["reason"], w["by"]) for seq, w in sorted(gone.items())),
        none="No entry was withdrawn.",
    )
    late = [
        e for e in record["events"]
        if (clock.local(e["recorded_at"]) - clock.local(e["occurred_at"])).total_seconds() > 60
    ]  # fmt: skip
    entered_late = table(
        ("Entry", "Happened", "Written", "What"),
        (
            (str(e["seq"]), clock.seconds(e["occurred_at"]), clock.seconds(e["recorded_at"]),
             words(e["type"].split(".")[1]))
            for e in late
        ),
        none="No entry was written more than a minute late.",
    )  # fmt: skip
    count = len(record["events"])
    return section(
        "Log", paragraph(f"{count} numbered events are part of this record."), taken_back,
        entered_late,
    )  # fmt: skip


def _signatures(copy: NoteCopy, clock: Clock) -> SafeString:
    verified = copy.verified or {}
    return section("Signatures", table(
        ("Signed by", "When", "Meaning", "Key", "Signature", "Checked"),
        (
            (s.said.by.name, clock.both(s.said.at.isoformat()), s.meaning, s.key_id,
             format_html('<code class="doc__hex">{}</code>', s.signature),
             _checked(verified.get(s.said.seq)))
            for s in copy.signatures
        ),
        none="This note is not signed.", wide=True,
    ))  # fmt: skip


def _checked(holds: bool | None) -> str:
    return {True: "valid", False: "DOES NOT FIT", None: "not checked"}[holds]


def _addenda(copy: NoteCopy, clock: Clock) -> SafeString:
    if not copy.addenda:
        return mark_safe("")
    return section("Addenda, written after signing", table(
        ("When", "By", "Text"),
        ((clock.both(a.said.at.isoformat()), a.said.by.name, a.text) for a in copy.addenda),
        none="",
    ))  # fmt: skip


def _provenance(copy: NoteCopy, clock: Clock) -> SafeString:
    record = copy.record
    pairs = (
        ("Record, SHA-256", copy.digest),
        ("Log ends at event", f"{record['chain']['seq']}, {record['chain']['head']}"),
        ("Clinical content", record["digests"]["content"]),
        ("Clinic limits", record["digests"]["limits"]),
    )
    return section(
        "Where this comes from",
        facts((name, format_html('<code class="doc__hex">{}</code>', v)) for name, v in pairs),
        paragraph(
            "The signature covers the canonical record with this digest. This page is a copy "
            "derived from it; where the two differ, the record counts.",
            "doc__small",
        ),
    )
