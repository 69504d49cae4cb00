"""One thing that a record says about a person, free of where the record was kept.

Importers (`exchange.fhir`) and the chart (`records.charts`) build these; the candidacy core reads
nothing else.  How each FHIR R4 resource becomes facts:

====================== ================= ==================================================
resource               kind              fields beside `codings`, `text`, `resource`
====================== ================= ==================================================
Condition              CONDITION         `clinical_status`, `verification`, `onset`,
                                         `abatement`, `recorded` (recordedDate)
MedicationRequest      MEDICATION        `clinical_status` = status (`do-not-perform` when
                                         doNotPerform), `onset` = authoredOn, `abatement` =
                                         end of the treatment if stated, `recorded`
MedicationStatement    MEDICATION        `clinical_status` = status, `onset`/`abatement` =
                                         effectivePeriod, `recorded` = dateAsserted
MedicationAdministr.   MEDICATION        `clinical_status` = status, `onset` = `abatement` =
                                         effective
AllergyIntolerance     ALLERGY           `clinical_status`, `verification`, `criticality`,
                                         `onset`, `recorded`; one more fact per reaction
                                         substance
Observation            OBSERVATION       `value`, `unit` (UCUM), `clinical_status` = status,
                                         `onset` = effective.  One fact per component, with
                                         the component's codings and value; a coded answer
                                         goes to `value_codings`
Procedure              PROCEDURE         `clinical_status` = status, `onset` = performed
FamilyMemberHistory    FAMILY_HISTORY    one per condition; `relation` = relationship display
Patient                DEMOGRAPHIC       `name`: `birth_date` (value = ISO date text), `sex`
                                         (administrative gender), `birth_sex` (M, F, ...),
                                         `deceased` (value True, `onset` = date if known)
intake form, clinician ANSWER            `name` = id of the concept or question asked, `value`
                                         True, False or "unknown"; `recorded`
====================== ================= ==================================================
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .when import When


class FactKind(StrEnum):
    """What sort of record a fact came from."""

    CONDITION = "condition"
    MEDICATION = "medication"
    ALLERGY = "allergy"
    OBSERVATION = "observation"
    PROCEDURE = "procedure"
    DEMOGRAPHIC = "demographic"
    ANSWER = "answer"
    FAMILY_HISTORY = "family_history"


@dataclass(frozen=True, slots=True)
class Coding:
    """One code in one system, as the record carries it.

    Attributes
    ----------
    system : str
        URI of the code system as recorded (see `systems`); an unknown one is kept.
    code : str
        The code, unchanged.
    display : str
        The text that came with the code, or empty.
    """

    system: str
    code: str
    display: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of a record.

    Attributes
    ----------
    kind : FactKind
        What sort of record it is.
    codings : tuple of Coding
        Every coding of the thing itself (diagnosis, drug, substance, measured quantity).
    text : str
        The record's own words for it (`code.text`, `medication.text`).
    name : str
        For DEMOGRAPHIC and ANSWER: which item this is, see the module docstring.
    clinical_status : str
        FHIR status code as recorded (`active`, `resolved`, `completed`, `final` ...); empty if
        the record gives none.
    verification : str
        FHIR verification status (`confirmed`, `provisional`, `refuted`, `entered-in-error` ...).
    criticality : str
        For ALLERGY: `low`, `high`, `unable-to-assess` or empty.
    relation : str
        For FAMILY_HISTORY: who, in the record's words.
    onset, abatement, recorded : When or None
        When it began (or was measured, or answered), when it ended, when it was written down.
    value : Decimal, str, bool or None
        Measured value or answer. None is *no value* and never zero.
    unit : str
        UCUM unit of `value`, empty if it has none.
    value_codings : tuple of Coding
        A coded answer of an Observation (for example the finding "pregnant").
    resource : str
        Reference to the record, such as ``Condition/1234``.
    provenance : str
        How it reached Leeward: `imported`, `patient`, `staff`, or a file name.
    dose_text : str
        For MEDICATION: dosage instruction in words, shown beside the fact, never interpreted.
    """

    kind: FactKind
    codings: tuple[Coding, ...] = ()
    text: str = ""
    name: str = ""
    clinical_status: str = ""
    verification: str = ""
    criticality: str = ""
    relation: str = ""
    onset: When | None = None
    abatement: When | None = None
    recorded: When | None = None
    value: Decimal | str | bool | None = None
    unit: str = ""
    value_codings: tuple[Coding, ...] = ()
    resource: str = ""
    provenance: str = ""
    dose_text: str = ""

    def label(self) -> str:
        """Give the shortest honest name of what the record says."""
        words = self.text or next((c.display for c in self.codings if c.display), "")
        if words:
            return words
        if self.codings:
            return f"{self.codings[0].code} ({self.codings[0].system})"
        return self.name or self.kind.value

    def when(self) -> When | None:
        """Give the date to show beside the fact: its onset, else when it was written down."""
        return self.onset or self.recorded


def demographic(facts: Sequence[Fact], name: str) -> Fact | None:
    """Find a demographic item; None if the record has none or contradicts itself about it.

    Parameters
    ----------
    facts : sequence of Fact
        Everything known about one person.
    name : str
        `birth_date`, `sex`, `birth_sex` or `deceased`.
    """
    found = [f for f in facts if f.kind is FactKind.DEMOGRAPHIC and f.name == name]
    return found[0] if found and len({f.value for f in found}) == 1 else None
