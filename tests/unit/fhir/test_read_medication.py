from datetime import date

from leeward.exchange.fhir.facts import to_facts
from leeward.usecases.imported import ImportedMedication, Skipped

from .resources import CORA, RXNORM, concept, read, request


def test_reads_an_order():
    found = read(request(dosageInstruction=[{"text": "20 mg in the morning"}]))
    assert isinstance(found, ImportedMedication)
    assert (found.form, found.status, found.intent) == ("request", "active", "order")
    assert found.dosage_text == "20 mg in the morning"
    assert found.authored.first == date(2020, 1, 2)


def test_an_order_not_to_give_it_is_not_read_as_an_order():
    assert read(request(doNotPerform=True)).status == "do-not-perform"


def test_puts_a_structured_dosage_in_words():
    dosage = {
        "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
        "route": concept("26643006", "Oral route"),
        "asNeededBoolean": True,
        "doseAndRate": [{"doseQuantity": {"value": 1}}],
    }
    words = read(request(dosageInstruction=[dosage])).dosage_text
    assert words == "1 (no unit given), 2 times every 1 d, Oral route, as needed"


def test_the_end_of_a_prescription_is_not_the_end_of_the_treatment():
    found = read(request(dispenseRequest={"validityPeriod": {"end": "2020-02-02"}}))
    assert found.ends is None


def test_a_bounded_treatment_gives_its_end():
    bounds = {"boundsPeriod": {"start": "2020-01-02", "end": "2020-03-01"}}
    found = read(request(dosageInstruction=[{"timing": {"repeat": bounds}}]))
    assert found.ends.first == date(2020, 3, 1)


def test_reads_a_statement_and_its_facts():
    statement = {
        "resourceType": "MedicationStatement",
        "id": "s1",
        "status": "active",
        "subject": CORA,
        "medicationCodeableConcept": concept("596", "alprazolam", RXNORM),
        "effectivePeriod": {"start": "2021-01", "end": "2021-06-30"},
        "dateAsserted": "2021-07-01",
    }
    found = read(statement)
    assert found.form == "statement"
    (fact,) = to_facts([found])
    assert (fact.clinical_status, fact.onset.text) == ("active", "2021-01")
    assert (fact.abatement.text, fact.recorded.text) == ("2021-06-30", "2021-07-01")


def test_a_medicine_without_a_name_is_left():
    found = read(request(medicationCodeableConcept=None))
    assert isinstance(found, Skipped)
    assert found.because == "it does not say which medicine"
