from leeward.exchange.fhir.facts import to_facts
from leeward.usecases.imported import ImportedAllergy, Skipped

from .resources import CORA, RXNORM, concept, read


def allergy(**more):
    return {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": CORA,
        "code": concept("6130", "ketamine", RXNORM),
        "clinicalStatus": concept("active"),
        "verificationStatus": concept("confirmed"),
        "criticality": "high",
        "category": ["medication"],
        **more,
    }


def test_reads_substance_criticality_and_reactions():
    reaction = {"manifestation": [concept("271807003", "Rash")], "severity": "severe"}
    found = read(allergy(reaction=[reaction]))
    assert isinstance(found, ImportedAllergy)
    assert (found.criticality, found.category) == ("high", "medication")
    assert found.reactions[0].manifestations == ("Rash",)
    assert found.reactions[0].severity == "severe"


def test_a_reaction_names_the_substance_where_the_record_does_not():
    reaction = {"substance": concept("6130", "ketamine", RXNORM), "manifestation": []}
    found = read(allergy(code=None, reaction=[reaction]))
    assert found.concept.label == "ketamine"


def test_each_further_substance_is_a_fact():
    reaction = {"substance": concept("2119365", "esketamine", RXNORM), "manifestation": []}
    facts = to_facts([read(allergy(reaction=[reaction]))])
    assert [fact.codings[0].code for fact in facts] == ["6130", "2119365"]
    assert {fact.criticality for fact in facts} == {"high"}


def test_an_allergy_to_nothing_named_is_left():
    found = read(allergy(code=None))
    assert isinstance(found, Skipped)
    assert found.because == "it does not say to what"
