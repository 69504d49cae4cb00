"""`leeward bench screening` runs through and says each ratio beside its goal."""

import json

from leeward.cli.main import main


def test_each_part_is_measured_beside_its_peer(capsys):
    asked = ["--people", "3", "--loaded", "6", "--rounds", "1", "--format", "json"]
    assert main(["bench", "screening", *asked]) == 0
    ratios = json.loads(capsys.readouterr().out)
    assert [each["goal"] for each in ratios] == [0.5, 0.5, 1.0]
    assert all(each["wall"] > 0 for each in ratios)
