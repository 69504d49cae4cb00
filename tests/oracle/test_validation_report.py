"""The validation report in the repository is what the shipped sets and observations give."""

import shutil
from pathlib import Path

from leeward.cli.pharmacology_validation import write_report

SCIENCE = Path(__file__).parents[2] / "docs" / "science"


def test_report_is_up_to_date(tmp_path):
    shutil.copytree(SCIENCE / "observed", tmp_path / "observed")
    made = write_report(tmp_path)
    assert made.read_text(encoding="utf-8") == (SCIENCE / "validation.md").read_text("utf-8")
    drawn = {file.name for file in (tmp_path / "plots").iterdir()}
    assert drawn == {file.name for file in (SCIENCE / "plots").iterdir()}


def test_report_names_site_and_set_and_says_where_a_set_misses():
    text = (SCIENCE / "validation.md").read_text(encoding="utf-8")
    assert "**misses**" in text
    assert "other site, not judged" in text
    for name in ("domino", "kamp2020", "clements250", "otto2021", "perezruixo2021", "simons2022"):
        assert name in text
