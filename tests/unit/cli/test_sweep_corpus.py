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
