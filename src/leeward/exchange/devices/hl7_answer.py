"""The answer to an HL7 message: accepted (AA), not stored (AE) or refused (AR), and why."""

from datetime import datetime

from .hl7_text import Message, escape
from .hl7_time import write_time

ACCEPTED, NOT_STORED, REFUSED = "AA", "AE", "AR"
# MSH-16: when the sender wants an application's answer.
WANTED = {
    "": (ACCEPTED, NOT_STORED, REFUSED),
    "AL": (ACCEPTED, NOT_STORED, REFUSED),
    "ER": (NOT_STORED, REFUSED),
    "SU": (ACCEPTED,),
    "NE": (),
}


def is_wanted(message: Message, code: str) -> bool:
    return code in WANTED.get(message.header.text(16), WANTED["AL"])


def answer(
    message: Message | None,
    code: str,
    *,
    now: datetime,
    answer_id: str,
    because: str = "",
    error: str = "207",
    control_id: str = "",
) -> bytes:
    """An ACK for a message, or for something that could not be read as one (None).

    `error` is of HL7 table 0357.
    """
    head = message.header if message else None
    trigger = escape(head.component(9, 2)) if head else ""
    kind = f"ACK^{trigger}^ACK" if trigger else "ACK"
    sender = head.raw(3) if head and head.separators.in_order == tuple("|^~\\&") else ""
    lines = [
        f"MSH|^~\\&|Leeward||{sender}||{write_time(now)}||{kind}|{answer_id}"
        f"|{escape(head.component(11)) if head else 'P'}|2.6|||NE|NE||UNICODE UTF-8",
        f"MSA|{code}|{escape(message.control_id if message else control_id)}",
    ]
    if code != ACCEPTED:
        lines.append(f"ERR|||{error}^^HL70357|E||||{escape(because)[:250]}")
    return ("\r".join(lines) + "\r").encode()
