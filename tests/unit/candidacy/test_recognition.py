import pytest

from leeward.core.candidacy import (
    Coding,
    Concept,
    Fact,
    FactKind,
    Ingredient,
    ListedCode,
    Recogniser,
)
from leeward.core.candidacy.concepts import icd10cm_matches
from leeward.core.candidacy.reading import Sense
from leeward.core.candidacy.recognition import Surety
from leeward.core.candidacy.systems import ICD10CM, RXNORM, SNOMED
from leeward.core.quantities import OutOfDomain
from leeward.core.quantities.published import Grade

LISTS = Recogniser(
    [
        Concept(
            "stroke", "Stroke", "Ictus",
            codes=(ListedCode(ICD10CM, "I63", "Cerebral infarction", Grade.READ),
                   ListedCode(SNOMED, "432504007", "Cerebral infarction", Grade.READ)),
            names=("stroke",), not_names=("heat stroke",),
        ),
        Concept(
            "stimulants", "Stimulants", "Estimulantes",
            ingredients=(
                Ingredient("amphetamine", (ListedCode(RXNORM, "725", "amphetamine", Grade.READ),),
                           ("Adderall",)),
                Ingredient("dextroamphetamine"),
            ),
        ),
        Concept(
            "late", "Late", "Tarde",
            ingredients=(Ingredient("naltrexone + extended release"),),
        ),
    ]
)  # fmt: skip


def condition(text="", *codings):
    return Fact(FactKind.CONDITION, codings=codings, text=text)


def medicine(text="", *codings):
    return Fact(FactKind.MEDICATION, codings=codings, text=text)


def only(fact):
    (match,) = LISTS.recognise(fact)
    return match


@pytest.mark.parametrize(
    ("pattern", "code", "expected"),
    [
        ("I71", "I71.40", True),
        ("I71", "i7140", True),
        ("I71", "I7", False),
        ("I71", "I70.1", False),
        ("F1??5", "F10.159", True),
        ("F1??5", "F10.515", False),
        ("O00-O9A", "O09.90", True),
        ("O00-O9A", "O9A.22", True),
        ("O00-O9A", "P00.1", False),
    ],
)
def test_icd10cm_pattern_takes_in_its_children_only(pattern, code, expected):
    assert icd10cm_matches(pattern, code) is expected


@pytest.mark.parametrize("pattern", ["I71.4", "i71", "71", "*", "I63-I6"])
def test_icd10cm_pattern_that_is_none_is_refused(pattern):
    with pytest.raises(OutOfDomain):
        ListedCode(ICD10CM, pattern, "", Grade.READ)


def test_listed_code_is_sure():
    match = only(condition("", Coding(ICD10CM, "I63.9", "whatever it is called")))
    assert (match.surety, match.doubt) == (Surety.CODE, "")


def test_oid_of_the_system_is_read_like_its_uri():
    assert only(condition("", Coding("urn:oid:2.16.840.1.113883.6.90", "I63.9"))).surety == "code"


def test_unlisted_code_is_read_by_its_display_and_asks_for_confirmation():
    match = only(condition("", Coding(SNOMED, "230690007", "Stroke (disorder)")))
    assert match.surety is Surety.NAME
    assert "confirm" in match.doubt


def test_free_text_is_only_possible():
    assert only(condition("Stroke, seen elsewhere")).surety is Surety.TEXT


def test_code_outweighs_its_own_name():
    match = only(condition("Stroke", Coding(SNOMED, "432504007", "Stroke")))
    assert match.surety is Surety.CODE


@pytest.mark.parametrize("text", ["heatstroke", "Heat stroke", "strokes", "sunstroke"])
def test_only_whole_words_count_and_lookalikes_are_masked(text):
    assert LISTS.recognise(condition(text)) == ()


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("Stroke", Sense.AFFIRMED),
        ("history of stroke", Sense.PAST),
        ("No history of stroke", Sense.NEGATED),
        ("denies stroke", Sense.NEGATED),
        ("Family history of stroke", Sense.FAMILY),
        ("possible stroke", Sense.UNSURE),
        ("Stroke with no loss of speech", Sense.AFFIRMED),
        ("No pain, no fever since March when the stroke came", Sense.AFFIRMED),
    ],
)
def test_words_before_a_name_turn_its_sense(text, sense):
    assert only(condition(text)).sense is sense


@pytest.mark.parametrize(
    ("text", "ingredients"),
    [
        ("AMPHETAMINE sulfate 10 MG Oral Tablet", {"amphetamine"}),
        ("Adderall XR 20 MG", {"amphetamine"}),
        ("dextroamphetamine 5 MG / amphetamine 5 MG", {"amphetamine", "dextroamphetamine"}),
        ("methamphetamine", set()),
    ],
)
def test_medicine_is_read_by_ingredient_or_brand(text, ingredients):
    assert {match.ingredient for match in LISTS.recognise(medicine(text))} == ingredients


def test_name_in_two_parts_needs_both():
    assert LISTS.recognise(medicine("naltrexone 50 MG Oral Tablet")) == ()
    assert only(medicine("24 HR naltrexone Extended Release Oral Tablet")).concept == "late"


def test_code_and_name_that_disagree_are_doubted():
    match = only(medicine("", Coding(RXNORM, "725", "fluorouracil")))
    assert "one of the two is wrong" in match.doubt


def test_code_of_another_system_is_not_mistaken():
    assert LISTS.recognise(medicine("", Coding("http://hl7.org/fhir/sid/ndc", "725"))) == ()


def test_display_of_an_icd9_code_is_a_name_though_its_code_is_not_read():
    fact = condition("", Coding("http://hl7.org/fhir/sid/icd-9-cm", "436", "Stroke"))
    assert only(fact).surety is Surety.NAME
    assert not LISTS.is_readable(fact)
