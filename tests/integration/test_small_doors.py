"""Odd requests and odd moments that once broke something."""

import gzip
import threading

import pytest
from django.urls import reverse

from leeward.config.home import secret_key
from leeward.exchange.documents.signer import Ed25519Signer
from leeward.exchange.fhir.reader import MEGABYTE, ReadLimits, read_groups
from leeward.web import door
from tests.integration.after_session import browser

EDGES = ("0001-01-01", "9999-12-31", "0001-01-02", "nonsense", "2026-02-30", "")


@pytest.mark.django_db
@pytest.mark.parametrize("day", EDGES)
def test_a_day_at_the_edge_of_the_calendar_shows_today(cast, day, monkeypatch):
    monkeypatch.setattr(door, "now", lambda: cast.now)
    for page, person in (("schedule", cast.dev), ("ledger", cast.eve)):
        answer = browser(person).get(reverse(page, args=[cast.location.id]), {"day": day})
        assert answer.status_code == 200
        if page == "schedule":
            assert "19 Nov 2026" in answer.content.decode()


def test_many_starts_at_once_read_one_whole_key(tmp_path):
    found, ready = [], threading.Barrier(8)

    def start():
        ready.wait()
        found.append((secret_key(tmp_path), Ed25519Signer(tmp_path / "keys").public_key))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(found[0][0]) > 60
    kept = sorted(f.name for f in tmp_path.rglob("*") if f.is_file())
    assert kept == ["record.key", "record.pub", "secret.key"]


def test_a_small_file_that_unpacks_to_a_flood_is_stopped(tmp_path):
    file = tmp_path / "Patient.ndjson.gz"
    line = b'{"resourceType": "Patient", "id": "a"}\n'
    with gzip.open(file, "wb") as out:
        for _ in range(300):
            out.write(line)
        out.write(b"x" * (8 * MEGABYTE))
    limits = ReadLimits(line_bytes=1000, total_bytes=100 * len(line))
    groups = list(read_groups(str(file), limits))
    assert len(groups) == 101
    assert "split it" in groups[-1].skipped[0].because
    whole_line = ReadLimits(line_bytes=1000, total_bytes=2 * MEGABYTE)
    last = list(read_groups(str(file), whole_line))[-1]
    assert last.skipped
