"""Every mistake a writer can make has its own words. One broken file for each.

The head of each file says into which folder it is put, which words the message must contain
(parted by semicolons) and on which line the mistake stands.
"""

import ast
import shutil
import sys
from pathlib import Path

import pytest

from leeward import content
from leeward.content.errors import ContentError, Mistake, Problem
from leeward.content.loader import load
from leeward.content.reading import read

HERE = Path(__file__).parent
EXAMPLES = sorted((HERE / "broken").glob("*.yaml"))


def head(example: Path, name: str) -> str:
    lines = example.read_text(encoding="utf-8").splitlines()
    found = [line.partition(": ")[2] for line in lines if line.startswith(f"# {name}: ")]
    return found[0] if found else ""


def problems_with(example: Path, folder: Path) -> tuple[Problem, ...]:
    root = folder / "content"
    shutil.copytree(HERE / "small", root)
    place = root / head(example, "folder")
    place.mkdir(exist_ok=True)
    shutil.copy(example, place / "with_mistake.yaml")
    return read(root).problems


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_mistake_is_named_with_its_place_and_its_remedy(example: Path, tmp_path: Path) -> None:
    problems = problems_with(example, tmp_path)
    words = head(example, "says").split("; ")
    file = f"{head(example, 'folder')}/with_mistake.yaml"
    told = [p for p in problems if p.file == file and all(word in p.because for word in words)]
    assert told, f"{words} not in {[str(problem) for problem in problems]}"
    assert {p.file for p in problems} - {head(example, "also")} == {file}
    assert told[0].line == int(head(example, "line"))


def test_the_small_folder_they_are_put_into_is_valid() -> None:
    assert read(HERE / "small").problems == ()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_broken_content_is_not_loaded(example: Path, tmp_path: Path) -> None:
    problems = problems_with(example, tmp_path)
    if all(problem.housekeeping for problem in problems):
        assert load(tmp_path / "content").digest
    else:
        with pytest.raises(ContentError, match="problem"):
            load(tmp_path / "content")


# Scales have mistakes of their own, each tried in tests/content/instruments.
TRIED_ELSEWHERE = ("_instrument_checks.py", "_instrument_rules.py", "instrument.py")


def raised_places() -> set[tuple[str, int, int]]:
    """Where content raises a mistake: file, first and last line of the call."""
    places = set()
    for path in sorted(Path(content.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Mistake":
                places.add((str(path), node.lineno, node.end_lineno or node.lineno))
    return {place for place in places if Path(place[0]).name not in TRIED_ELSEWHERE}


def test_no_mistake_is_without_a_broken_example(tmp_path: Path, monkeypatch) -> None:
    told: set[tuple[str, int]] = set()

    def remembered(self: Mistake, *args: object) -> None:
        caller = sys._getframe(1)
        told.add((caller.f_code.co_filename, caller.f_lineno))
        ValueError.__init__(self, *args)

    monkeypatch.setattr(Mistake, "__init__", remembered)
    for example in EXAMPLES:
        problems_with(example, tmp_path / example.stem)
    untold = {
        f"{Path(file).name}:{first}"
        for file, first, last in raised_places()
        if not any((file, line) in told for line in range(first, last + 1))
    }
    assert untold == set()
