"""The Spanish of the patient's pages is complete, certain, and compiled as it is written."""

import re
from pathlib import Path

import polib
import pytest

from scripts import catalogues


def test_every_text_is_translated_and_the_compiled_catalogue_is_fresh():
    assert catalogues.faults() == []


def test_a_stale_compiled_catalogue_is_found(tmp_path, monkeypatch):
    catalogue = tmp_path / "django.po"
    catalogue.write_text(catalogues.CATALOGUE.read_text())
    catalogue.with_suffix(".mo").write_bytes(b"old")
    monkeypatch.setattr(catalogues, "CATALOGUE", catalogue)
    assert catalogues.faults() == ["django.mo is not what django.po compiles to"]


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda e: setattr(e, "msgstr", ""), "not translated: Hello, %(name)s"),
        (lambda e: e.flags.append("fuzzy"), "uncertain: Hello, %(name)s"),
        (lambda e: setattr(e, "msgstr", "Hola"), "other placeholders than its text: Hola"),
    ],
    ids=["untranslated", "fuzzy", "placeholder lost"],
)
def test_a_damaged_entry_is_found(tmp_path, monkeypatch, damage, fault):
    catalogue = tmp_path / "django.po"
    entries = polib.pofile(str(catalogues.CATALOGUE))
    damage(entries.find("Hello, %(name)s"))
    entries.save(str(catalogue))
    catalogue.with_suffix(".mo").write_bytes(polib.pofile(str(catalogue)).to_binary())
    monkeypatch.setattr(catalogues, "CATALOGUE", catalogue)
    assert fault in catalogues.faults()


PAGES = ("portal", "progress", "questionnaire", "questionnaire_check", "questionnaire_done",
         "consent_own", "base_portal")  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_no_words_of_a_patients_page_are_left_out_of_the_catalogue(name):
    source = (Path(catalogues.ROOT) / "web" / "templates" / f"{name}.html").read_text()
    source = source.replace(' class="has-help"', "")
    source = re.sub(r"\{% blocktranslate.*?endblocktranslate %\}", "", source, flags=re.S)
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", source, flags=re.S)
    left = re.findall(r"[A-Za-z]{3,}", source.replace("Leeward", ""))
    assert left == []
