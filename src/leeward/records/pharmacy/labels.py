"""What is printed on a container: the drug code (NDC) and the GS1 code around it."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from leeward.core.quantities import Refusal

# FNC1 arrives from a scanner as this character; people see the brackets that print beside it.
SEPARATOR = "\x1d"
FIXED = {"01": 14, "17": 6, "11": 6}
OPEN = ("10", "21")
LONGEST = 90


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan says; what it does not say is empty."""

    ndc: str = ""
    lot: str = ""
    expiry: date | None = None
    serial: str = ""


def read_barcode(text: str) -> Scanned | Refusal:
    """Read a GS1 element string (DataMatrix or linear) of a container.

    Drug code, expiry, lot and serial number are taken; other elements are passed over if their
    length is known and refused if not, since what follows could not be trusted.
    """
    parts = _elements(text.strip().removeprefix("]d2").removeprefix("]C1"))
    if isinstance(parts, Refusal):
        return parts
    expiry = _expiry(parts["17"]) if "17" in parts else None
    if isinstance(expiry, Refusal):
        return expiry
    ndc = _ndc_of_gtin(parts["01"]) if "01" in parts else ""
    if isinstance(ndc, Refusal):
        return ndc
    return Scanned(ndc, parts.get("10", ""), expiry, parts.get("21", ""))


def normal_ndc(text: str) -> str | Refusal:
    """An NDC in its 11-digit form, from 4-4-2, 5-3-2 or 5-4-1 with hyphens, or 11 digits."""
    groups = text.strip().split("-")
    if len(groups) == 3 and all(g.isdigit() for g in groups):
        lengths = tuple(map(len, groups))
        if lengths in ((4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2)):
            return "".join(g.zfill(n) for g, n in zip(groups, (5, 4, 2), strict=True))
    if len(groups) == 1 and re.fullmatch(r"\d{11}", groups[0]):
        return groups[0]
    return Refusal(
        "label.ndc", "Write the NDC with its hyphens, such as 12345-678-90, or as 11 digits.",
        field="ndc",
    )  # fmt: skip


def same_drug_code(ndc11: str, ndc10: str) -> bool:
    """Whether the ten digits of a scan are those of this NDC; where its zero went is unknown."""
    return ndc10 in {ndc11[1:], ndc11[:5] + ndc11[6:], ndc11[:9] + ndc11[10:]} and len(ndc10) == 10


def is_dea_number(text: str) -> bool:
    """Whether the check digit of a DEA registration number holds."""
    match = re.fullmatch(r"[A-Z][A-Z9](\d{7})", text)
    if match is None:
        return False
    d = [int(c) for c in match[1]]
    return (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6]


def _elements(text: str) -> dict[str, str] | Refusal:
    bare = re.sub(r"\((\d{2})\)", rf"{SEPARATOR}\1", text).removeprefix(SEPARATOR)
    if not bare or len(bare) > LONGEST:
        return _unreadable()
    found: dict[str, str] = {}
    while bare:
        name, bare = bare[:2], bare[2:]
        if name in FIXED:
            value, bare = bare[: FIXED[name]], bare[FIXED[name] :].removeprefix(SEPARATOR)
            if len(value) != FIXED[name] or not value.isdigit():
                return _unreadable()
        elif name in OPEN:
            value, _, bare = bare.partition(SEPARATOR)
        else:
            return _unreadable()
        if not value or name in found:
            return _unreadable()
        found[name] = value
    return found


def _expiry(text: str) -> date | Refusal:
    """YYMMDD; a day of 00 is the last of its month."""
    year, month, day = 2000 + int(text[:2]), int(text[2:4]), int(text[4:])
    try:
        last = calendar.monthrange(year, month)[1]
        return date(year, month, day or last)
    except (ValueError, calendar.IllegalMonthError):
        return Refusal(
            "label.expiry", "The expiry in this code is no date. Type it.", "", "expiry"
        )


def _ndc_of_gtin(text: str) -> str | Refusal:
    weights = [3 if i % 2 == 0 else 1 for i in range(13)]
    total = sum(int(c) * w for c, w in zip(text, weights, strict=False))
    if (10 - total % 10) % 10 != int(text[13]):
        return Refusal("label.check_digit", "The code was misread. Scan it again.", field="scan")
    if text[1:3] != "03":
        return Refusal("label.not_a_drug_code", "This is not a code of a US drug.", field="scan")
    return text[3:13]


def _unreadable() -> Refusal:
    return Refusal(
        "label.unreadable", "This code can't be read as a drug label. Type the fields.",
        field="scan",
    )  # fmt: skip
