"""`leeward ask` answers as its contract and schema say, without a database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from leeward.cli.main import main
from tests.unit.pharmacology.test_output_schemas import wrong

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "schemas" / "ask.json"


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main(["ask", *words, "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert wrong(said, schema, schema) == []
    return said


def test_passages_come_best_first_with_their_sources(capsys: pytest.CaptureFixture[str]) -> None:
    said = asked(capsys, "can I drive home after", "--lang", "en")
    assert said["emergency"] is None
    assert list(said) == ["emergency", "passages"]
    first = said["passages"][0]
    assert list(first) == ["article", "heading", "text", "sources", "score"]
    assert first["article"] == "after-care"
    assert {source["id"] for source in first["sources"]} >= {"spr"}
    scores = [each["score"] for each in said["passages"]]
    assert scores == sorted(scores, reverse=True)


def test_words_of_crisis_bring_the_numbers_first(capsys: pytest.CaptureFixture[str]) -> None:
    said = asked(capsys, "me kiero morir")
    assert said["emergency"]["kind"] == "crisis"
    assert [line["number"] for line in said["emergency"]["lines"]] == ["988", "911"]
    assert main(["ask", "he is not breathing"]) == 0
    assert capsys.readouterr().out.startswith("CALL 911")


def test_no_answer_is_an_empty_list_and_exit_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(capsys, "capital of France", "--lang", "en") == {
        "emergency": None,
        "passages": [],
    }
    assert main(["ask", "receta de arroz", "--lang", "es"]) == 0
    assert "no tiene respuesta" in capsys.readouterr().out


def test_the_language_is_guessed_from_the_words(capsys: pytest.CaptureFixture[str]) -> None:
    spanish = asked(capsys, "qué puedo comer antes de la sesión")["passages"][0]
    english = asked(capsys, "what can I eat before the session")["passages"][0]
    assert spanish["article"] == english["article"] == "preparing"
    assert spanish["heading"] != english["heading"]


def test_an_empty_question_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "  "]) == 1
    assert "no question" in capsys.readouterr().err


def test_it_needs_no_home_and_no_framework(tmp_path: Path) -> None:
    code = (
        "import sys; from leeward.cli.main import main; code = main(['ask', 'pain']);"
        " assert 'django' not in sys.modules; sys.exit(code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert not list(tmp_path.iterdir())
