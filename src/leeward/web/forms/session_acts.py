"""From posted fields to the commands about the drug, and about what is done beside it."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from leeward.core.quantities import Refusal
from leeward.core.quantities.formatting import read_number
from leeward.core.treatment import Actor, Command
from leeward.core.treatment import commands as c
from leeward.records.pharmacy.ledger import ml, parts_of_ml

Posted = Mapping[str, str]


class Unreadable(ValueError):
    """A field that can't be read; carries the refusal that stands beside it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.because)
        self.refusal = refusal


def read(make: Callable[[Posted], Command]) -> Callable[[Posted], Command | Refusal]:
    """The same, with what can't be read as a refusal."""

    def reading(data: Posted) -> Command | Refusal:
        try:
            return make(data)
        except Unreadable as fault:
            return fault.refusal

    return reading


def number(data: Posted, name: str) -> Decimal:
    found = maybe(data, name)
    if found is None:
        raise Unreadable(Refusal("number.missing", "Enter a number.", field=name))
    return found


def maybe(data: Posted, name: str) -> Decimal | None:
    text = data.get(name, "").strip()
    found = read_number(text, field=name) if text else None
    if isinstance(found, Refusal):
        raise Unreadable(found)
    return found


def whole(data: Posted, name: str) -> int:
    text = data.get(name, "").strip()
    if not (text.isdecimal() and len(text) < 4):
        raise Unreadable(Refusal("number.whole", "Enter a whole number.", field=name))
    return int(text)


def day(data: Posted, name: str = "expiry") -> date | None:
    text = data.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        because = "Read the expiry from the label."
        raise Unreadable(Refusal("label.expiry", because, field=name)) from None


def _known_day(data: Posted) -> date:
    found = day(data)
    if found is None:
        because = "Read the expiry from the label."
        raise Unreadable(Refusal("label.expiry", because, field="expiry"))
    return found


def _text(data: Posted, name: str) -> str:
    return data.get(name, "").strip()


def _draw(data: Posted) -> Command:
    return c.DrawDrug(
        volume_ml=number(data, "volume_ml"),
        concentration_mg_per_ml=number(data, "concentration_mg_per_ml"),
        lot=_text(data, "lot"),
        expiry=_known_day(data),
        stock_ml=maybe(data, "stock_ml"),
    )


def _bolus(data: Posted) -> Command:
    return c.GiveBolus(
        volume_ml=number(data, "volume_ml"),
        reason=_text(data, "reason"),
        by=data.get("by", "pump"),
        syringe_id=_text(data, "syringe_id"),
    )


def _extend(data: Posted) -> Command:
    return c.ExtendOrder(
        reason=_text(data, "reason"),
        rate_ml_per_h=maybe(data, "rate_ml_per_h"),
        volume_ml=maybe(data, "volume_ml"),
        bolus_ml=maybe(data, "bolus_ml"),
    )


def _inject(data: Posted) -> Command:
    return c.GiveInjection(
        volume_ml=number(data, "volume_ml"),
        site=_text(data, "site"),
        syringe_id=_text(data, "syringe_id"),
        lot=_text(data, "lot"),
        expiry=day(data),
    )


def _device(data: Posted) -> Command:
    return c.GiveDevice(_text(data, "package_id"), _text(data, "lot"), day(data))


def _rescue(data: Posted) -> Command:
    return c.GiveRescue(
        drug=_text(data, "drug"),
        amount=number(data, "amount"),
        unit=_text(data, "unit"),
        route=_text(data, "route"),
        reason=_text(data, "reason"),
        ordered_by=_text(data, "ordered_by"),
    )


ACTIONS: dict[str, Callable[[Posted], Command | Refusal]] = {
    "draw": read(_draw),
    "bolus": read(_bolus),
    "extend": read(_extend),
    "syringe": read(
        lambda data: c.ChangeSyringe(_text(data, "to_syringe_id"), maybe(data, "left_ml"))
    ),
    "flush": read(lambda data: c.FlushLine(_text(data, "fluid"), number(data, "volume_ml"))),
    "inject": read(_inject),
    "take-devices": read(
        lambda data: c.TakeDevices(whole(data, "count"), _text(data, "lot"), _known_day(data))
    ),
    "device": read(_device),
    "end-dosing": read(lambda data: c.EndDosing(_text(data, "reason"))),
    "rescue": read(_rescue),
    "oxygen": read(
        lambda data: c.SetOxygen(number(data, "flow_l_per_min"), _text(data, "device"))
    ),
    "oxygen-off": read(lambda data: c.StopOxygen()),
    "comfort": read(lambda data: c.GiveComfort(_text(data, "kind"), _text(data, "words"))),
    # One id for the act and for what it begins, so that a retry begins nothing twice.
    "call": read(lambda data: c.CallForHelp(_text(data, "command_id"), "bell",
                                            _text(data, "words"))),
    "answer-call": read(lambda data: c.AnswerCall(_text(data, "call_id"), _text(data, "words"))),
    "emergency": read(
        lambda data: c.DeclareEmergency(_text(data, "command_id"), _text(data, "words"))
    ),
    "emergency-over": read(
        lambda data: c.EndEmergency(_text(data, "emergency_id"), _text(data, "outcome"))
    ),
}  # fmt: skip


def waste_of(data: Posted) -> Callable[[Actor], Command] | Refusal:
    """The waste that the fields describe, as soon as its witness is known."""
    try:
        if data.get("package_id"):
            count = whole(data, "count")
            return lambda witness: c.WasteDevices(
                _text(data, "package_id"), count, witness, _text(data, "reason")
            )
        volume_ml = number(data, "volume_ml")
    except Unreadable as fault:
        return fault.refusal
    return lambda witness: c.WasteDrug(
        _text(data, "syringe_id"), volume_ml, witness, _text(data, "reason")
    )


def vial_of(data: Posted) -> dict[str, object] | Refusal:
    """Which vial in which store, how much of it, and what the syringe holds then."""
    store_id, _, vial_id = data.get("vial", "").partition(":")
    try:
        chosen = {"store_id": UUID(store_id), "vial_id": UUID(vial_id)}
    except ValueError:
        return Refusal("ledger.vial", "Choose the vial.", field="vial")
    parts = parts_of_ml(data.get("stock_ml", ""))
    if isinstance(parts, Refusal):
        return Refusal(parts.code, parts.because, field="stock_ml")
    try:
        volume_ml = maybe(data, "volume_ml") or ml(parts)
    except Unreadable as fault:
        return fault.refusal
    return {**chosen, "stock_parts": parts, "volume_ml": volume_ml}
