"""What an import hands over: plain values in FHIR words, made by a reader, taken by a use case.

They stand here so that the reader (`exchange.fhir`) and the use case (`import_records`) can both
see them. No database and no JSON in sight; dates keep the precision the record gave.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from leeward.core.candidacy import Coding, When

ENTERED_IN_ERROR = "entered-in-error"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a resource came from, and its content as one digest.

    `resource` is the reference by which the source knows it, such as ``Condition/1234``.
    """

    file: str
    where: str
    resource: str
    digest: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A resource that was not taken, and why, in plain words."""

    file: str
    where: str
    resource: str
    because: str


@dataclass(frozen=True, slots=True)
class Concept:
    """A FHIR CodeableConcept: codes and the record's own words."""

    codings: tuple[Coding, ...] = ()
    text: str = ""

    @property
    def label(self) -> str:
        """The words to show: the record's own, else a display, else the bare code."""
        display = next((c.display for c in self.codings if c.display), "")
        return self.text or display or (self.codings[0].code if self.codings else "")


@dataclass(frozen=True, slots=True)
class Amount:
    """A measured value as the record wrote it, and in the unit Leeward reads it in.

    `value` is None when there is no plain number in a unit that can be read; then `original`
    still shows what was written. None is *no value*, never zero.
    """

    original: str
    value: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measured or answered thing: an Observation's own value, or one of its components."""

    concept: Concept
    amount: Amount | None = None
    answer: Concept | None = None
    absent_because: str = ""


@dataclass(frozen=True, slots=True)
class ImportedPatient:
    """A Patient. National, licence and passport numbers are left behind on purpose."""

    kind: ClassVar[str] = "Patient"
    origin: Origin
    family: str
    given: str
    birth_date: When | None
    sex: str
    birth_sex: str = ""
    deceased: bool = False
    deceased_when: When | None = None
    language: str = ""
    phone: str = ""
    address: str = ""
    email: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    active: bool = True
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedCondition:
    """A Condition: problem, diagnosis or finding."""

    kind: ClassVar[str] = "Condition"
    origin: Origin
    patient: str
    concept: Concept
    clinical_status: str = ""
    verification: str = ""
    category: str = ""
    onset: When | None = None
    onset_text: str = ""
    abatement: When | None = None
    abatement_text: str = ""
    recorded: When | None = None

    @property
    def entered_in_error(self) -> bool:
        return self.verification == ENTERED_IN_ERROR


@dataclass(frozen=True, slots=True)
class ImportedMedication:
    """A MedicationRequest, -Statement or -Administration, its medicine already looked up."""

    kind: ClassVar[str] = "MedicationStatement"
    origin: Origin
    patient: str
    concept: Concept
    form: str  # request | statement | administration
    status: str = ""
    intent: str = ""
    authored: When | None = None
    starts: When | None = None
    ends: When | None = None
    dosage_text: str = ""

    @property
    def entered_in_error(self) -> bool:
        return self.status == ENTERED_IN_ERROR


@dataclass(frozen=True, slots=True)
class Reaction:
    """One reaction of an allergy."""

    substance: Concept | None
    manifestations: tuple[str, ...] = ()
    severity: str = ""


@dataclass(frozen=True, slots=True)
class ImportedAllergy:
    """An AllergyIntolerance."""

    kind: ClassVar[str] = "AllergyIntolerance"
    origin: Origin
    patient: str
    concept: Concept
    clinical_status: str = ""
    verification: str = ""
    criticality: str = ""
    category: str = ""
    onset: When | None = None
    recorded: When | None = None
    reactions: tuple[Reaction, ...] = ()

    @property
    def entered_in_error(self) -> bool:
        return self.verification == ENTERED_IN_ERROR


@dataclass(frozen=True, slots=True)
class ImportedObservation:
    """An Observation: vital sign, score or result."""

    kind: ClassVar[str] = "Observation"
    origin: Origin
    patient: str
    measured: Measurement
    category: str
    status: str = ""
    effective: When | None = None
    components: tuple[Measurement, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def entered_in_error(self) -> bool:
        return self.status == ENTERED_IN_ERROR


@dataclass(frozen=True, slots=True)
class ImportedProcedure:
    """A Procedure."""

    kind: ClassVar[str] = "Procedure"
    origin: Origin
    patient: str
    concept: Concept
    status: str = ""
    starts: When | None = None
    ends: When | None = None

    @property
    def entered_in_error(self) -> bool:
        return self.status == ENTERED_IN_ERROR


@dataclass(frozen=True, slots=True)
class RelativesCondition:
    """What a relative had, and from what age if the record says."""

    concept: Concept
    onset_text: str = ""


@dataclass(frozen=True, slots=True)
class ImportedFamilyHistory:
    """A FamilyMemberHistory. The relative is a relation, never a name."""

    kind: ClassVar[str] = "FamilyMemberHistory"
    origin: Origin
    patient: str
    relation: Concept
    status: str = ""
    recorded: When | None = None
    conditions: tuple[RelativesCondition, ...] = ()

    @property
    def entered_in_error(self) -> bool:
        return self.status == ENTERED_IN_ERROR


@dataclass(frozen=True, slots=True)
class ImportedEncounter:
    """An Encounter; `concept` is its type, else its reason, else its class."""

    kind: ClassVar[str] = "Encounter"
    origin: Origin
    patient: str
    concept: Concept
    status: str = ""
    class_code: str = ""
    starts: When | None = None
    ends: When | None = None

    @property
    def entered_in_error(self) -> bool:
        return self.status == ENTERED_IN_ERROR


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered item: `value` is a plain answer, `codings` a coded one."""

    link_id: str
    text: str
    value: str
    codings: tuple[Coding, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedQuestionnaireResponse:
    """A QuestionnaireResponse, its items flattened in the order they were asked.

    `instrument` is the last part of the questionnaire's address, as the source calls it.
    """

    kind: ClassVar[str] = "QuestionnaireResponse"
    origin: Origin
    patient: str
    instrument: str
    status: str
    authored: When | None
    answers: tuple[Answer, ...] = ()

    @property
    def entered_in_error(self) -> bool:
        return self.status == ENTERED_IN_ERROR


ChartStatement = (
    ImportedCondition
    | ImportedMedication
    | ImportedAllergy
    | ImportedObservation
    | ImportedProcedure
    | ImportedFamilyHistory
    | ImportedEncounter
    | ImportedQuestionnaireResponse
)
Imported = ImportedPatient | ChartStatement


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What one batch came to: counts by resource type, and what was left behind.

    `unplaced` are statements whose patient is not known yet: a later file may bring the person.
    """

    created: Mapping[str, int] = field(default_factory=Counter)
    updated: Mapping[str, int] = field(default_factory=Counter)
    unchanged: Mapping[str, int] = field(default_factory=Counter)
    skipped: tuple[Skipped, ...] = ()
    unplaced: tuple[Imported, ...] = ()
    new_for_assessed: int = 0
