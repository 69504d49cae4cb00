"""The search over the shipped library, and the sets of questions it is measured on."""

from functools import lru_cache
from pathlib import Path

from leeward import content
from leeward.records.library.search import Answer, Search

HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def shipped() -> Search:
    library = content.load()
    return Search(library.articles.values(), library.lexicons)


def rows(name: str) -> list[list[str]]:
    lines = (HERE / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def slugs(answer: Answer) -> list[str]:
    return [found.passage.article.slug for found in answer.found]


def missed(search: Search, name: str, most: int = 3) -> list[str]:
    """Questions of a set that none of the first passages answers."""
    return [
        f"{language}: {question} -> {slugs(search.ask(question, language, most))}"
        for language, question, wanted in rows(name)
        if not set(wanted.split(",")) & set(slugs(search.ask(question, language, most)))
    ]
