"""`leeward score`: the documented contract."""

import argparse
import json

import pytest

from leeward.cli import score as command
from tests.content.instruments.library import shipped

KEYS = ["instrument", "version", "total", "band", "subscales", "missing", "flags", "source"]


@pytest.fixture(autouse=True)
def _only_the_scales(monkeypatch):
    class Library:
        instruments = shipped()

    monkeypatch.setattr("leeward.content.load", lambda: Library)


@pytest.fixture
def leeward_score(capsys):
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())

    def run(*arguments):
        code = command.run(parser.parse_args(["score", *arguments]))
        return code, capsys.readouterr()

    return run


def as_json(leeward_score, *arguments):
    code, printed = leeward_score(*arguments, "--format", "json")
    return code, json.loads(printed.out)


def test_prints_the_documented_keys(leeward_score):
    code, result = as_json(leeward_score, "phq-9", "--answers", "1,2,,0,1,0,1,0,1")
    assert code == 0
    assert list(result) == KEYS
    # 6 points in 8 answers, times 9, is 6.75.
    assert (result["total"], result["band"], result["missing"]) == (7, "mild", ["phq9-3"])
    assert {"prorated", "alert:phq9_item_9_suicide_risk"} <= set(result["flags"])
    assert result["source"]["id"] == "kroenke2001"


@pytest.mark.parametrize("name", ["PHQ-9", "phq9", "phq_9"])
def test_knows_the_scale_however_it_is_spelled(leeward_score, name):
    assert as_json(leeward_score, name, "--answers", ",".join("0" * 9))[1]["instrument"] == "phq-9"


def test_subscales_are_named(leeward_score):
    _, result = as_json(leeward_score, "pcl-5", "--answers", ",".join("2" * 20))
    assert result["subscales"] == {"B": 10, "C": 4, "D": 14, "E": 12}


def test_a_mean_keeps_full_precision(leeward_score):
    _, result = as_json(leeward_score, "peg", "--answers", "7,6,7")
    assert result["total"] == 20 / 3


def test_sex_decides_audit_c(leeward_score):
    for sex, positive in (("female", True), ("male", False)):
        _, result = as_json(leeward_score, "audit-c", "--answers", "1,1,1", "--sex", sex)
        assert ("screen_positive" in result["flags"]) is positive


def test_one_number_is_the_total_of_a_scale_without_words(leeward_score):
    _, result = as_json(leeward_score, "madrs", "--answers", "24")
    assert (result["total"], result["band"]) == (24, "moderate")
    assert as_json(leeward_score, "phq-9", "--total", "16")[1]["band"] == "moderately severe"


def test_a_refusal_to_answer_is_not_an_empty_answer(leeward_score):
    _, result = as_json(leeward_score, "asq", "--answers", "0,0,declined,0,0")
    assert result["band"].startswith("non-acute positive")
    assert result["total"] is None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nothing", "--answers", "1"), "score.unknown_instrument"),
        (("phq-9", "--answers", "1,2,3"), "score.wrong_count"),
        (("phq-9", "--answers", "1,2,3,1,0,0,1,0,4"), "instrument.out_of_range"),
        (("phq-9", "--answers", "1,2,3,1,0,0,1,0,x"), "score.not_a_number"),
        (("phq-9", "--answers", "1,2,3,1,0,0,1,0,nan"), "score.not_a_number"),
        (("madrs", "--total", "90"), "instrument.out_of_range"),
        (("madrs", "--answers", "1,2"), "score.wrong_count"),
        (("bdi-ii", "--answers", ""), "score.total"),
        (("audit-c", "--answers", "0,3,3"), "instrument.contradiction"),
    ],
)
def test_unusable_input_ends_with_one_and_says_why(leeward_score, arguments, code):
    exit_code, result = as_json(leeward_score, *arguments)
    assert (exit_code, result["refused"]["code"]) == (1, code)
    exit_code, printed = leeward_score(*arguments)
    assert exit_code == 1
    assert code in printed.err


def test_text_for_people(leeward_score):
    code, printed = leeward_score("gad-7", "--answers", "1,1,1,1,1,1,")
    assert code == 0
    assert "7 of 21, mild" in printed.out
    assert "missing: gad7-7" in printed.out
