"""`make corpus`: every record of a folder is read and assessed, and a bad file is named."""

import gzip
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
RECORDS = ROOT / "src" / "leeward" / "demo" / "data" / "fhir"


def sweep(folder):
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "corpus.py"), str(folder)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip


def test_counts_people_and_what_was_found():
    swept = sweep(RECORDS)
    assert swept.returncode == 0, swept.stderr
    assert swept.stdout.startswith("3 files, 3 people")
    assert "With a BLOCK that is present: 1" in swept.stdout
    assert "substance_use_active" in swept.stdout


def test_names_a_file_that_could_not_be_read_and_goes_on(tmp_path):
    record = next(RECORDS.glob("*.json.gz"))
    shutil.copy(record, tmp_path / "whole.json.gz")
    (tmp_path / "broken.json").write_bytes(gzip.decompress(record.read_bytes())[:4000])
    swept = sweep(tmp_path)
    assert swept.returncode == 1
    assert swept.stdout.startswith("2 files, 1 people")
    assert "NOT READ  broken.json" in swept.stdout


def test_an_empty_folder_is_said(tmp_path):
    assert sweep(tmp_path).returncode == 1


def test_an_export_is_screened_and_its_people_assessed(tmp_path):
    (tmp_path / "odd.ndjson").write_bytes(
        (ROOT / "tests" / "data" / "screening" / "odd-lines.ndjson").read_bytes()
    )
    swept = sweep(tmp_path)
    assert swept.returncode == 0, swept.stdout + swept.stderr
    assert "people of exports, by screen and by assess" in swept.stdout


def test_a_file_about_nobody_is_no_fault(tmp_path):
    (tmp_path / "place.json").write_text('{"resourceType": "Organization", "id": "o"}')
    shutil.copy(next(RECORDS.glob("*.json.gz")), tmp_path / "whole.json.gz")
    swept = sweep(tmp_path)
    assert swept.returncode == 0, swept.stdout
    assert "1 files say nothing about a person" in swept.stdout
