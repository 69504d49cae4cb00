"""Words of crisis are heard in both languages and misspelt; doses are never told."""

import pytest

from tests.search.ready import rows, shipped, slugs


def heard(language: str, question: str) -> bool:
    alarms = shipped().ask(question, language).alarms
    return alarms.crisis or alarms.emergency


@pytest.mark.hazard("H61")
@pytest.mark.parametrize("name", ["crisis_words", "crisis_held"])
def test_no_word_of_crisis_is_missed(name: str) -> None:
    assert [q for language, q in rows(name) if not heard(language, q)] == []


@pytest.mark.parametrize("name", ["crisis_words", "crisis_held"])
def test_they_are_heard_whatever_the_language_of_the_page(name: str) -> None:
    other = {"en": "es", "es": "en"}
    assert [q for language, q in rows(name) if not heard(other[language], q)] == []


def test_they_are_heard_in_capitals_and_in_the_midst_of_a_long_text() -> None:
    for language, question in rows("crisis_words"):
        assert heard(language, question.upper()), question
        assert heard(language, f"hello there, {question}, please answer me soon"), question


def test_they_are_heard_at_the_end_of_a_text_too_long_to_search() -> None:
    assert heard("en", "my leg hurts. " * 200 + "i want to kill myself")


def test_false_alarms_stay_few() -> None:
    near = [q for language, q in rows("crisis_near") if heard(language, q)]
    assert len(near) <= 4, near
    plain = [q for name in ("questions_tuned", "questions_held")
             for language, q, wanted in rows(name)
             if heard(language, q) and "suicidal-thoughts" not in wanted]  # fmt: skip
    assert plain == []


def test_who_asks_for_a_dose_gets_the_safety_page_first() -> None:
    for language, question in rows("dosing"):
        answer = shipped().ask(question, language)
        assert answer.alarms.dosing, question
        assert slugs(answer)[0] == "at-home", question


@pytest.mark.hazard("H62")
def test_no_answer_to_a_question_about_a_dose_names_one() -> None:
    for language, question in rows("dosing"):
        for found in shipped().ask(question, language).found:
            assert " mg" not in found.passage.text({}).lower(), question


@pytest.mark.parametrize("question", ["can I drive home", "puedo comer antes"])
def test_a_plain_question_alarms_nobody(question: str) -> None:
    alarms = shipped().ask(question, "en").alarms
    assert (alarms.crisis, alarms.emergency, alarms.dosing) == (False, False, False)
