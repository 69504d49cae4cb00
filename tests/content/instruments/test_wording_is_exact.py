"""Every published word is the word that was checked."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.content.instruments.library import shipped

FINGERPRINTS = json.loads(
    (Path(__file__).parents[2] / "data/questionnaires/wording.sha256.json").read_text()
)
WORDS = (
    "language", "title", "version", "recall_period", "instructions", "stem",
    "prompt_before_items", "acuity_instruction", "notice",
)  # fmt: skip
CHECKED = sorted(FINGERPRINTS)


def sha256(value):
    text = json.dumps(value, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def form_of(name):
    expected = FINGERPRINTS[name]
    instrument = shipped()[expected["instrument"]]
    forms = {form.language: form for form in instrument.forms}
    return instrument, forms[expected["language"]], expected


@pytest.mark.parametrize("name", CHECKED)
def test_each_question_and_answer_is_word_for_word_the_checked_one(name):
    instrument, form, expected = form_of(name)
    found = {}
    for item in form.items:
        own = instrument.item(item.link_id)
        labels = [[each.label, own.option(each.value).score] for each in item.options]
        found[item.link_id] = sha256([item.link_id, item.text, labels])
    assert found == expected["items_sha256"]


@pytest.mark.parametrize("name", CHECKED)
def test_instructions_and_notice_are_word_for_word_the_checked_ones(name):
    _, form, expected = form_of(name)
    words = {word: getattr(form, word) for word in WORDS}
    assert sha256(words) == expected["words_sha256"]


def test_every_published_form_has_been_checked():
    checked = {(each["instrument"], each["language"]) for each in FINGERPRINTS.values()}
    own = {"mpadss", "news2", "dissociation"}
    for instrument in shipped().values():
        for form in instrument.forms:
            if instrument.validated and instrument.id not in own:
                assert (instrument.id, form.language) in checked


def test_two_languages_ask_the_same_questions_with_the_same_values():
    several = [instrument for instrument in shipped().values() if len(instrument.forms) > 1]
    assert {"phq-9", "gad-7", "asq", "who-5"} <= {instrument.id for instrument in several}
    for instrument in several:
        shapes = {
            tuple((item.link_id, tuple(o.value for o in item.options)) for item in form.items)
            for form in instrument.forms
        }
        assert len(shapes) == 1, instrument.id


def test_a_missing_language_falls_back_to_english_and_says_so():
    phq_9, pcl_5 = shipped()["phq-9"], shipped()["pcl-5"]
    assert phq_9.form("es").language == "es-US"
    assert phq_9.form("es-MX").language == "es-US"
    assert phq_9.form("en").language == "en-US"
    assert phq_9.form("fr").language == "en-US"
    assert pcl_5.form("es").language == "en-US"
    assert shipped()["madrs"].form("en") is None


def test_words_under_other_terms_stay_apart_and_off():
    off = {i.id for i in shipped().values() if not i.enabled_by_default}
    assert off == {"audit-c-who", "who-5"}
    for instrument_id in off:
        assert "non-commercial" in shipped()[instrument_id].terms.licence


def test_every_form_has_its_own_fingerprint():
    prints = [form.sha256 for instrument in shipped().values() for form in instrument.forms]
    assert len(set(prints)) == len(prints)
    assert all(len(each) == 64 for each in prints)


def test_no_scale_that_may_not_be_shipped_carries_words():
    for name in ("madrs", "bdi-ii", "c-ssrs-screener", "cadss", "dast-10", "qids-sr16", "isi"):
        assert shipped()[name].score_entry_only
