"""What the pharmacology commands share: arguments, input files, answers."""

import argparse
import csv
import gzip
import io
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from leeward.content.shipped_sets import ids_of_sets, read_set
from leeward.core.pharmacology import (
    Model,
    Patient,
    PumpLog,
    Regimen,
    parse_regimen_data,
    parse_regimen_text,
    pump_log,
)
from leeward.core.pharmacology.provenance import Finding
from leeward.core.quantities import Refusal


def add_person(parser: argparse.ArgumentParser, *, model: bool = True) -> None:
    """Add the arguments that describe the set and the person."""
    if model:
        parser.add_argument("--model", required=True, metavar="ID", help="see 'leeward models'")
    parser.add_argument("--weight", required=True, type=float, metavar="KG")
    parser.add_argument("--age", type=float, metavar="YEARS")
    parser.add_argument("--height", type=float, metavar="CM")
    parser.add_argument("--sex", choices=("female", "male"))
    parser.add_argument(
        "--race", choices=("asian", "japanese", "other"), help="only where a set uses it"
    )


def patient_of(args: argparse.Namespace) -> Patient:
    """Make the person from the arguments."""
    return Patient(args.weight, args.age, args.sex, args.height, args.race)


def model_of(name: str) -> Model | Refusal:
    """Find a set by id."""
    if name not in ids_of_sets():
        return Refusal(
            "model.unknown",
            f"There is no set {name}; there are {', '.join(ids_of_sets())}.",
            field="model",
        )
    return read_set(name)


def read_text(name: str) -> str | Refusal:
    """Read a file, gzipped or not, or standard input for ``-``."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        return data.decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError, gzip.BadGzipFile) as error:
        return Refusal("input.unreadable", f"{name} cannot be read: {error}.", field="file")


def read_json(name: str) -> Any:
    """Read JSON; a `Refusal` if it is none."""
    text = read_text(name)
    if isinstance(text, Refusal):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        return Refusal("input.not_json", f"{name} is not JSON: {error}.", field="file")


def regimen_of(given: str, weight_kg: float) -> Regimen | Refusal:
    """Read a regimen from text, or from a file if the argument names one."""
    looks_like_file = given == "-" or given.endswith((".json", ".json.gz"))
    if not looks_like_file and not Path(given).is_file():
        return parse_regimen_text(given, weight_kg)
    data = read_json(given)
    if isinstance(data, Refusal):
        return data
    if not isinstance(data, dict):
        return Refusal("regimen.unreadable", "A regimen file is a JSON object.", field="regimen")
    return parse_regimen_data(data)


def times_of(given: str) -> np.ndarray | Refusal:
    """Read ``A:B:STEP`` (both ends included) or a comma list, in minutes."""
    try:
        if ":" in given:
            start, end, step = (float(part) for part in given.split(":"))
            if not all(map(math.isfinite, (start, end, step))) or step <= 0 or end < start:
                raise ValueError
            count = math.floor((end - start) / step * (1 + 1e-12) + 1e-9) + 1
            if count > 20_000_000:
                raise ValueError
            return np.asarray(start + step * np.arange(count))
        times = np.array([float(part) for part in given.split(",")])
        if not np.isfinite(times).all():
            raise ValueError
        return times
    except ValueError:
        return Refusal(
            "times.unreadable", "Write times as A:B:STEP or as a comma list, in minutes.",
            field="times",
        )  # fmt: skip


_LOG_KEYS = {"segments", "boluses", "last_heard_min"}
_LOG_WORDS = (
    "a log is JSON with segments or boluses, or CSV with t_min and rate_mg_per_min or bolus_mg, "
    "so that a misnamed column is never read as nothing delivered"
)


def log_of(name: str) -> PumpLog | Refusal:
    """Read a pump log: JSON ``segments`` and ``boluses``, or CSV ``t_min,rate_mg_per_min``."""
    text = read_text(name)
    if isinstance(text, Refusal):
        return text
    if text.lstrip().startswith(("{", "[")):
        return _log_of_json(text, name)
    return _log_of_csv(text, name)


def _log_of_json(text: str, name: str) -> PumpLog | Refusal:
    try:
        data = json.loads(text)
        if isinstance(data, list):
            data = {"segments": data}
        if not data.keys() & {"segments", "boluses"} or data.keys() - _LOG_KEYS:
            raise ValueError(f"it holds {', '.join(data) or 'nothing'}; {_LOG_WORDS}")
        segments = [_pair(entry, "rate_mg_per_min") for entry in data.get("segments", [])]
        boluses = [_pair(entry, "dose_mg") for entry in data.get("boluses", [])]
        heard = data.get("last_heard_min")
        return pump_log(segments, boluses, None if heard is None else float(heard))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return Refusal("pump_log.unusable", f"{name} is no pump log: {error!r}.", field="log")


def _pair(entry: Any, key: str) -> tuple[float, float]:
    if isinstance(entry, dict):
        return float(entry["t_min"]), float(entry[key])
    t, value = entry
    return float(t), float(value)


def _log_of_csv(text: str, name: str) -> PumpLog | Refusal:
    segments, boluses = [], []
    try:
        table = csv.DictReader(io.StringIO(text))
        columns = set(table.fieldnames or ())
        if "t_min" not in columns or not columns & {"rate_mg_per_min", "bolus_mg"}:
            raise ValueError(f"its columns are {sorted(columns)}; {_LOG_WORDS}")
        for row in table:
            if row.get("rate_mg_per_min"):
                segments.append((float(row["t_min"]), float(row["rate_mg_per_min"])))
            if row.get("bolus_mg"):
                boluses.append((float(row["t_min"]), float(row["bolus_mg"])))
    except (ValueError, TypeError, KeyError) as error:
        return Refusal("pump_log.unusable", f"{name} is no pump log: {error!r}.", field="log")
    return pump_log(segments, boluses)


def described(model: Model) -> dict[str, Any]:
    """Say where a set's numbers come from."""
    return {
        "id": model.id,
        "title": model.title,
        "drug": model.drug,
        "site": model.site,
        "site_basis": model.site_basis,
        "analytes": list(model.analytes),
        "routes": list(model.routes),
        "grade": str(model.grade),
        "source": {"id": model.source.source, "at": model.source.at},
        "population": model.population,
        "unknown": list(model.unknown),
    }


def findings_of(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as JSON."""
    return [{"code": f.code, "because": f.because, "field": f.field} for f in findings]


def refused(refusal: Refusal, as_json: bool) -> int:
    """Print a refusal where the answer would have stood, and return the exit code."""
    if as_json:
        print_json(
            {
                "refused": {
                    "code": refusal.code,
                    "because": refusal.because,
                    "source": refusal.source,
                    "field": refusal.field,
                }
            }
        )
    print(f"refused: {refusal}", file=sys.stderr)
    return 1


def print_json(answer: Any) -> None:
    """Print an answer with full precision; a number that is none becomes null."""
    json.dump(_plain(answer), sys.stdout, ensure_ascii=False, indent=1, allow_nan=False)
    sys.stdout.write("\n")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return [_plain(v) for v in value.tolist()]
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    return value
