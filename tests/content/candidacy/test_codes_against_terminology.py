"""Our code lists against the code systems themselves, and against value sets made by others."""

import csv
import gzip
from functools import cache
from pathlib import Path

import pytest

from leeward import content
from leeward.core.candidacy import Coding, Fact, FactKind, Recogniser
from leeward.core.candidacy.concepts import icd10cm_matches, undotted
from leeward.core.candidacy.recognition import Surety
from leeward.core.candidacy.systems import ICD9CM, ICD10CM, RXNORM

DATA = Path(__file__).parents[2] / "data" / "terminology"

# Value set made by others -> concepts of ours that must take in each of its members, and the
# members that they leave out on purpose.
VALUE_SETS = {
    "Aortic Aneurysm": ({"aneurysm"}, set()),
    "Schizophrenia": ({"primary_psychosis"}, set()),
    "Bipolar Disorder": ({"bipolar", "mania"}, set()),
    "Hypertension": ({"hypertension"}, set()),
    "Heart Failure": ({"heart_failure"}, set()),
    "Acute Heart Failure": ({"unstable_heart_disease", "heart_failure"}, set()),
    "Coronary Artery Disease No MI": ({"coronary_disease", "unstable_heart_disease"}, set()),
    "Acute Myocardial Infarction": ({"infarction"}, set()),
    "Ischemic Stroke": ({"stroke"}, set()),
    "Pregnancy": ({"pregnancy", "pregnancy_outcome"}, set()),
    "Seizure Disorder": ({"seizures"}, set()),
    "Glaucoma": ({"raised_intraocular_pressure", "acute_angle_closure"}, {"Congenital glaucoma"}),
    "Hyperthyroidism": ({"hyperthyroidism"}, set()),
    "Substance Use Disorder": ({"substance_use", "substance_remission"}, set()),
    "Opioid misuse disorders": ({"substance_use", "substance_remission"}, set()),
    "Suicide Attempt": ({"suicide_attempt"}, set()),
    "Major Depression": ({"major_depression"}, set()),
    "Alcohol Withdrawal": ({"acute_intoxication"}, set()),
    "Chronic Liver Disease": (
        {"chronic_liver_disease", "severe_liver_disease"},
        {"passive congestion", "necrosis", "Infarction", "veno-occlusive", "Hepatorenal"},
    ),
    "Schedule IV Benzodiazepines": ({"benzodiazepines"}, set()),
    "Benzodiazepine medications": ({"benzodiazepines"}, {"prazepam"}),
    "Opioids": ({"opioids"}, set()),
    "Buprenorphine Medications": ({"opioids"}, set()),
    "Methadone medications": ({"opioids"}, set()),
    "Non-synthetic opioid medications": ({"opioids"}, set()),
    "Medications for Opioid Use Disorder (MOUD)": ({"opioids", "naltrexone"}, set()),
    "Antidepressant Medication": ({"antidepressants"}, set()),
    "Potentially Harmful Antipsychotics for Older Adults": ({"other_sedatives"}, {"pimavanserin"}),
}  # fmt: skip


def rows(name):
    with gzip.open(DATA / name, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def descriptions():
    return {undotted(row["code"]): row["description"] for row in rows("icd10cm.csv.gz")}


@cache
def recogniser():
    return Recogniser(content.load().concepts.values())


def listed(system):
    return sorted(
        {
            (concept.id, code.code, code.display)
            for concept in content.load().concepts.values()
            for code in concept.codes
            if code.system == system
        }
    )


@pytest.mark.parametrize(("concept", "code", "display"), listed(ICD10CM))
def test_icd10cm_code_and_display_are_a_pair(concept, code, display):
    if "?" in code:
        covered = {c: d for c, d in descriptions().items() if icd10cm_matches(code, c)}
        covered = {c: d for c, d in covered.items() if not c.startswith("F17")}
        assert covered
        assert all(display in text for text in covered.values()), covered
    elif "-" in code:
        assert any(icd10cm_matches(code, known) for known in descriptions())
    else:
        assert descriptions()[code] == display


@cache
def icd9_descriptions():
    with gzip.open(DATA.parent / "mimic-odbl" / "icd9cm.csv.gz", "rt", encoding="utf-8") as file:
        return {row["code"]: row["description"] for row in csv.DictReader(file)}


@pytest.mark.parametrize(("concept", "code", "display"), listed(ICD9CM))
def test_icd9cm_code_and_display_are_a_pair(concept, code, display):
    assert icd9_descriptions()[code] == display


@pytest.mark.parametrize(
    ("code", "concept"),
    [("441.02", "aneurysm"), ("44102", "aneurysm"), ("410.71", "infarction"),
     ("V62.84", "suicidal_ideation"), ("570", "severe_liver_disease")],
)  # fmt: skip
def test_icd9cm_is_known_by_its_code_alone_dotted_or_not(code, concept):
    fact = Fact(FactKind.CONDITION, codings=(Coding(ICD9CM, code, ""),))
    (match,) = [m for m in recogniser().recognise(fact) if m.concept == concept]
    assert match.surety is Surety.CODE


def test_an_icd9cm_code_is_not_read_as_a_prefix():
    fact = Fact(FactKind.CONDITION, codings=(Coding(ICD9CM, "430.9", ""),))
    assert recogniser().recognise(fact) == ()


@pytest.mark.parametrize("title", VALUE_SETS)
def test_every_member_of_a_value_set_is_recognised(title):
    concepts, left_out = VALUE_SETS[title]
    members = [row for row in rows("value_sets.csv.gz") if row["title"] == title]
    assert members
    missed = []
    for row in members:
        medicine = row["system"] == RXNORM
        fact = Fact(
            FactKind.MEDICATION if medicine else FactKind.CONDITION,
            # without its display a diagnosis must be known by the code alone
            codings=(Coding(row["system"], row["code"], row["display"] if medicine else ""),),
        )
        found = {match.concept for match in recogniser().recognise(fact)}
        if not found & concepts and not any(word in row["display"] for word in left_out):
            missed.append((row["code"], row["display"]))
    assert missed == []


@pytest.mark.parametrize(
    ("wrong_title", "concept"),
    [
        ("Methadone medications", "benzodiazepines"),
        ("Hypertension", "aneurysm"),
        ("Major Depression", "bipolar"),
        ("Buprenorphine Medications", "stimulants"),
        ("Seizure Disorder", "substance_use"),
    ],
)
def test_members_of_another_value_set_are_not_taken_in(wrong_title, concept):
    members = [row for row in rows("value_sets.csv.gz") if row["title"] == wrong_title]
    assert members
    for row in members:
        fact = Fact(
            FactKind.MEDICATION if row["system"] == RXNORM else FactKind.CONDITION,
            codings=(Coding(row["system"], row["code"], row["display"]),),
        )
        assert concept not in {match.concept for match in recogniser().recognise(fact)}, row


WRONG_PAIRS = {"4492": "fluorouracil", "8134": "phenobarbital", "1819": "buprenorphine"}


@pytest.mark.parametrize(
    ("name", "code"), [("fluoxetine", "4493"), ("phenytoin", "8183"), ("bupropion", "42347")]
)
def test_ingredients_that_public_lists_confuse_have_their_own_code(name, code):
    held = {
        listed_code.code
        for concept in content.load().concepts.values()
        for member in concept.ingredients
        if member.name == name
        for listed_code in member.codes
    }
    assert held == {code}
    assert not held & set(WRONG_PAIRS)


def test_no_ingredient_code_stands_for_two_ingredients():
    names: dict[str, set[str]] = {}
    for concept in content.load().concepts.values():
        for member in concept.ingredients:
            for code in member.codes:
                names.setdefault(code.code, set()).add(member.name)
    assert {code: held for code, held in names.items() if len(held) > 1} == {}
