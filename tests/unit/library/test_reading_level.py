"""How hard a text is to read, against words divided by hand and sums done by hand."""

import pytest

from leeward.content.article_words import plain, wrong_markup
from leeward.content.reading_level import level_of
from leeward.content.syllables import syllables

ENGLISH = """
    ketamine:3 depression:3 treatment:2 name:1 names:1 named:1 table:2 clinic:2 vein:1
    infusion:3 hospital:3 patient:2 patients:2 nausea:3 dizzy:2 pressure:2 oxygen:3 bladder:2
    liver:2 headache:2 migraine:2 chronic:2 therapy:3 doctor:2 needed:2 started:2 stopped:1
    watched:1 approved:2 label:2 studies:2 study:2 believe:2 feeling:2 breathing:2 sleepy:2
    blurred:1 vision:2 nervous:2 alcohol:3 pregnant:2 schizophrenia:5 psychosis:3 reaction:3
    controlled:2 substance:2 addiction:3 recovery:4 minutes:2 together:3 enough:2 through:1
    people:2 although:2 suicide:3 suicidal:4 crisis:2 insurance:3 question:2 evidence:3
    trying:2 carried:2 carry:2 noise:1 nurse:1 after:2 tomorrow:3 machine:2 machines:2
    important:3 decisions:3 experience:4 quickly:2 safely:2 sometimes:2 receptor:3 glutamate:3
    memory:3 improve:2 improved:2 lasted:2 months:1 weeks:1 years:1 relapse:2 brain:1 cells:1
    signals:2 spray:1 approval:3 fibromyalgia:6 neuropathic:4 esketamine:4 anesthetic:4
    medical:3 mental:2 cannot:2 idea:3 cause:1 causes:2 used:1 usual:3 because:2 before:2
    disease:2 appetite:3 feels:1 eating:2 disorder:3 thoughts:1 unreal:2 create:2 anesthesia:5
    violent:3 period:3 radiation:4 ideas:3 sudden:2 tingling:2 settle:2 settled:2 handled:2
    trembling:2 wrapped:1 faded:2 noted:2 dose:1 doses:2 pulse:1 average:3 severe:2 alone:2
    someone:2
"""
SPANISH = """
    ketamina:4 depresión:3 tratamiento:4 vena:2 suero:2 oído:3 día:2 días:2 había:3 aire:2
    aéreo:4 guía:2 agua:2 quien:1 que:1 guerra:2 vergüenza:3 huir:1 país:2 ahora:3 cuidado:3
    ruido:2 hay:1 muy:1 rey:1 leer:2 creer:2 poeta:3 búho:2 prohíbe:3 y:1 enfermería:5
    ansiedad:3 clínica:3 médico:3 después:2 también:2 estudio:3 estudios:3 cefalea:4
    suicidio:3 ciudad:2 presión:2 hígado:3 vejiga:3 miedo:2 siempre:2 sangre:2 ayuda:3
    reunión:2 leído:3 real:2 idea:3 línea:3 toalla:3 ahí:2 ahorro:3
"""


def divided(text: str) -> list[tuple[str, int]]:
    return [
        (word, int(count)) for word, _, count in (each.partition(":") for each in text.split())
    ]


@pytest.mark.parametrize(("word", "count"), divided(ENGLISH))
def test_english_syllables_are_counted_as_a_person_says_them(word: str, count: int) -> None:
    assert syllables(word, "en") == count


@pytest.mark.parametrize(("word", "count"), divided(SPANISH))
def test_spanish_syllables_follow_its_spelling(word: str, count: int) -> None:
    assert syllables(word, "es") == count


def test_english_grade_is_the_formula_of_flesch_and_kincaid() -> None:
    # 2 sentences of 11 words in all, each of one syllable.
    level = level_of(["The nurse sits with you. You can ask her to stop. "], "en")
    assert (level.words, level.sentences) == (11, 2)
    assert level.score == pytest.approx(0.39 * 11 / 2 + 11.8 * 11 / 11 - 15.59)
    assert level.passes


def test_spanish_ease_is_the_formula_of_fernandez_huerta() -> None:
    # Us-ted pue-de pe-dir que pa-ren: 9 syllables in 5 words, one sentence
    level = level_of(["Usted puede pedir que paren."], "es")
    assert level.score == pytest.approx(206.84 - 60 * 9 / 5 - 1.02 * 5)
    assert level.passes


def test_long_words_in_long_sentences_fail() -> None:
    hard = (
        "Considerable uncertainty remains regarding the sustained antidepressant effectiveness of"
        " repeated subanesthetic intravenous administration in treatment-resistant populations."
    )
    assert not level_of([hard], "en").passes
    duro = (
        "Persiste una incertidumbre considerable respecto de la efectividad antidepresiva"
        " sostenida de la administración intravenosa repetida en poblaciones resistentes."
    )
    assert not level_of([duro], "es").passes


def test_a_decimal_number_or_an_abbreviation_does_not_end_a_sentence() -> None:
    assert level_of(["It was 38.3 in 100. Dr. Lee said so."], "en").sentences == 2


def test_marks_are_taken_off_the_words() -> None:
    words = "**Pain.** See [after-care](after-care#home) or call {crisis}."
    assert plain(words, {"crisis": "988"}) == "Pain. See after-care or call 988."
    assert list(wrong_markup(words)) == []


@pytest.mark.parametrize("words", ["**bold", "<b>bold</b>", "{phone}", "[words](Not A Slug)",
                                   "https://example.org"])  # fmt: skip
def test_what_looks_like_a_mark_and_is_none_is_refused(words: str) -> None:
    assert list(wrong_markup(words))
