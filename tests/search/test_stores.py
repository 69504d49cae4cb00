"""The two stores of the index, in memory and on PostgreSQL, hold the same contract."""

import pytest
from django.db import connection

from leeward import content
from leeward.records.library.models import IndexedPassage
from leeward.records.library.passages import cut
from leeward.records.library.search import Search
from leeward.records.library.store_sqlite import SqliteStore
from tests.search.ready import missed, rows

LEAST_RECALL = 0.9


@pytest.fixture(params=["sqlite", "postgres"])
def store(request):
    passages = cut(content.load().articles.values())
    if request.param == "sqlite":
        return SqliteStore(passages)
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL (--pg)")
    request.getfixturevalue("db")
    from leeward.records.library.store_postgres import PostgresStore

    return PostgresStore(passages, content.load().digest)


def test_any_of_the_stems_is_enough_and_the_language_is_kept(store):
    keys = store.candidates(["bladder", "zzz"], "en", 80)
    assert keys
    assert all(".en#" in key for key in keys)
    assert store.candidates(["bladder"], "es", 80) == []


def test_nothing_is_found_for_nothing(store):
    assert store.candidates([], "en", 80) == []
    assert store.candidates(["zzz"], "en", 80) == []


def test_no_more_are_given_than_asked_for(store):
    assert len(store.candidates(["ketamin"], "en", 7)) == 7


def test_the_questions_are_answered_as_well_from_either(store):
    library = content.load()
    search = Search(library.articles.values(), library.lexicons, store)
    lost = missed(search, "questions_tuned")
    assert 1 - len(lost) / len(rows("questions_tuned")) >= LEAST_RECALL, lost


@pytest.mark.postgres
@pytest.mark.django_db
def test_an_index_of_other_content_makes_way(request):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL (--pg)")
    from leeward.records.library.store_postgres import PostgresStore

    passages = cut(content.load().articles.values())
    old = PostgresStore(passages[:3], "old")
    PostgresStore(passages, "new")
    assert set(IndexedPassage.objects.values_list("index_digest", flat=True)) == {"new"}
    assert IndexedPassage.objects.count() == len(passages)
    assert old.candidates(["ketamin"], "en", 80), "an index that was taken away is made again"
