"""How amounts are written for people, and how what people type is read.

Written: a leading zero, no trailing zero, a comma at the thousands, a space before the unit, after
the ISMP list of error-prone abbreviations. Read: only what can be read in one way; anything else
comes back as a `Refusal` that says what to type. Both languages write numbers alike, as clinics
in the Americas do, so that one chart never holds two meanings of a comma.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .errors import UnitMismatch
from .refusal import Refusal

_SHOWN: Final = {
    "mm[Hg]": "mmHg",
    "Cel": "°C",
    "/min": "/min",
    "{beats}/min": "/min",
    "ug": "mcg",
    "ug/mL": "mcg/mL",
    "{score}": "",
    "1": "",
    "%": "%",
}
_NUMBER: Final = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{0,5}[1-9])?")
_PARTS: Final = re.compile(r"(?P<number>[^\s A-Za-zµμ%°\[{/]*)\s*(?P<unit>.*)")
_POUNDS: Final = {"lb", "lbs", "lb.", "pound", "pounds", "libra", "libras"}


def show(value: Decimal, unit: str = "") -> str:
    """An amount as it is displayed and printed.

    Parameters
    ----------
    value : Decimal
        The amount, finite [`unit`].
    unit : str
        UCUM unit; empty for a plain number.

    Returns
    -------
    str
        Such as ``"0.5 mg/kg"`` or ``"1,250 mL"``.

    Raises
    ------
    UnitMismatch
        If the amount is not a finite number.
    """
    if not value.is_finite():
        raise UnitMismatch(f"{value} is not an amount; show 'no value' in words instead")
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text == "-0":
        text = "0"
    shown = _SHOWN.get(unit, unit)
    return f"{text} {shown}" if shown else text


def read_number(text: str, *, field: str, lang: str = "en") -> Decimal | Refusal:
    """The number that was typed, if it can be read in one way only.

    Parameters
    ----------
    text : str
        What was typed; spaces around it don't matter.
    field : str
        Input that a refusal belongs beside.
    lang : str
        Language of a refusal, ``"en"`` or ``"es"``.

    Returns
    -------
    Decimal or Refusal
    """
    typed = text.strip()
    if _NUMBER.fullmatch(typed):
        return Decimal(typed)
    return _refuse(_number_fault(typed), field=field, lang=lang, typed=typed)


def read_amount(text: str, *, unit: str, field: str, lang: str = "en") -> Decimal | Refusal:
    """The amount that was typed, in the one unit that the field takes.

    Parameters
    ----------
    text : str
        A number, with or without its unit, such as ``"70"`` or ``"70 kg"``.
    unit : str
        UCUM unit of the field. A typed unit must be this one: nothing is converted.
    field : str
        Input that a refusal belongs beside.
    lang : str
        Language of a refusal, ``"en"`` or ``"es"``.

    Returns
    -------
    Decimal or Refusal
        The amount [`unit`].
    """
    parts = _PARTS.fullmatch(text.strip())
    typed_unit = parts["unit"].strip() if parts else ""
    number = parts["number"] if parts else text
    if typed_unit and typed_unit.lower() not in (unit.lower(), _SHOWN.get(unit, unit).lower()):
        code = "unit.pounds" if typed_unit.lower() in _POUNDS else "unit.not_this_one"
        return _refuse(code, field=field, lang=lang, typed=typed_unit, unit=unit)
    return read_number(number, field=field, lang=lang)


def _number_fault(typed: str) -> str:
    return next(
        (code for code, pattern in _FAULTS if pattern.fullmatch(typed)), "number.unreadable"
    )


def _refuse(code: str, *, field: str, lang: str, typed: str, unit: str = "") -> Refusal:
    lesson = _LESSONS[code]
    words = lesson.es if lang.startswith("es") else lesson.en
    return Refusal(code, words.format(typed=typed[:40], unit=_SHOWN.get(unit, unit)), field=field)


_FAULTS: Final = (
    ("number.empty", re.compile(r"")),
    ("number.naked_decimal", re.compile(r"[.,][0-9]+")),
    ("number.comma", re.compile(r"[0-9.]*,[0-9.,]*")),
    ("number.trailing_zero", re.compile(r"[0-9]+\.[0-9]*0|[0-9]+\.")),
    ("number.leading_zero", re.compile(r"0[0-9]+(?:\.[0-9]+)?")),
    ("number.sign", re.compile(r"[+\-−].*")),
    ("number.too_long", re.compile(r"[0-9]+(?:\.[0-9]+)?")),
)


@dataclass(frozen=True, slots=True)
class _Lesson:
    en: str
    es: str


_LESSONS: Final = {
    "number.empty": _Lesson(
        "Type a number. An empty field is no value, and never zero.",
        "Escriba un número. Un campo vacío no tiene valor, y nunca es cero.",
    ),
    "number.naked_decimal": _Lesson(
        "Write a zero before the point: 0.5, not .5. A point alone is easily overlooked, and the "
        "dose read ten times too large.",
        "Escriba un cero antes del punto: 0.5, no .5. Un punto solo se pasa por alto y la dosis "
        "se lee diez veces mayor.",
    ),
    "number.comma": _Lesson(
        "“{typed}” can be read in two ways. Write the decimal with a point (1.5) and thousands "
        "without a comma (1000).",
        "«{typed}» se puede leer de dos maneras. Escriba los decimales con punto (1.5) y los "
        "millares sin coma (1000).",
    ),
    "number.trailing_zero": _Lesson(
        "Leave out the zero at the end: 5, not 5.0. If the point is overlooked, 5.0 is read as "
        "50.",
        "Quite el cero final: 5, no 5.0. Si no se ve el punto, 5.0 se lee como 50.",
    ),
    "number.leading_zero": _Lesson(
        "Leave out the zero in front: 5, not 05.",
        "Quite el cero inicial: 5, no 05.",
    ),
    "number.sign": _Lesson(
        "Type the number without a sign; no amount here is negative.",
        "Escriba el número sin signo; aquí ninguna cantidad es negativa.",
    ),
    "number.too_long": _Lesson(
        "“{typed}” has more digits than any amount here. Check it and type it again.",
        "«{typed}» tiene más cifras que cualquier cantidad de aquí. Revíselo y escríbalo otra "
        "vez.",
    ),
    "number.unreadable": _Lesson(
        "“{typed}” is not a number that can be read. Use digits and, for decimals, one point.",
        "«{typed}» no es un número legible. Use cifras y, para los decimales, un solo punto.",
    ),
    "unit.pounds": _Lesson(
        "Weigh in kilograms. Pounds are not converted here: a weight in pounds taken for "
        "kilograms more than doubles the dose.",
        "Pese en kilogramos. Aquí no se convierten libras: un peso en libras tomado por "
        "kilogramos da más del doble de la dosis.",
    ),
    "unit.not_this_one": _Lesson(
        "This field is in {unit}, and “{typed}” was typed. Work the amount out in {unit} and type "
        "that; nothing is converted here.",
        "Este campo va en {unit} y se escribió «{typed}». Calcule la cantidad en {unit} y escriba "
        "esa; aquí no se convierte nada.",
    ),
}
