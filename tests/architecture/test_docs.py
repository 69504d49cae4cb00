"""Documents lead somewhere, speak of Leeward alone, and are made from their sources."""

import importlib.util
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\(([^)\s]+)\)")
# Written apart, so that this file does not hold what it looks for.
ELSEWHERE = re.compile(
    "|".join(("/" + "work" + "/", "/" + "root" + "/", "/" + "tmp" + "/", r"\.\./" + "shared"))
)


def documents():
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.fixture(scope="module")
def docs():
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "scripts" / "docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("file", documents(), ids=lambda f: str(f.relative_to(ROOT)))
def test_every_link_leads_somewhere(file):
    targets = [t.partition("#")[0] for t in LINK.findall(file.read_text()) if "://" not in t]
    missing = [t for t in targets if t and not (file.parent / t).exists()]
    assert missing == []


def test_no_document_names_a_machine_it_was_written_on():
    found = [str(f.relative_to(ROOT)) for f in documents() if ELSEWHERE.search(f.read_text())]
    assert found == []


def test_the_first_screen_of_the_readme_shows_the_product():
    first = (ROOT / "README.md").read_text().split("\n## ")[0]
    assert re.search(r"!\[[^\]]+\]\(docs/images/[\w-]+\.png\)", first)
    assert "make demo" in first
    assert "not a medical device" in first


def test_hazard_marks_are_found_wherever_they_stand(docs, tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(
        "import pytest\n"
        'pytestmark = pytest.mark.hazard("H1")\n'
        '@pytest.mark.hazard("H2", "H3")\ndef test_a(): ...\n'
        'class TestB:\n    @pytest.mark.hazard("H3")\n    def test_c(self): ...\n'
    )
    assert docs.hazard_tests(tmp_path / "tests") == {
        "H1": {"tests/test_it.py"},
        "H2": {"tests/test_it.py::test_a"},
        "H3": {"tests/test_it.py::test_a", "tests/test_it.py::TestB::test_c"},
    }


def test_a_stale_document_is_named_and_only_rewritten_when_asked(docs, tmp_path, monkeypatch):
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    monkeypatch.setattr(docs, "DOCUMENTS", {"a.md": lambda: "new\n"})
    (tmp_path / "a.md").write_text("old\n")
    assert "a.md" in list(docs.renew(write=False))
    assert (tmp_path / "a.md").read_text() == "old\n"
    monkeypatch.setattr(docs, "_schemas", lambda write: [])
    assert list(docs.renew(write=True)) == ["a.md"]
    assert list(docs.renew(write=False)) == []


def test_make_alone_explains_every_target():
    told = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, check=True)
    targets = re.findall(r"^([a-z0-9-]+):.*##", (ROOT / "Makefile").read_text(), re.M)
    assert len(targets) > 10
    assert [t for t in targets if f"make {t} " not in told.stdout] == []
