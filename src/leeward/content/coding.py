"""A code of a terminology, always with its display and the grade of having seen the pair."""

from dataclasses import dataclass
from typing import Literal

from leeward.core.quantities.published import Citation, Grade

from .document import GradeMark, Part, SourceDoc, Text

SYSTEMS = {
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "icd9cm": "http://hl7.org/fhir/sid/icd-9-cm",
    "snomed": "http://snomed.info/sct",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "loinc": "http://loinc.org",
}


@dataclass(frozen=True, slots=True)
class Coding:
    """A code with its display.

    Attributes
    ----------
    system : str
        URI of the code system, as FHIR writes it.
    code, display : str
        The pair; a code without its display is never kept.
    citation : Citation
        Where the pair was read.
    grade : Grade
        How it was seen there.
    """

    system: str
    code: str
    display: str
    citation: Citation
    grade: Grade


class CodingDoc(Part):
    """One code: system, code, display, source, grade."""

    system: Literal["icd10cm", "snomed", "rxnorm", "loinc"]
    code: Text
    display: Text
    source: SourceDoc
    grade: GradeMark

    def coding(self) -> Coding:
        """Return the code as a value."""
        cited = self.source.cited()
        return Coding(SYSTEMS[self.system], self.code, self.display, cited, self.grade)
