"""A Bundle read quickly gives the very facts, and the very reasons, of the careful reading."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from leeward.exchange.fhir import one_person, quick
from leeward.exchange.fhir.one_person import read_one_person

RECORDS = sorted((Path(__file__).parents[2] / "data" / "synthea-r4").glob("*.json.gz"))


def carefully(path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(one_person, "read_bundle", lambda _: None)
        return read_one_person(path)


def counted(person):
    return Counter((each.resource, each.because) for each in person.skipped)


@pytest.mark.parametrize("record", RECORDS, ids=lambda each: each.name[:8])
def test_same_facts_in_the_same_order(record, monkeypatch):
    assert quick.read_bundle(str(record)) is not None
    slow, fast = carefully(str(record), monkeypatch), read_one_person(str(record))
    assert fast.facts == slow.facts
    assert counted(fast) == counted(slow)


def bundle(*resources, **more):
    return {"resourceType": "Bundle", "entry": [{"resource": r, **more} for r in resources]}


ANN = {"resourceType": "Patient", "id": "ann", "birthDate": "1980-01-01"}
FALSE_CODE = {"resourceType": "Condition", "id": "1", "subject": {"reference": "Patient/ann"},
              "code": "text"}  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        bundle(ANN, FALSE_CODE),
        bundle(ANN, {"resourceType": "Observation", "id": "o", "code": 5}),
        bundle(ANN, {"resourceType": "Bundle", "entry": []}),
        bundle(ANN, {"id": "nothing"}),
        bundle(ANN, request={"method": "DELETE"}),
        bundle({**ANN, "id": "a\x00b"}),
        {"resourceType": "Bundle", "entry": "none"},
        ANN,
    ],
)
def test_odd_bundles_read_as_the_careful_way_reads_them(content, tmp_path, monkeypatch):
    file = tmp_path / "odd.json"
    file.write_text(json.dumps(content))
    slow, fast = carefully(str(file), monkeypatch), read_one_person(str(file))
    assert getattr(fast, "facts", fast) == getattr(slow, "facts", slow)
    if hasattr(fast, "facts"):
        assert counted(fast) == counted(slow)


def test_a_damaged_gzip_is_left_to_the_careful_way(tmp_path):
    file = tmp_path / "cut.json.gz"
    file.write_bytes(gzip.compress(json.dumps(bundle(ANN)).encode())[:-12])
    assert quick.read_bundle(str(file)) is None
