"""Content is read from a folder, frozen, fingerprinted; what is wrong is said in one go."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from leeward.content import ContentError, load, read
from leeward.content.digest import digest_of
from leeward.content.kind import all_kinds
from leeward.content.suggestion import did_you_mean
from leeward.core.quantities.published import Dated, Grade, weakest

SMALL = Path(__file__).parents[2] / "content" / "small"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "content"))


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_gives_values_by_kind_and_id(folder: Path) -> None:
    library = load(folder)
    assert library.protocols["depression.trial2021"].dose_mg_per_kg.value == Decimal("0.5")
    assert library.limits["dose.max_mg_per_kg"].suggestions[0].citation.at == "Table 2"
    assert set(library.sources) == {"label2020", "trial2021"}


def test_what_is_loaded_cannot_be_changed(folder: Path) -> None:
    library = load(folder)
    with pytest.raises(TypeError):
        library.limits["new"] = library.limits["dose.max_mg_per_kg"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        library.digest = "0"  # type: ignore[misc]


def test_reports_every_problem_at_once_in_order(folder: Path) -> None:
    rewrite(folder / "limits" / "limits.yaml", "unit: mg/kg", "unit: mcg/kg")
    rewrite(folder / "drugs" / "drug.yaml", "routes: [iv]", "routes: [vi]")
    with pytest.raises(ContentError) as caught:
        load(folder)
    files = [problem.file for problem in caught.value.problems]
    assert files == sorted(files)
    assert {"drugs/drug.yaml", "limits/limits.yaml"} <= set(files)
    assert "mcg" in str(caught.value)


def test_a_source_nobody_cites_is_reported_and_does_not_stop_the_clinic(folder: Path) -> None:
    more = "- {id: spare, citation: Spare, kind: book, licence: none, retrieved: 2024-01-31}\n"
    with (folder / "sources" / "sources.yaml").open("a", encoding="utf-8") as file:
        file.write(more)
    problems = read(folder).problems
    assert [(problem.where, problem.housekeeping) for problem in problems] == [("spare", True)]
    assert load(folder).digest


@pytest.mark.parametrize("name", ["notes.yml", "protocol/x.yaml"])
def test_finds_files_that_nobody_would_read(folder: Path, name: str) -> None:
    stray = folder / name
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("a: 1\n", encoding="utf-8")
    assert [problem.file for problem in read(folder).problems] == [name]


def test_case_files_are_not_content(folder: Path) -> None:
    case = folder / "limits" / "cases" / "case.yaml"
    case.parent.mkdir()
    case.write_text("anything: [at, all]\n", encoding="utf-8")
    assert read(folder).problems == ()


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "limits" / "latin.yaml").write_bytes("id: año".encode("latin-1"))
    assert "UTF-8" in read(folder).problems[0].because


def test_the_digest_does_not_depend_on_files_order_or_layout(folder: Path) -> None:
    before = load(folder).digest
    text = (folder / "limits" / "limits.yaml").read_text(encoding="utf-8")
    first, second = text.split("- id: recovery")
    (folder / "limits" / "limits.yaml").unlink()
    (folder / "limits" / "a.yaml").write_text("# later\n- id: recovery" + second, encoding="utf-8")
    (folder / "limits" / "b.yaml").write_text(first, encoding="utf-8")
    rewrite(folder / "limits" / "b.yaml", "value: 1,", "value: 1.0,")
    reading = read(folder)
    assert reading.library is not None
    assert reading.library.digest == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("limits/limits.yaml", "value: 1,", "value: 2,"),
        ("limits/limits.yaml", "grade: V", "grade: K"),
        ("limits/limits.yaml", "at: Table 2", "at: Table 3"),
        ("limits/limits.yaml", "required: true", "required: false"),
        ("sources/sources.yaml", "A trial, 2021", "A trial, 2022"),
    ],
)
def test_the_digest_changes_with_whatever_the_content_says(
    folder: Path, file: str, old: str, new: str
) -> None:
    before = read(folder).library
    rewrite(folder / file, old, new)
    after = read(folder).library
    assert before is not None
    assert after is not None
    assert before.digest != after.digest


def test_a_number_and_a_text_that_look_alike_have_different_digests() -> None:
    assert digest_of([("k", "a", {"v": 1})]) != digest_of([("k", "a", {"v": "1"})])
    assert digest_of([("k", "a", {"v": True})]) != digest_of([("k", "a", {"v": 1})])
    assert digest_of([("k", "a", {"v": Decimal("1E+2")})]) == digest_of([("k", "a", {"v": 100})])


def test_every_kind_has_its_own_folder() -> None:
    folders = [kind.folder for kind in all_kinds()]
    assert len(set(folders)) == len(folders)


def test_dated_values_keep_the_past() -> None:
    dated = Dated(((date(2019, 3, 5), "first"), (date(2024, 1, 1), "second")))
    assert dated.as_of(date(2019, 3, 4)) is None
    assert dated.as_of(date(2019, 3, 5)) == "first"
    assert dated.as_of(date(2023, 12, 31)) == "first"
    assert dated.as_of(date(2024, 1, 1)) == "second"


def test_the_weakest_grade_decides_and_secondary_ones_are_unverified() -> None:
    assert weakest([Grade.READ, Grade.KNOWN, Grade.DERIVED]) is Grade.KNOWN
    assert weakest([]) is None
    assert [grade for grade in Grade if grade.unverified] == [Grade.SECONDARY, Grade.KNOWN]


def test_suggests_what_was_probably_meant() -> None:
    assert "'required'" in did_you_mean("requierd", ["required", "route"])
    assert did_you_mean("zzz", ["a", "b"]) == "Known: a, b."
    assert "None of the 20" in did_you_mean("zzz", [str(n) for n in range(20)])
