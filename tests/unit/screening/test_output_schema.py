"""What `leeward screen` prints is what `docs/reference/schemas/screen.json` promises."""

import json
from pathlib import Path

from leeward.cli.main import main
from tests.unit.pharmacology.test_output_schemas import SCHEMAS, wrong

from .test_odd_exports import ASK, ODD

SCHEMA = json.loads((SCHEMAS / "screen.json").read_text())


def lines_of(folder, capsys, *asked):
    main(["screen", str(folder), *asked])
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_every_line_and_the_summary(tmp_path, capsys):
    Path(tmp_path / "odd.ndjson").write_bytes(ODD.read_bytes())
    lines = lines_of(tmp_path, capsys, *ASK)
    assert len(lines) == 9
    assert [wrong(line, SCHEMA, SCHEMA) for line in lines] == [[]] * 9


def test_a_refusal(tmp_path, capsys):
    (refusal,) = lines_of(tmp_path, capsys, *ASK)
    assert wrong(refusal, SCHEMA, SCHEMA) == []
