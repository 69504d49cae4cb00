"""Canonical URIs of the code systems, and their check digits."""

ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
ICD9CM = "http://hl7.org/fhir/sid/icd-9-cm"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
NDC = "http://hl7.org/fhir/sid/ndc"

# Other identifiers under which records carry these systems.
ALIASES = {
    "urn:oid:2.16.840.1.113883.6.90": ICD10CM,
    "urn:oid:2.16.840.1.113883.6.96": SNOMED,
    "urn:oid:2.16.840.1.113883.6.88": RXNORM,
    "urn:oid:2.16.840.1.113883.6.1": LOINC,
    "urn:oid:2.16.840.1.113883.6.103": ICD9CM,
    "http://mimic.mit.edu/fhir/mimic/CodeSystem/mimic-diagnosis-icd10": ICD10CM,
    "http://mimic.mit.edu/fhir/mimic/CodeSystem/mimic-diagnosis-icd9": ICD9CM,
}

# Systems whose codes are listed in content, and those whose displays at least are their own words.
READABLE = frozenset({ICD10CM, SNOMED, RXNORM, LOINC})
NAMED = READABLE | {ICD9CM}

_D5 = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
_PERMUTATION = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def snomed_check(identifier: str) -> bool:
    """Say whether a SNOMED CT identifier ends in its Verhoeff check digit."""
    if not (identifier.isascii() and identifier.isdigit() and 6 <= len(identifier) <= 18):
        return False
    check = 0
    for position, digit in enumerate(reversed(identifier)):
        value = int(digit)
        for _ in range(position % 8):
            value = _PERMUTATION[value]
        check = _D5[check][value]
    return check == 0


def loinc_check(code: str) -> bool:
    """Say whether a LOINC code ends in its modulus-10 check digit."""
    body, dash, digit = code.partition("-")
    if not (dash and body.isascii() and body.isdigit() and len(digit) == 1 and digit.isdigit()):
        return False
    total = 0
    for position, character in enumerate(reversed(body)):
        value = int(character) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return (10 - total % 10) % 10 == int(digit)
