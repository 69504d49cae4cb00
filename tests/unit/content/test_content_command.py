"""`leeward content check` prints what is wrong and says so by its exit code."""

import json
import shutil
from pathlib import Path

import pytest

from leeward.cli.main import main

SMALL = Path(__file__).parents[2] / "content" / "small"


def test_valid_content_exits_with_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["content", "check", "--path", str(SMALL)]) == 0
    assert "valid" in capsys.readouterr().out


def test_a_problem_is_printed_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(SMALL, tmp_path / "content"))
    (folder / "limits" / "limits.yaml").write_text("id: yes\n", encoding="utf-8")
    assert main(["content", "check", "--path", str(folder)]) == 1
    assert "limits/limits.yaml:1" in capsys.readouterr().out
    assert main(["content", "check", "--path", str(folder), "--format", "json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["digest"] is None
    assert printed["problems"][0]["line"] == 1


def test_a_folder_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["content", "check", "--path", str(tmp_path / "none")]) == 1
    assert "no folder" in capsys.readouterr().err
