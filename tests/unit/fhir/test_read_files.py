import gzip
import io
import json
import tracemalloc
from decimal import Decimal
from types import SimpleNamespace

import pytest

from leeward.exchange.fhir.reader import (
    Found,
    ReadLimits,
    patients_first,
    read_groups,
    read_resources,
)
from leeward.usecases.imported import Skipped

from .resources import MILAN, condition, patient

BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"fullUrl": "urn:uuid:1", "resource": patient()},
        {"fullUrl": "urn:uuid:2", "resource": condition()},
    ],
}


def written(tmp_path, text, name="in.json"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def places(path, limits=None):
    return [
        (each.where, each.resource["resourceType"] if isinstance(each, Found) else each.because)
        for each in read_resources(path, limits)
    ]


def test_reads_one_resource_a_line(tmp_path):
    path = written(tmp_path, f"{json.dumps(patient())}\n\n{json.dumps(condition())}\n", "a.ndjson")
    assert places(path) == [("line 1", "Patient"), ("line 3", "Condition")]


def test_reads_ndjson_whatever_the_file_is_called(tmp_path):
    path = written(tmp_path, f"{json.dumps(patient())}\n{json.dumps(condition())}", "data.txt")
    assert [kind for _, kind in places(path)] == ["Patient", "Condition"]


@pytest.mark.parametrize("indent", [None, 2])
def test_reads_a_bundle_compact_or_indented(tmp_path, indent):
    path = written(tmp_path, json.dumps(BUNDLE, indent=indent))
    (group,) = read_groups(path)
    assert group.is_bundle
    assert [(f.resource["resourceType"], f.full_url) for f in group.found] == [
        ("Patient", "urn:uuid:1"),
        ("Condition", "urn:uuid:2"),
    ]


def test_reads_an_indented_resource_alone(tmp_path):
    assert places(written(tmp_path, json.dumps(patient(), indent=1))) == [("file", "Patient")]


def test_reads_a_bundle_a_line(tmp_path):
    line = json.dumps(BUNDLE)
    path = written(tmp_path, f"{line}\n{line}\n", "cases.ndjson")
    assert [where for where, _ in places(path)][2:] == ["line 2, entry 1", "line 2, entry 2"]


def test_reads_gzip_by_its_content_not_its_name(tmp_path):
    path = written(tmp_path, gzip.compress(json.dumps(BUNDLE).encode()), "plain.json")
    assert [kind for _, kind in places(path)] == ["Patient", "Condition"]


def test_reads_standard_input(monkeypatch):
    data = gzip.compress(json.dumps(patient()).encode())
    stdin = SimpleNamespace(buffer=io.BufferedReader(io.BytesIO(data)))
    monkeypatch.setattr("leeward.exchange.fhir.reader.sys.stdin", stdin)
    (found,) = read_resources("-")
    assert (found.file, found.resource["id"]) == ("stdin", "cora")


def test_passes_over_a_byte_order_mark(tmp_path):
    path = written(tmp_path, b"\xef\xbb\xbf" + json.dumps(patient()).encode())
    assert places(path) == [("line 1", "Patient")]


def test_keeps_decimals_exact(tmp_path):
    text = '{"resourceType": "Observation", "valueQuantity": {"value": 70.10}}'
    (found,) = read_resources(written(tmp_path, text))
    value = found.resource["valueQuantity"]["value"]
    assert isinstance(value, Decimal)
    assert str(value) == "70.10"


@pytest.mark.hazard("H39")
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{not json", "it is not JSON"),
        ('{"a": 1}', "no resourceType"),
        ("[1, 2]", "not a FHIR resource"),
        ('{"resourceType": "Patient", "x": NaN}', "NaN"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('{"resourceType": "X", "n": ' + "9" * 5000 + "}", "integer string conversion"),
    ],
)
def test_one_bad_line_never_loses_the_others(tmp_path, line, reason):
    good = json.dumps(patient())
    path = written(tmp_path, f"{good}\n{line}\n{good}\n", "in.ndjson")
    first, second, third = read_resources(path)
    assert isinstance(first, Found)
    assert isinstance(third, Found)
    assert isinstance(second, Skipped)
    assert second.where == "line 2"
    assert reason in second.because


def test_a_bad_first_line_does_not_turn_ndjson_into_a_document(tmp_path):
    path = written(tmp_path, f"{{oops\n{json.dumps(patient())}\n", "in.ndjson")
    assert [where for where, _ in places(path)] == ["line 1", "line 2"]


def test_text_that_is_not_utf8_is_named(tmp_path):
    path = written(tmp_path, b'{"resourceType": "\xff"}\n', "in.ndjson")
    assert places(path) == [("line 1", "it is not UTF-8 text")]


def test_a_line_over_the_limit_is_passed_over_and_the_next_is_read(tmp_path):
    long = json.dumps(patient(text={"div": "x" * 5000}))
    good = json.dumps(condition())
    path = written(tmp_path, f"{good}\n{long}\n{good}\n", "in.ndjson")
    found = places(path, ReadLimits(line_bytes=1000))
    assert [where for where, _ in found] == ["line 1", "line 2", "line 3"]
    assert "larger than" in found[1][1]


def test_a_document_over_the_limit_is_refused_whole(tmp_path):
    path = written(tmp_path, json.dumps(BUNDLE, indent=2))
    ((where, because),) = places(path, ReadLimits(document_bytes=200))
    assert where == "file"
    assert "split it" in because


def test_what_came_before_a_broken_compression_is_kept(tmp_path):
    lines = b"".join(json.dumps(patient(id=f"p{n}")).encode() + b"\n" for n in range(3000))
    path = written(tmp_path, gzip.compress(lines)[:-2000], "in.ndjson.gz")
    *found, last = read_resources(path)
    assert len(found) > 1000
    assert isinstance(last, Skipped)
    assert "ends too early" in last.because


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("text", "not an object"),
        ({}, "no resource"),
        ({"resource": {"id": "x"}}, "no resource"),
        ({"resource": {"resourceType": "Bundle"}}, "Bundle inside a Bundle"),
        ({"resource": patient(), "request": {"method": "DELETE"}}, "deletes nothing"),
    ],
)
def test_a_bad_entry_is_left_with_its_reason(tmp_path, entry, reason):
    bundle = {**BUNDLE, "entry": [entry, *BUNDLE["entry"]]}
    (group,) = read_groups(written(tmp_path, json.dumps(bundle)))
    assert len(group.found) == 2
    assert reason in group.skipped[0].because


@pytest.mark.parametrize("text", ["", "  \n \n"])
def test_an_empty_file_says_so(tmp_path, text):
    assert places(written(tmp_path, text)) == [("file", "it is empty")]


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    assert places(str(tmp_path / "none.json"))[0][1] == "there is no such file"
    assert "folder" in places(str(tmp_path))[0][1]


def test_reports_name_files_without_their_folders(tmp_path):
    (found,) = read_resources(written(tmp_path, json.dumps(patient()), "cora.json"))
    assert found.file == "cora.json"


def test_people_and_medicines_are_read_before_what_points_at_them():
    files = ["x/Condition.ndjson", "x/Medication.000.ndjson", "x/MedicationRequest.ndjson"]
    names = {path: path.partition("/")[2] for path in [*files, "x/Patient.ndjson"]}
    assert patients_first(names) == [
        "x/Patient.ndjson",
        "x/Medication.000.ndjson",
        "x/Condition.ndjson",
        "x/MedicationRequest.ndjson",
    ]


@pytest.mark.hazard("H38")
def test_memory_stays_bounded_on_a_large_ndjson(tmp_path):
    line = (json.dumps(condition(note=[{"text": "x" * 2000}])) + "\n").encode()
    path = written(tmp_path, gzip.compress(line * 10_000), "big.ndjson.gz")
    tracemalloc.start()
    count = sum(1 for _ in read_resources(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 10_000
    assert peak < len(line) * 10_000 / 10


def test_reads_a_published_bundle():
    (group,) = read_groups(str(MILAN))
    assert len(group.found) == 220
    assert group.skipped == ()
