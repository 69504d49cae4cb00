"""`leeward screen` finds for each person what `leeward assess` finds."""

import gzip
import json
from pathlib import Path

import pytest

from leeward.exchange.fhir.one_person import read_one_person, read_people

from .comparison import said_by_assess, said_by_screen, screened

DATA = Path(__file__).parents[2] / "data"
BULK = DATA / "bulk-export"
ASKED = [("racemic_ketamine", "iv"), ("racemic_ketamine", "oral"), ("esketamine", "intranasal")]


def as_ndjson(bundles, folder):
    """Write Bundles as an export does: a file a kind, references by type and id."""
    folder.mkdir()
    for bundle in bundles:
        entries = json.loads(gzip.decompress(bundle.read_bytes()))["entry"]
        named = {
            entry["fullUrl"]: f"{entry['resource']['resourceType']}/{entry['resource']['id']}"
            for entry in entries
        }
        for entry in entries:
            text = json.dumps(entry["resource"])
            for url, name in named.items():
                text = text.replace(f'"{url}"', f'"{name}"')
            file = folder / f"{entry['resource']['resourceType']}.ndjson"
            with file.open("a", encoding="utf-8") as out:
                out.write(text + "\n")


@pytest.mark.parametrize(("drug", "route"), ASKED)
def test_on_an_export_that_is_gzipped(drug, route):
    lines, summary = screened(BULK, drug=drug, route=route)
    files = sorted(str(file) for file in BULK.glob("*.ndjson.gz"))
    people, _ = read_people(files)
    assert len(people) == 5
    assert summary["people"] == 5
    for person, facts in people.items():
        assert said_by_screen(lines[person]) == said_by_assess(facts, drug, route), person


@pytest.mark.hazard("H27")
def test_on_whole_records_written_as_an_export(tmp_path):
    bundles = sorted((DATA / "synthea-r4").glob("*.json.gz"))
    as_ndjson(bundles, tmp_path / "export")
    lines, _ = screened(tmp_path / "export")
    assert len(lines) == len(bundles)
    for bundle in bundles:
        person = f"Patient/{bundle.name.removesuffix('.json.gz')}"
        facts = read_one_person(str(bundle)).facts
        assert said_by_screen(lines[person]) == said_by_assess(facts), person


def test_on_every_day_that_a_window_could_end(tmp_path):
    bundles = sorted((DATA / "synthea-r4").glob("*.json.gz"))[:2]
    as_ndjson(bundles, tmp_path / "export")
    people = [read_one_person(str(bundle)).facts for bundle in bundles]
    days = {
        when.last for facts in people for fact in facts for when in (fact.onset, fact.abatement)
        if when is not None
    }  # fmt: skip
    for day in sorted(days)[-4:]:
        lines, _ = screened(tmp_path / "export", as_of=day)
        for bundle, facts in zip(bundles, people, strict=True):
            person = f"Patient/{bundle.name.removesuffix('.json.gz')}"
            assert said_by_screen(lines[person]) == said_by_assess(facts, as_of=day), (person, day)
