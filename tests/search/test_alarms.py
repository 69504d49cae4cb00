"""Words of crisis are heard in both languages and misspelt; doses are never told."""

import pytest

from tests.search.ready import rows, shipped, slugs


def heard(question: str) -> bool:
    alarms = shipped().hear(question)
    return alarms.crisis or alarms.emergency


@pytest.mark.hazard("H61")
@pytest.mark.parametrize("name", ["crisis_words", "crisis_held"])
def test_no_word_of_crisis_is_missed(name: str) -> None:
    assert [q for _, q in rows(name) if not heard(q)] == []


def test_they_are_heard_whatever_the_language_of_the_page() -> None:
    for question, other in (("quiero morir", "en"), ("i want to die", "es")):
        assert shipped().ask(question, other).alarms.crisis


def test_they_are_heard_in_capitals_and_in_the_midst_of_a_long_text() -> None:
    for _, question in rows("crisis_words"):
        assert heard(question.upper()), question
        assert heard(f"hello there, {question}, please answer me soon"), question


def test_they_are_heard_at_the_end_of_a_text_too_long_to_search() -> None:
    assert heard("my leg hurts. " * 200 + "i want to kill myself")


def test_false_alarms_stay_few() -> None:
    near = [q for _, q in rows("crisis_near") if heard(q)]
    assert len(near) <= 4, near
    plain = [q for name in ("questions_tuned", "questions_held")
             for _, q, wanted in rows(name)
             if heard(q) and "suicidal-thoughts" not in wanted]  # fmt: skip
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
