"""Turns the short notation of case files into facts."""

from decimal import Decimal
from typing import Any

from leeward.core.candidacy import Coding, Fact, FactKind, When
from leeward.core.candidacy.systems import ICD10CM, LOINC, RXNORM, SNOMED

SYSTEMS = {"icd10cm": ICD10CM, "snomed": SNOMED, "rxnorm": RXNORM, "loinc": LOINC}
KINDS = {
    "condition": FactKind.CONDITION,
    "medication": FactKind.MEDICATION,
    "allergy": FactKind.ALLERGY,
    "family": FactKind.FAMILY_HISTORY,
    "observation": FactKind.OBSERVATION,
    "procedure": FactKind.PROCEDURE,
}
AS_OF = "2026-01-15"


def facts_of(entries: list[dict[str, Any]]) -> list[Fact]:
    return [fact for index, entry in enumerate(entries) for fact in _facts(dict(entry), index)]


def _facts(entry: dict[str, Any], index: int) -> list[Fact]:
    if "pressure" in entry:
        return _pressure(entry, index)
    if "answer" in entry:
        return [
            Fact(
                FactKind.ANSWER,
                name=entry["answer"],
                value=_value(entry["value"]),
                provenance=entry["by"],
                recorded=When.parse(entry.get("recorded", AS_OF)),
            )
        ]
    if "demographic" in entry:
        return [
            Fact(
                FactKind.DEMOGRAPHIC,
                name=entry["demographic"],
                value=entry["value"],
                onset=_when(entry.get("onset")),
            )
        ]
    word = next(key for key in KINDS if key in entry)
    return [_record(KINDS[word], entry, entry[word], f"{word}/{entry.get('id', index)}")]


def _record(kind: FactKind, entry: dict[str, Any], said: str, resource: str) -> Fact:
    codings, text = _named(said)
    answered = _named(entry["answer_code"])[0] if "answer_code" in entry else ()
    return Fact(
        kind,
        codings=codings,
        text=text,
        clinical_status=entry.get("status", _usual_status(kind)),
        verification=entry.get("verification", ""),
        criticality=entry.get("criticality", ""),
        relation=entry.get("relation", ""),
        onset=_when(entry.get("onset")),
        abatement=_when(entry.get("abatement")),
        recorded=_when(entry.get("recorded")),
        value=_value(entry.get("value")),
        unit=entry.get("unit", ""),
        value_codings=answered,
        resource=resource,
        provenance="imported",
    )


def _usual_status(kind: FactKind) -> str:
    return "final" if kind is FactKind.OBSERVATION else "active"


def _named(said: str) -> tuple[tuple[Coding, ...], str]:
    system, _, rest = said.partition(" ")
    if system == "text":
        return (), rest
    code, _, display = rest.partition(" ")
    return (Coding(SYSTEMS[system], code, display),), ""


def _pressure(entry: dict[str, Any], index: int) -> list[Fact]:
    upper, _, lower = entry["pressure"].partition("/")
    return [
        Fact(
            FactKind.OBSERVATION,
            codings=(Coding(LOINC, code),),
            value=Decimal(value),
            unit=entry.get("unit", "mm[Hg]"),
            clinical_status="final",
            onset=_when(entry["onset"]),
            resource=f"observation/{index}",
        )
        for code, value in (("8480-6", upper), ("8462-4", lower))
    ]


def _value(raw: Any) -> Any:
    return Decimal(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw


def _when(text: str | None) -> When | None:
    return When.parse(text) if text else None
