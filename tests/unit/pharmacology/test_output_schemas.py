"""What the commands print as JSON is what `docs/reference/schemas` promises."""

import json
import re
from pathlib import Path

import pytest

from leeward.cli.main import main
from leeward.content.shipped_sets import ids_of_sets

SCHEMAS = Path(__file__).parents[3] / "docs" / "reference" / "schemas"
TYPES = {
    "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
    "number": (int, float), "integer": int,
}  # fmt: skip
KEYWORDS = {
    "$schema", "$defs", "$ref", "title", "description", "type", "anyOf", "enum", "const",
    "pattern", "items", "properties", "required", "additionalProperties",
}  # fmt: skip
WHO = ["--weight", "70", "--age", "40"]
DOMINO = ["--model", "domino", *WHO]
DOSE = ["--regimen", "0.5 mg/kg over 40 min"]


def wrong(value, schema, root, at="$"):
    """What in a value the schema does not allow, as a list of places; small on purpose."""
    assert schema.keys() <= KEYWORDS, f"this check does not know {schema.keys() - KEYWORDS}"
    if "$ref" in schema:
        return wrong(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
    if "anyOf" in schema:
        tried = [wrong(value, one, root, at) for one in schema["anyOf"]]
        return [] if [] in tried else min(tried, key=len)
    if not _allowed(value, schema):
        return [f"{at} is {value!r}, not {schema}"]
    if schema.get("type") == "array":
        found = [wrong(v, schema["items"], root, f"{at}[{i}]") for i, v in enumerate(value)]
        return [place for part in found for place in part]
    return _wrong_keys(value, schema, root, at) if schema.get("type") == "object" else []


def _allowed(value, schema):
    kind = schema.get("type")
    if kind and not isinstance(value, TYPES[kind]):
        return False
    if kind in ("number", "integer") and isinstance(value, bool):
        return False
    if "enum" in schema or "const" in schema:
        return value in schema.get("enum", [schema.get("const")])
    return "pattern" not in schema or bool(re.search(schema["pattern"], value))


def _wrong_keys(value, schema, root, at):
    known, extra = schema.get("properties", {}), schema.get("additionalProperties", True)
    found = [f"{at}.{key} is missing" for key in schema.get("required", ()) if key not in value]
    for key, part in value.items():
        if key in known:
            found += wrong(part, known[key], root, f"{at}.{key}")
        elif extra is False:
            found.append(f"{at}.{key} is not promised")
        elif isinstance(extra, dict):
            found += wrong(part, extra, root, f"{at}.{key}")
    return found


def schema_of(name):
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def files(tmp_path):
    (tmp_path / "log.csv").write_text("t_min,rate_mg_per_min,bolus_mg\n0,0.5,2\n40,0,\n")
    (tmp_path / "samples.csv").write_text(
        "t_min,value_ng_per_ml,site,below_ng_per_ml\n40,60,venous,\n600,,venous,5\n"
    )
    return tmp_path


CASES = [
    ["simulate", *DOMINO, *DOSE, "--times", "0:40:20", "--threshold", "100", "--threshold", "1e6"],
    ["simulate", "--model", "kamp2020", "--weight", "100", *DOSE, "--times", "40"],
    ["simulate", "--model", "simons2022", *WHO, "--regimen", "50 mg film", "--times", "0,10"],
    ["simulate", *DOMINO, *DOSE, "--times", "0:40:20", "--population", "20", "--iiv", "otto2021",
     "--threshold", "50"],
    ["simulate", "--model", "simons2022", *WHO, "--regimen", "50 mg film", "--times", "0,10",
     "--population", "5"],
    ["simulate", "--model", "clements250", *WHO, "--regimen", "25 mg im", "--times", "0:60:10"],
    ["simulate", *DOMINO, "--regimen", "much", "--times", "0,10"],
    ["target", *DOMINO, "--target", "150", "--site", "effect", "--horizon", "2"],
    ["target", "--model", "clements250", *WHO, "--target", "90", "--site", "plasma", "--horizon",
     "2", "--log", "{}/log.csv", "--now", "45", "--max-rate", "0.4"],
    ["target", *DOMINO, "--target", "-1", "--site", "plasma", "--horizon", "2"],
    ["individualise", "--model", "otto2021", *WHO, "--log", "{}/log.csv", "--observations",
     "{}/samples.csv"],
    ["individualise", *DOMINO, "--log", "{}/log.csv", "--observations", "{}/samples.csv"],
    ["models"],
    *(["models", name] for name in (*ids_of_sets(), "nobody")),
]  # fmt: skip


@pytest.mark.parametrize("words", CASES, ids=lambda words: " ".join(words)[:60])
def test_output_is_what_its_schema_promises(words, files, capsys):
    main([*(word.format(files) if "{}" in word else word for word in words), "--format", "json"])
    schema = schema_of(words[0])
    assert wrong(json.loads(capsys.readouterr().out), schema, schema) == []


@pytest.mark.parametrize("name", ["simulate", "target", "individualise", "models"])
def test_a_schema_refuses_what_is_not_promised(name):
    schema = schema_of(name)
    for value in ({}, {"refused": {}}, {"refused": 1, "more": 2}, 3, None, [1]):
        assert wrong(value, schema, schema)


def test_the_check_sees_a_missing_an_extra_and_a_mistyped_part(capsys):
    main(["models", "domino", "--format", "json"])
    whole, schema = json.loads(capsys.readouterr().out), schema_of("models")
    assert wrong(whole, schema, schema) == []
    for change in ({"more": 1}, {"title": 3}, {"grade": "?"}, {"derived": {"a": True}}):
        assert wrong({**whole, **change}, schema, schema)
    assert wrong({k: v for k, v in whole.items() if k != "unknown"}, schema, schema)
