"""What the review of recorded people found wrong stays right (docs/science/findings-review.md)."""

from datetime import date

import pytest

from leeward.cli.assess import assess_facts
from leeward.core.candidacy import Coding, Fact, FactKind, When

AS_OF = date(2026, 11, 22)
ICD9 = "http://hl7.org/fhir/sid/icd-9-cm"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"


def found(fact):
    """Statuses by rule or indication for a person with one record."""
    assessment = assess_facts((fact,), "racemic_ketamine", "iv", AS_OF, None)
    statuses = {each.rule: each.status.value for each in assessment.findings if each.facts}
    return statuses | {each.id: each.status.value for each in assessment.indications if each.facts}


def diagnosis(words, *codings, status=""):
    return Fact(FactKind.CONDITION, codings=codings, text=words, clinical_status=status)


@pytest.mark.hazard("H27")
@pytest.mark.parametrize(
    ("words", "rule", "status"),
    [
        (
            "Subendocardial infarction, initial episode",
            "unstable_heart_disease",
            "unknown",
        ),
        ("Cardiogenic shock", "unstable_heart_disease", "unknown"),
        ("Chronic hepatitis C with hepatic coma", "severe_liver_disease", "present"),
        ("Hepatorenal syndrome", "severe_liver_disease", "present"),
        ("Benign neoplasm of cerebral meninges", "raised_intracranial_pressure", "present"),
        ("TRAUMATIC SUBDURAL HEM", "intracerebral_haemorrhage", "unknown"),
        ("Late effects of cerebrovascular disease, hemiplegia", "stroke_or_tia", "present"),
        ("Encephalopathy, unspecified", "delirium", "unknown"),
        ("Mitral valve disorders", "valve_or_lung_vessel_disease", "present"),
        ("Other chronic pulmonary heart diseases", "valve_or_lung_vessel_disease", "present"),
        ("Right main coronary artery thrombosis", "coronary_disease", "present"),
        ("Other primary cardiomyopathies", "heart_failure", "present"),
        ("Complete atrioventricular block", "arrhythmia", "present"),
        ("Hypertensive chronic kidney disease, unspecified", "hypertension", "present"),
        ("Other dependence on machines, supplemental oxygen", "airway_or_lung_disease", "present"),
        ("Emotionally unstable personality disorder", "borderline_or_dissociative", "present"),
        ("Misuses drugs (finding)", "substance_use_active", "unknown"),
        ("Alcohol abuse, in remission", "alcohol_use_disorder", "unknown"),
        ("Opioid dependence, in full remission", "substance_use_disorder", "unknown"),
    ],
)
def test_a_name_that_was_missed_or_misread(words, rule, status):
    assert found(diagnosis(words, Coding(ICD9, "000", words))).get(rule) == status


def test_what_is_said_not_to_be_there_does_not_block():
    words = "Unspecified viral hepatitis C without hepatic coma"
    assert "severe_liver_disease" not in found(diagnosis(words, Coding(ICD9, "07070", words)))


def test_lewy_body_dementia_by_its_code_alone():
    lewy = diagnosis("", Coding(ICD10, "G31.83"), status="active")
    assert found(lewy)["cognitive_impairment"] == "present"


def test_alcohol_dependence_coded_as_in_remission_is_no_present_indication():
    remission = diagnosis("", Coding(ICD10, "F10.21"), status="active")
    assert found(remission).get("alcohol_use_disorder") != "present"


def test_a_birth_date_after_the_question_is_no_age():
    born = Fact(FactKind.DEMOGRAPHIC, name="birth_date", value="2110-05-01")
    ages = ("age_under_18", "young_adult", "age_65_or_over")
    assert found(born) == dict.fromkeys(ages, "unknown")


def medicine(words="", *codings):
    return Fact(FactKind.MEDICATION, codings=codings, text=words, clinical_status="active",
                onset=When.parse("2026-01-01"))  # fmt: skip


def test_a_formulary_that_has_words_for_codes_is_read():
    own = Coding("http://hospital.example/formulary", "LORazepam 1mg tab")
    assert found(medicine("", own))["interaction.benzodiazepines"] == "present"


def test_abuse_deterrent_morphine_is_no_naltrexone_depot():
    words = "Abuse-Deterrent morphine 100 MG / naltrexone 4 MG Extended Release Oral Capsule"
    facts = (medicine(words),)
    assessment = assess_facts(facts, "racemic_ketamine", "iv", AS_OF, None)
    naltrexone = next(f for f in assessment.findings if f.rule == "interaction.naltrexone")
    assert [line.note for line in naltrexone.facts if "extended release" in line.note] == []
