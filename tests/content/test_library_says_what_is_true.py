"""What the public articles say: audited claims in both languages, and what no page may say."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from leeward import content
from leeward.content.article import Article, Block

LIBRARY = content.load()

AUDITED: dict[int, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "audited_claims.yaml").read_text("utf-8")
)

NEVER = {
    "en": (
        r"\byou qualify\b",
        r"\byou are (not )?(a candidate|eligible)\b",
        r"\bsafe and effective\b",
        r"\bgame.?changer\b",
        r"\bbreakthrough\b",
        r"\bno side effects\b",
    ),
    "es": (
        r"\busted (no )?califica\b",
        r"\busted (no )?es (apto|apta|candidato|candidata)\b",
        r"\bsegur[oa] y efica[zc]\b",
        r"\brevolucionari[oa]\b",
        r"\bsin efectos secundarios\b",
    ),
}
A_DOSE = re.compile(r"\d\s*(mg|mcg|µg|ug|ml|mL|miligramos|milligrams|cc)\b|mg/kg")

ARTICLE_OF = {
    "treatment_resistant_depression": "depression",
    "depression_with_suicidality": "suicidal-thoughts",
    "bipolar_depression": "bipolar-depression",
    "ptsd": "ptsd",
    "anxiety": "anxiety",
    "ocd": "ocd",
    "eating_disorder": "eating-disorders",
    "alcohol_use_disorder": "substance-use",
    "substance_use_disorder": "substance-use",
    "crps": "crps",
    "spinal_cord_injury_pain": "nerve-pain",
    "neuropathic_pain": "nerve-pain",
    "phantom_limb_pain": "nerve-pain",
    "fibromyalgia": "fibromyalgia",
    "migraine": "headaches",
    "low_back_pain": "pain",
    "chronic_pain": "pain",
    "cluster_headache": "headaches",
    "multiple_sclerosis_pain": "ms-pain",
}
FEW_STUDIES = {"some", "little"}


def blocks_of(article: Article) -> Iterator[Block]:
    for section in article.sections:
        yield from section.blocks


def words_of(article: Article) -> str:
    parts = [article.title, article.summary, *article.in_short]
    for section in article.sections:
        parts.append(section.heading)
        for block in section.blocks:
            parts.extend(block.sentences())
            if block.table:
                parts += [block.table.caption, *map(str, block.table.columns)]
                parts += [str(cell) for row in block.table.rows for cell in row]
    return "\n".join(parts)


def audited_words(number: int, language: str) -> str:
    return "\n".join(
        sentence
        for article in LIBRARY.articles.values()
        if article.language == language
        for block in blocks_of(article)
        if number in block.audits
        for sentence in block.sentences()
    )


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("number", range(1, 26))
def test_an_audited_claim_is_told_as_the_evidence_has_it(number: int, language: str) -> None:
    said = audited_words(number, language)
    for pattern in AUDITED[number][language]:
        assert re.search(pattern, said, re.IGNORECASE), f"claim {number}, {language}: {pattern}"


@pytest.mark.parametrize("id", sorted(LIBRARY.articles))
def test_no_page_promises_qualifies_or_doses(id: str) -> None:
    article = LIBRARY.articles[id]
    said = words_of(article)
    assert A_DOSE.search(said) is None
    for pattern in NEVER[article.language]:
        assert re.search(pattern, said, re.IGNORECASE) is None, pattern


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_reason_for_treatment_has_its_article(language: str) -> None:
    assert set(ARTICLE_OF) == set(LIBRARY.indications)
    for slug in ARTICLE_OF.values():
        assert f"{slug}.{language}" in LIBRARY.articles


@pytest.mark.parametrize(
    "indication", sorted(set(ARTICLE_OF) - {"treatment_resistant_depression"})
)
def test_an_article_claims_no_more_than_the_evidence_level(indication: str) -> None:
    """Only resistant depression is well studied: elsewhere what a trial found is marked so."""
    trials = {item.source.source for item in LIBRARY.indications[indication].evidence}
    trials -= {"spr", "common_practice"}
    for language in ("en", "es"):
        for block in blocks_of(LIBRARY.articles[f"{ARTICLE_OF[indication]}.{language}"]):
            if trials & {cited.source for cited in block.sources} and block.evidence != "practice":
                assert block.evidence in FEW_STUDIES, block.sentences()


@pytest.mark.parametrize("id", sorted(LIBRARY.articles))
def test_a_page_with_an_emergency_names_the_number_first(id: str) -> None:
    """Where something can be an emergency, the red section opens the page and names a number."""
    article = LIBRARY.articles[id]
    urgent = [place for place, section in enumerate(article.sections) if section.urgent]
    if urgent:
        assert urgent[0] == 0
        first = article.sections[0].blocks[0].sentences()[0]
        assert "{emergency}" in first or "{crisis}" in first


A_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
A_MARK = re.compile(r"\]\([a-z0-9#-]+\)|\{(?:emergency|crisis)\}")


@pytest.mark.parametrize("slug", sorted({article.slug for article in LIBRARY.articles.values()}))
def test_both_languages_name_the_same_numbers_links_and_telephones(slug: str) -> None:
    english, spanish = (LIBRARY.articles[f"{slug}.{language}"] for language in ("en", "es"))
    for here, there in zip(english.sections, spanish.sections, strict=True):
        for one, other in zip(here.blocks, there.blocks, strict=True):
            for pattern in (A_NUMBER, A_MARK):
                ours = sorted(pattern.findall("\n".join(one.sentences())))
                theirs = sorted(pattern.findall("\n".join(other.sentences())))
                assert ours == theirs, (here.id, one.sentences())
            if one.table and other.table:
                assert [A_NUMBER.findall(str(cell)) for row in one.table.rows for cell in row] == [
                    A_NUMBER.findall(str(cell)) for row in other.table.rows for cell in row
                ]


@pytest.mark.parametrize("id", sorted(LIBRARY.articles))
def test_what_no_publication_carries_is_marked_practice_or_little_known(id: str) -> None:
    for block in blocks_of(LIBRARY.articles[id]):
        if block.sources and {cited.source for cited in block.sources} == {"common_practice"}:
            assert block.evidence in {"practice", "little"}, block.sentences()
