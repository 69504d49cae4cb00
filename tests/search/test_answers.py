"""Natural questions find the passages that answer them; what has no answer gets none."""

import pytest

from leeward.records.library.wording import LONGEST_QUESTION
from tests.search.ready import missed, rows, shipped, slugs

LEAST_RECALL = 0.9


@pytest.mark.parametrize("name", ["questions_tuned", "questions_held"])
def test_nine_in_ten_questions_are_answered_by_the_first_three_passages(name: str) -> None:
    lost = missed(shipped(), name)
    recall = 1 - len(lost) / len(rows(name))
    assert recall >= LEAST_RECALL, "\n".join([f"recall@3 is {recall:.3f}", *lost])


def test_the_sets_are_large_enough_and_apart() -> None:
    tuned, held = rows("questions_tuned"), rows("questions_held")
    assert len(tuned) >= 120
    assert len(held) >= 40
    assert not {q for _, q, _ in tuned} & {q for _, q, _ in held}
    for questions in (tuned, held):
        assert sum(language == "es" for language, _, _ in questions) >= len(questions) // 4


def test_what_the_library_does_not_know_gets_an_honest_nothing() -> None:
    answered = [q for language, q in rows("off_topic") if shipped().ask(q, language).found]
    assert len(answered) <= 2, answered


@pytest.mark.parametrize("question", ["", "   ", "?!.", "the of and", "\x00\x01", "🙂🙂"])
def test_an_empty_or_odd_question_finds_nothing_and_breaks_nothing(question: str) -> None:
    assert shipped().ask(question, "en").found == ()


@pytest.mark.parametrize(
    "question", ['" OR 1=1 --', "NEAR(pain, 5)", "words:pain*", "pain AND (", "-pain", "pain^2"]
)
def test_the_search_engines_own_language_is_not_spoken(question: str) -> None:
    assert all(0 < found.score <= 1 for found in shipped().ask(question, "en").found)


def test_a_ten_megabyte_question_is_answered_like_its_beginning() -> None:
    long = "can I drive home " * 600_000
    assert slugs(shipped().ask(long, "en")) == slugs(shipped().ask(long[:LONGEST_QUESTION], "en"))


@pytest.mark.parametrize(("language", "question"), [("en", "pain"), ("es", "dolor")])
def test_passages_are_in_the_language_asked_for_and_best_first(
    language: str, question: str
) -> None:
    found = shipped().ask(question, language).found
    assert {each.passage.article.language for each in found} == {language}
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)


def test_no_more_than_two_passages_come_from_one_article() -> None:
    for language, question, _ in rows("questions_tuned"):
        told = slugs(shipped().ask(question, language))
        assert all(told.count(slug) <= 2 for slug in told)


def test_every_passage_shown_says_what_it_rests_on_or_claims_nothing() -> None:
    for language, question, _ in rows("questions_tuned"):
        for found in shipped().ask(question, language).found:
            for block in found.passage.blocks:
                assert bool(block.evidence) == bool(block.sources)
