"""What was seen and done in a session, section by section of its note."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

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


def chart_part(record: Json) -> SafeString:
    if not record["series"] and not record["vitals"]:
        return section("Vital signs", paragraph("No vital sign was recorded.", "doc__none"))
    drawing = mark_safe(note_chart(record))  # noqa: S308 - figures escape every text they draw
    return section(
        "Vital signs",
        format_html('<figure class="doc__chart" tabindex="0">{}</figure>', drawing),
        paragraph(
            "Device readings where there are any, else what was typed. A break in a line is a gap "
            "in the data; nothing is drawn across it. S is MOAA/S, D dissociation.",
            "doc__small",
        ),
    )


def typed_part(record: Json, clock: Clock) -> SafeString:
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


def device_part(record: Json, clock: Clock) -> SafeString:
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


def effects_part(record: Json, clock: Clock) -> SafeString:
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


def alarms_part(record: Json, clock: Clock) -> SafeString:
    return section("Alarms", table(
        ("Raised", "Priority", "Condition", "Value", "Limit", "Response", "Over"),
        (
            (clock.seconds(a["at"]), a["priority"], words(a["condition"]),
             _alarm_figure(a, "value"), _alarm_figure(a, "limit"),
             _response(a, clock),
             clock.seconds(a["ended_at"]) or "not over")
            for a in record["alarms"]
        ),
        none="No alarm was raised.", wide=True,
    ))  # fmt: skip


def _response(alarm: Json, clock: Clock) -> str:
    """Who answered and when, and how far the alarm had gone until then."""
    answered = alarm["acknowledged"]
    told = (
        f"acknowledged {clock.seconds(answered['at'])}, {answered['by']}" if answered else "nobody"
    )
    if alarm.get("audio_paused_until"):
        told += f"; sound paused until {clock.seconds(alarm['audio_paused_until'])}"
    return told + (
        f"; escalated, step {alarm['escalated_step']}" if alarm["escalated_step"] else ""
    )


def _alarm_figure(alarm: Json, name: str) -> str:
    """A value or a limit; a symptom is there or not, and has neither."""
    if alarm[name] is None or alarm["unit"] == "{effect}":
        return "–"
    return figure(alarm[name], alarm["unit"])


def preparation_part(record: Json, clock: Clock) -> SafeString:
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
    read = (("dose_mg", "mg"), ("volume_ml", "mL"), ("concentration_mg_per_ml", "mg/mL"),
            ("rate_ml_per_h", "mL/h"), ("duration_min", "min"))  # fmt: skip
    figures = [figure(entry[name], unit) for name, unit in read if entry.get(name) is not None]
    if entry.get("devices"):
        figures.append(f"{entry['devices']} devices")
    return f"{', '.join(figures)}{agrees}; {entry['by']}, {clock.time(entry['at'])}"


def overrides_part(record: Json, clock: Clock) -> SafeString:
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


def recovery_part(record: Json, clock: Clock) -> SafeString:
    recovery, home = record["recovery"], record["discharge"]
    scores = table(
        ("Time", "Score", "Items", "Total", "Ready from", "By"),
        (
            (clock.time(s["at"]), f"{s['title']}",
             ", ".join(_item_words(i) for i in s["items"]), str(s["total"]),
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
    shortest = f"{figure(recovery['min_observation_min'], 'min')} after the dose ended"
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


def _item_words(item: Json) -> str:
    """An item of a score without the name of the score, and its points."""
    return f"{words(item['item'].partition('-')[2])} {item['score']}"
