"""Candidates by SQLite FTS5, in memory: some hundred passages, made in a moment, never stale."""

import sqlite3
from collections.abc import Iterable, Sequence
from threading import Lock

from .passages import Passage


class SqliteStore:
    """The index of one process; it needs no file and no server."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._lock = Lock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute(
            "CREATE VIRTUAL TABLE passage USING fts5(key UNINDEXED, language UNINDEXED, words,"
            " tokenize = 'unicode61')"
        )
        rows = [(p.key, p.article.language, indexed_words(p)) for p in passages]
        self._db.executemany("INSERT INTO passage VALUES (?, ?, ?)", rows)

    def candidates(self, stems: Sequence[str], language: str, most: int) -> list[str]:
        """Keys of the passages that hold any of the stems, the likeliest first."""
        if not stems:
            return []
        # Stems are letters and digits alone; quoted, none of them can be an operator.
        query = " OR ".join(f'"{stem}"' for stem in stems)
        sql = "SELECT key FROM passage WHERE words MATCH ? AND language = ? ORDER BY rank LIMIT ?"
        with self._lock:
            return [row[0] for row in self._db.execute(sql, (query, language, most))]


def indexed_words(passage: Passage) -> str:
    """The stems of a passage, those of its heading twice."""
    names = ("heading", "heading", "words", "title", "topic", "text")
    return " ".join(key for name in names for key in passage.bags[name].elements())
