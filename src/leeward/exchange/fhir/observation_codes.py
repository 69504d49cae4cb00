"""The LOINC codes that Leeward keeps from an Observation, and the unit it reads each in.

Only codes whose meaning has been checked stand here, each with its name; a similar code is never
taken for one of them. `unit` is None where the value is kept in the unit it came in.
LOINC codes: copyright Regenstrief Institute, Inc., free under loinc.org/license.
"""

from dataclasses import dataclass
from typing import Final

VITAL_SIGN, LABORATORY, SCORE = "vital-signs", "laboratory", "survey"


@dataclass(frozen=True, slots=True)
class KnownObservation:
    """A code that is kept.

    `answer` says that the value is a coded answer (or words) rather than a number.
    """

    loinc: str
    name: str
    category: str
    unit: str | None = None
    answer: bool = False


_VITAL_SIGNS = (
    KnownObservation("85354-9", "Blood pressure panel", VITAL_SIGN, "mm[Hg]"),
    KnownObservation("8480-6", "Systolic blood pressure", VITAL_SIGN, "mm[Hg]"),
    KnownObservation("8462-4", "Diastolic blood pressure", VITAL_SIGN, "mm[Hg]"),
    KnownObservation("8478-0", "Mean blood pressure", VITAL_SIGN, "mm[Hg]"),
    KnownObservation("8867-4", "Heart rate", VITAL_SIGN, "/min"),
    KnownObservation("9279-1", "Respiratory rate", VITAL_SIGN, "/min"),
    KnownObservation("59408-5", "Oxygen saturation by pulse oximetry", VITAL_SIGN, "%"),
    KnownObservation("2708-6", "Oxygen saturation in arterial blood", VITAL_SIGN, "%"),
    KnownObservation("8310-5", "Body temperature", VITAL_SIGN, "Cel"),
    KnownObservation("8331-1", "Oral temperature", VITAL_SIGN, "Cel"),
    KnownObservation("29463-7", "Body weight", VITAL_SIGN, "kg"),
    KnownObservation("3141-9", "Body weight measured", VITAL_SIGN, "kg"),
    KnownObservation("8302-2", "Body height", VITAL_SIGN, "cm"),
    KnownObservation("39156-5", "Body mass index", VITAL_SIGN, "kg/m2"),
    KnownObservation("3151-8", "Inhaled oxygen flow rate", VITAL_SIGN, "L/min"),
)
_RESULTS = (
    KnownObservation("82810-3", "Pregnancy status", "social-history", answer=True),
    KnownObservation("2106-3", "Choriogonadotropin in urine", LABORATORY, answer=True),
    KnownObservation("2118-8", "Choriogonadotropin in serum or plasma", LABORATORY, answer=True),
    KnownObservation("1742-6", "Alanine aminotransferase", LABORATORY, "U/L"),
    KnownObservation("1920-8", "Aspartate aminotransferase", LABORATORY, "U/L"),
    KnownObservation("6768-6", "Alkaline phosphatase", LABORATORY, "U/L"),
    KnownObservation("2324-2", "Gamma glutamyl transferase", LABORATORY, "U/L"),
    KnownObservation("1975-2", "Bilirubin total", LABORATORY),
    KnownObservation("2160-0", "Creatinine in serum or plasma", LABORATORY),
    KnownObservation("38483-4", "Creatinine in blood", LABORATORY),
    KnownObservation("98979-8", "eGFR, CKD-EPI 2021", LABORATORY),
    KnownObservation("33914-3", "Glomerular filtration rate/1.73 sq M.predicted", LABORATORY),
    KnownObservation("3016-3", "Thyrotropin", LABORATORY),
    KnownObservation("5794-3", "Haemoglobin in urine by test strip", LABORATORY, answer=True),
    KnownObservation("5799-2", "Leucocyte esterase in urine", LABORATORY, answer=True),
    KnownObservation("11524-6", "Electrocardiogram study", "procedure", answer=True),
)
_SCORES = (
    KnownObservation("72514-3", "Pain severity 0-10", SCORE, "{score}"),
    KnownObservation("44261-6", "PHQ-9 total", SCORE, "{score}"),
    KnownObservation("55758-7", "PHQ-2 total", SCORE, "{score}"),
    KnownObservation("70274-6", "GAD-7 total", SCORE, "{score}"),
    KnownObservation("75626-2", "AUDIT-C total", SCORE, "{score}"),
    KnownObservation("75624-7", "AUDIT total", SCORE, "{score}"),
    KnownObservation("82667-7", "DAST-10 total", SCORE, "{score}"),
    KnownObservation("93373-9", "C-SSRS screener, recent", SCORE, answer=True),
)
PHQ9_ITEMS: Final = (
    "44250-9",
    "44255-8",
    "44259-0",
    "44254-1",
    "44251-7",
    "44258-2",
    "44252-5",
    "44253-3",
    "44260-8",
)
GAD7_ITEMS: Final = (
    "69725-0",
    "68509-9",
    "69733-4",
    "69734-2",
    "69735-9",
    "69689-8",
    "69736-7",
)
PHQ9_DIFFICULTY: Final = "69722-7"
_ITEMS = (
    *(
        KnownObservation(code, f"{scale} item {count}", SCORE, answer=True)
        for scale, items in (("PHQ-9", PHQ9_ITEMS), ("GAD-7", GAD7_ITEMS))
        for count, code in enumerate(items, start=1)
    ),
    KnownObservation(PHQ9_DIFFICULTY, "PHQ-9 difficulty", SCORE, answer=True),
)
KNOWN: Final = {each.loinc: each for each in (*_VITAL_SIGNS, *_RESULTS, *_SCORES, *_ITEMS)}
# How far 0-3 the standard answers go ("not at all" ... "nearly every day").
FREQUENCY_ANSWERS: Final = {"LA6568-5": 0, "LA6569-3": 1, "LA6570-1": 2, "LA6571-9": 3}
