"""One line of what `leeward doctor` found."""

from dataclasses import dataclass

OK, ATTENTION, BROKEN = "ok", "attention", "broken"


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was looked at, how it stands, and what to do about it.

    `broken` prevents work; `attention` asks for something and prevents none of the rest.
    """

    name: str
    state: str
    said: str
    remedy: str = ""


def ok(name: str, said: str) -> Checkup:
    return Checkup(name, OK, said)


def attention(name: str, said: str, remedy: str) -> Checkup:
    return Checkup(name, ATTENTION, said, remedy)


def broken(name: str, said: str, remedy: str) -> Checkup:
    return Checkup(name, BROKEN, said, remedy)
