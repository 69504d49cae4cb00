"""Forms of the controlled-drug ledger: from what was typed to what a use case takes."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django import forms

from leeward.core.quantities import Refusal
from leeward.records.pharmacy.labels import normal_ndc, read_barcode, same_drug_code
from leeward.records.pharmacy.ledger import parts_of_ml
from leeward.usecases.keep_stock import MOST_CONTAINERS, Delivery

NOTHING = ("0", "0.0", "0.00")
COUNTED = "counted-"


class DeliveryForm(forms.Form):
    """The papers of a delivery; a scan fills what the label says."""

    store = forms.UUIDField(label="Into")
    product = forms.UUIDField()
    scan = forms.CharField(
        label="Scan the container",
        required=False,
        strip=False,
        help_text="Fills lot and expiry, and checks that it is the product chosen.",
    )
    lot = forms.CharField(max_length=40, required=False)
    expiry = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    containers = forms.IntegerField(label="Vials", min_value=1, max_value=MOST_CONTAINERS)
    supplier = forms.CharField(max_length=120)
    supplier_address = forms.CharField(label="Supplier's address", max_length=200)
    supplier_dea_number = forms.CharField(label="Supplier's DEA number", max_length=9)
    invoice = forms.CharField(label="Invoice number", max_length=60)
    received_on = forms.DateField(
        label="Received on", widget=forms.DateInput(attrs={"type": "date"})
    )

    def delivery(self, ndc: str) -> Delivery | Refusal:
        """The delivery of a product with this NDC, or what is missing or does not fit."""
        data = self.cleaned_data
        lot, expiry = data["lot"], data["expiry"]
        if data["scan"].strip():
            scanned = read_barcode(data["scan"])
            if isinstance(scanned, Refusal):
                return scanned
            if scanned.ndc and not same_drug_code(ndc, scanned.ndc):
                return Refusal(
                    "label.other_product",
                    "The scanned container is another product than the one chosen.",
                    field="scan",
                )
            lot, expiry = lot or scanned.lot, expiry or scanned.expiry
        if not lot or expiry is None:
            missing = "lot" if not lot else "expiry"
            return Refusal("delivery.incomplete", f"Scan the label or type the {missing}.",
                           field=missing)  # fmt: skip
        papers = ("supplier", "supplier_address", "supplier_dea_number", "invoice",
                  "received_on", "containers")  # fmt: skip
        return Delivery(lot=lot, expiry=expiry, **{name: data[name] for name in papers})


class ProductForm(forms.Form):
    presentation_id = forms.CharField()
    ndc = forms.CharField(label="NDC", max_length=13)
    labeler = forms.CharField(label="Manufacturer", max_length=120, required=False)
    container_ml = forms.CharField(label="Volume of one vial, mL", max_length=10)

    def clean_ndc(self) -> str:
        code = normal_ndc(self.cleaned_data["ndc"])
        if isinstance(code, Refusal):
            raise forms.ValidationError(code.because)
        return code


class PeriodForm(forms.Form):
    first = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))

    def period(self, today: date) -> tuple[date, date]:
        """The days asked for; by default this month."""
        if self.is_valid() and self.cleaned_data["first"] <= self.cleaned_data["last"]:
            return self.cleaned_data["first"], self.cleaned_data["last"]
        return today.replace(day=1), today


def counted_of(posted: Mapping[str, str]) -> dict[UUID, int] | Refusal:
    """What was counted, by container; an empty field is not counted, a zero is nothing there."""
    counted: dict[UUID, int] = {}
    for name, text in posted.items():
        if not name.startswith(COUNTED) or not text.strip():
            continue
        try:
            vial = UUID(name.removeprefix(COUNTED))
        except ValueError:
            return Refusal("count.unknown", "That is no container of this place.")
        parts = 0 if text.strip() in NOTHING else parts_of_ml(text)
        if isinstance(parts, Refusal):
            return Refusal(parts.code, parts.because, field=name)
        counted[vial] = parts
    return counted
