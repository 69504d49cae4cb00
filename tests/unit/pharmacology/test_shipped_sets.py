"""Reading one shipped set quickly gives what the strict reader gives, or is refused by it."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from leeward import content
from leeward.content import shipped_sets

NEVER = ("pydantic", "scipy", "numba", "django")


@pytest.mark.parametrize("name", shipped_sets.ids_of_sets())
def test_quick_and_strict_reader_agree_on_every_number(name):
    assert shipped_sets.read_set(name) == content.load().pk_models[name]


@pytest.mark.parametrize("name", shipped_sets.ids_of_sets())
def test_shipped_files_have_the_quick_shape(name, monkeypatch):
    def refuse(raw):
        raise AssertionError("read the strict way")

    monkeypatch.setattr(shipped_sets, "_strictly", refuse)
    assert shipped_sets.read_set.__wrapped__(name).id == name


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("drug: racemic_ketamine", "drug: tea"),
        ("grade: Vs", 'grade: "?"'),
        ("title:", "tilte:"),
        ("value: 0.4381", 'value: "much"'),
        ("unit: L/kg", "unit: V"),
    ],
)
def test_a_file_of_another_shape_is_refused_by_the_strict_reader(tmp_path, monkeypatch, old, new):
    text = (shipped_sets._HOME / "domino.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "domino.yaml").write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(shipped_sets, "_HOME", tmp_path)
    with pytest.raises((ValidationError, content.errors.Mistake)):
        shipped_sets.read_set.__wrapped__("domino")


def test_an_unknown_set_is_a_key_error():
    with pytest.raises(KeyError):
        shipped_sets.read_set("nobody")


def test_a_first_curve_loads_no_compiler_and_no_checking_library():
    code = (
        "import sys\n"
        "from leeward.content.shipped_sets import read_set\n"
        "from leeward.core.pharmacology import Infusion, Patient, Regimen, simulate\n"
        "dose = Regimen((Infusion(0.0, 40.0, 0.875),))\n"
        "run = simulate(read_set('domino'), Patient(70.0, 40.0), dose, range(241))\n"
        "assert 239 < run.curve()[40] < 241\n"
        f"print([name for name in {NEVER!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
