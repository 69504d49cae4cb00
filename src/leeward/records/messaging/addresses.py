"""Addresses in the one form in which they are compared."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

FEWEST_DIGITS, MOST_DIGITS = 7, 15


def plain_email(text: str) -> str | None:
    """An e-mail address in lower case; None if it is none, empty if nothing was written."""
    text = text.strip().lower()
    if not text:
        return ""
    try:
        validate_email(text)
    except ValidationError:
        return None
    return text


def plain_phone(text: str) -> str | None:
    """A telephone number as digits with its plus; None if it is none, empty if nothing."""
    text = text.strip()
    if not text:
        return ""
    if not re.fullmatch(r"\+?[\d\s().\-/]+", text):
        return None
    digits = re.sub(r"\D", "", text)
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        return None
    return f"+{digits}" if text.startswith("+") else digits


def same_phone(one: str, other: str) -> bool:
    """Whether two numbers may be one, written with and without their country."""
    a, b = one.lstrip("+"), other.lstrip("+")
    return bool(a and b) and (a.endswith(b) or b.endswith(a))
