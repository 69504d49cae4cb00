"""The note of a session as HTML: read on the page, printed, and made into the PDF.

Everything comes from the canonical record; signatures and addenda are about it and stand beside.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from leeward.core.treatment.entries import Addendum, Signature

from .note_doses import account_part, care_part, given_part
from .note_parts import (
    alarms_part,
    chart_part,
    device_part,
    effects_part,
    overrides_part,
    preparation_part,
    recovery_part,
    typed_part,
)
from .note_words import (
    Clock,
    facts,
    figure,
    paragraph,
    section,
    table,
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
        given_part(record, clock),
        account_part(record, clock),
        chart_part(record),
        typed_part(record, clock),
        device_part(record, clock),
        effects_part(record, clock),
        care_part(record, clock),
        alarms_part(record, clock),
        preparation_part(record, clock),
        overrides_part(record, clock),
        recovery_part(record, clock),
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
    source = "the signed record" if copy.signatures else "a record that is not signed yet"
    return format_html(
        '<header class="doc__head"><p class="doc__place">{} · {}{}</p>'
        '<h1>Session note{}, {}</h1><p class="doc__sub">{}, {}. {} Times are {}.</p></header>',
        session["organization"], session["location"],
        f" · {session['address']}" if session["address"] else "", number,
        clock.day(session["opened_at"]), drug["name"], drug["route"],
        f"Derived from {source}.", session["timezone"],
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
                       f"{clock.day(weight['measured_on'])} ({words(weight['basis'])})"
                       if weight else "the dose does not depend on it"),
            ("Chair", session["chair"]),
            ("Consent", agreed),
        ]
    )  # fmt: skip


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
