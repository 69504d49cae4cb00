"""Files of others are as published, named and licensed."""

import hashlib
import json
from pathlib import Path

import pytest

import leeward

STATIC = Path(leeward.__file__).parent / "web" / "static"
LISTED = json.loads((STATIC / "vendor" / "vendor.json").read_text(encoding="utf-8"))["packages"]
FILES = [(package["name"], file) for package in LISTED for file in package["files"]]


@pytest.mark.parametrize(("name", "file"), FILES, ids=[file["file"] for _, file in FILES])
def test_vendored_file_is_as_pinned(name, file):
    content = (STATIC / file["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == file["sha256"]


def test_every_file_in_vendor_and_fonts_is_listed():
    own = {"vendor/vendor.json", "vendor/README.md"}
    there = {
        str(path.relative_to(STATIC))
        for folder in ("vendor", "fonts")
        for path in (STATIC / folder).rglob("*")
        if path.is_file()
    }
    assert there - own == {file["file"] for _, file in FILES}


@pytest.mark.parametrize("package", LISTED, ids=[package["name"] for package in LISTED])
def test_every_package_has_version_and_licence_text(package):
    assert package["version"][0].isdigit()
    assert package["licence"]
    texts = [file["file"] for file in package["files"] if file["from"] == "LICENSE"]
    assert len(texts) == 1
    assert len((STATIC / texts[0]).read_text(encoding="utf-8")) > 300


def test_packages_stand_in_the_notice():
    notice = (Path(leeward.__file__).parents[2] / "NOTICE").read_text(encoding="utf-8")
    for words in ("htmx", "uPlot", "Atkinson Hyperlegible Next"):
        assert words in notice
