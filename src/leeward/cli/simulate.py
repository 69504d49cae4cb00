"""`leeward simulate`: concentrations of a regimen, one person or many."""

import argparse
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from leeward.core.pharmacology import (
    Model,
    Patient,
    Population,
    Regimen,
    Simulation,
    simulate,
)
from leeward.core.pharmacology.envelope import Envelope, envelope
from leeward.core.pharmacology.regimen import Extravascular
from leeward.core.quantities import Refusal

from .pharmacology_inputs import (
    add_person,
    described,
    findings_of,
    model_of,
    patient_of,
    print_json,
    refused,
    regimen_of,
    times_of,
)
from .pharmacology_plot import drawn, write_plot

UNIT = "ng/mL"


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "simulate", help="pharmacokinetics of a regimen, no database needed"
    )
    add_person(parser)
    parser.add_argument("--regimen", required=True, metavar="FILE|TEXT")
    parser.add_argument(
        "--times", required=True, metavar="A:B:STEP", help="minutes, or a comma list"
    )
    parser.add_argument("--eta", metavar="NAME=VALUE,...", help="individual deviations")
    parser.add_argument("--population", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--iiv", metavar="SET", help="set to borrow variability from")
    parser.add_argument("--residual", action="store_true", help="band of observations, not people")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--threshold", type=float, action="append", default=[], metavar="NG_PER_ML"
    )
    parser.add_argument("--plot", metavar="FILE.svg|FILE.png")
    parser.add_argument("--format", choices=("csv", "json"), default="csv")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Simulate and print."""
    answer = _answer(args)
    if isinstance(answer, Refusal):
        return refused(answer, args.format == "json")
    table, document, plot = answer
    if args.plot:
        problem = write_plot(args.plot, plot)
        if problem is not None:
            return refused(problem, args.format == "json")
    if args.format == "json":
        print_json(document)
    else:
        for finding in document["findings"]:
            print(f"note: {finding['because']}", file=sys.stderr)
        _print_table(*table)
    return 0


Table = tuple[Sequence[str], list[tuple[str, str, np.ndarray, list[np.ndarray]]]]
Answer = tuple[Table, dict[str, Any], Callable[[], str]]


def _answer(args: argparse.Namespace) -> Answer | Refusal:
    given = _inputs(args)
    if isinstance(given, Refusal):
        return given
    model, regimen, times, eta = given
    patient = patient_of(args)
    route = next((e.route for e in regimen.events if isinstance(e, Extravascular)), None)
    if route is not None and route not in model.routes and args.population is None:
        return _envelope(model, patient, regimen, times, route)
    one = simulate(model, patient, regimen, times, eta=eta)
    if isinstance(one, Refusal):
        return one
    if args.population is not None:
        return _many(args, model, patient, regimen, times, one)
    return _one(one, args.threshold)


Inputs = tuple[Model, Regimen, np.ndarray, dict[str, float]]


def _inputs(args: argparse.Namespace) -> Inputs | Refusal:
    """Read set, doses, times and deviations; the first that cannot be read refuses."""
    if any(not level > 0 for level in args.threshold):
        return Refusal("threshold.not_positive", "A threshold lies above 0.", field="threshold")
    read = (
        model_of(args.model),
        regimen_of(args.regimen, args.weight),
        times_of(args.times),
        _eta(args.eta),
    )
    for part in read:
        if isinstance(part, Refusal):
            return part
    return read  # type: ignore[return-value]


def _eta(given: str | None) -> dict[str, float] | Refusal:
    try:
        pairs = [part.split("=") for part in (given or "").split(",") if part]
        return {name.strip(): float(value) for name, value in pairs}
    except ValueError:
        return Refusal("eta.unreadable", "Write --eta name=value,name=value.", field="eta")


def _one(run: Simulation, thresholds: Sequence[float]) -> Answer:
    curves = {name: run.curve(name) for name in run.analytes}
    table = (
        ("value",),
        [
            (_named(run, name), run.site(name), run.t_min, [curve])
            for name, curve in curves.items()
        ],
    )
    document = {
        **_head(run),
        "curves": [
            {"analyte": _named(run, name), "site": run.site(name), "unit": UNIT,
             "t_min": run.t_min, "value": curve}
            for name, curve in curves.items()
        ],
        "summary": _summaries(run, thresholds),
        "other_copy": _other_copy(run),
        "findings": findings_of(run.findings),
    }  # fmt: skip
    return table, document, lambda: drawn(run.model.title, run.t_min, curves, None, run.regimen)


def _other_copy(run: Simulation) -> dict[str, Any] | None:
    """The set as another copy has it, where copies disagree on how it scales with weight."""
    other = run.model.alternative()
    if other is None or not any(n.outside_kg and n.applies(run.patient.weight_kg)
                                for n in run.model.notes):  # fmt: skip
        return None
    again = simulate(other, run.patient, run.regimen, run.t_min, eta=run.eta)
    if isinstance(again, Refusal):
        return None
    return {
        "because": "copies of this set disagree on how clearance scales with weight",
        "curves": [
            {"analyte": _named(again, name), "site": again.site(name), "unit": UNIT,
             "t_min": again.t_min, "value": again.curve(name)}
            for name in again.analytes
        ],
    }  # fmt: skip


def _named(run: Simulation, name: str) -> str:
    """An effect site holds the parent."""
    return run.model.parent if name == "effect" else name


def _summaries(run: Simulation, thresholds: Sequence[float]) -> dict[str, Any]:
    result = {}
    for name in run.analytes:
        summary = run.summary(name, thresholds)
        result[name] = {
            "site": run.site(name),
            "unit": UNIT,
            "cmax": summary.cmax_ng_per_ml,
            "tmax_min": summary.tmax_min,
            "auc_0_t": summary.auc_0_t,
            "auc_0_inf": summary.auc_0_inf,
            "auc_unit": "ng.min/mL",
            "time_above_min": {f"{x:g}": v for x, v in summary.time_above_min.items()},
            "last_above_min": {f"{x:g}": v for x, v in summary.last_above_min.items()},
        }
    return result


def _head(run: Simulation) -> dict[str, Any]:
    p = run.patient
    return {
        "model": described(run.model),
        "patient": {
            "weight_kg": p.weight_kg,
            "age_y": p.age_y,
            "sex": p.sex,
            "height_cm": p.height_cm,
            "race": p.race,
        },
        "drug": run.regimen.drug or run.model.drug,
        "dose_mg": run.regimen.dose_mg,
        "eta": dict(run.eta),
        "parameters": dict(run.parameters),
        "parameter_hash": run.parameter_hash,
        "grade": str(run.grade),
    }


def _many(
    args: argparse.Namespace,
    model: Model,
    patient: Patient,
    regimen: Regimen,
    times: np.ndarray,
    one: Simulation,
) -> Answer | Refusal:
    iiv = model_of(args.iiv) if args.iiv else None
    if isinstance(iiv, Refusal):
        return iiv
    for name, given, least in (
        ("population", args.population, 1), ("threads", args.threads, 1), ("seed", args.seed, 0)
    ):  # fmt: skip
        if given < least:
            said = f"--{name} is a whole number from {least} on, not {given}."
            return Refusal(f"population.{name}", said, field=name)
    bands: dict[str, Population] = {}
    with ThreadPoolExecutor(args.threads) as pool:
        for name in one.analytes:
            band = _band(args, model, patient, regimen, times, iiv, name, pool)
            if isinstance(band, Refusal):
                return band
            bands[name] = band
    columns = {"median": 0.5, "p05": 0.05, "p95": 0.95}
    rows = [
        (_named(one, name), one.site(name), times, [band.quantiles[q] for q in columns.values()])
        for name, band in bands.items()
    ]
    document = {
        **_head(one),
        "population": {
            "n": args.population,
            "seed": args.seed,
            "with_residual": args.residual,
            "borrowed_from": next(iter(bands.values())).borrowed_from,
            "label": next(iter(bands.values())).label,
            "quantile_error": max(band.quantile_error for band in bands.values()),
        },
        "curves": [
            {"analyte": analyte, "site": site, "unit": UNIT, "t_min": times,
             **dict(zip(columns, values, strict=True))}
            for analyte, site, _, values in rows
        ],
        "summary": {
            name: _spread(band, one, name, args.threshold) for name, band in bands.items()
        },
        "typical": _summaries(one, args.threshold),
        "findings": findings_of(next(iter(bands.values())).findings),
    }  # fmt: skip
    parent = bands[model.parent].quantiles
    typical = {model.parent: parent[0.5]}
    label = bands[model.parent].label
    return (
        (tuple(columns), rows),
        document,
        lambda: drawn(model.title, times, typical, (parent[0.05], parent[0.95]), regimen, label),
    )


def _band(
    args: argparse.Namespace,
    model: Model,
    patient: Patient,
    regimen: Regimen,
    times: np.ndarray,
    iiv: Model | None,
    name: str,
    pool: ThreadPoolExecutor,
) -> Population | Refusal:
    from leeward.core.pharmacology import population

    return population(
        model,
        patient,
        regimen,
        times,
        n=args.population,
        seed=args.seed,
        iiv=iiv,
        analyte=name,
        thresholds=args.threshold,
        residual=args.residual and name != "effect",
        map_blocks=pool.map if args.threads > 1 else map,
        progress=_progress if sys.stderr.isatty() else None,
    )


def _spread(
    band: Population, one: Simulation, name: str, thresholds: Sequence[float]
) -> dict[str, Any]:
    result: dict[str, Any] = {"site": one.site(name), "unit": UNIT}
    for key, values in (("cmax", band.cmax_ng_per_ml), ("auc_0_inf", band.auc_0_inf)):
        if values.size:
            low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
            result[key] = {"median": middle, "p05": low, "p95": high}
    result["share_above"] = {f"{x:g}": band.share_above[x] for x in thresholds}
    return result


def _progress(done: int, total: int) -> None:
    filled = 30 * done // total
    end = "\n" if done == total else ""
    print(f"\r[{'#' * filled}{'.' * (30 - filled)}] {done}/{total}", end=end, file=sys.stderr)


def _envelope(
    model: Model, patient: Patient, regimen: Regimen, times: np.ndarray, route: str
) -> Answer | Refusal:
    from leeward.content import load

    known = load().absorptions.values()
    absorption = next((a for a in known if a.route == route and a.drug == model.drug), None)
    if absorption is None:
        return Refusal(
            "model.route_not_supported",
            f"Nothing published lets {model.id} say anything of the route {route}.",
            field="regimen",
        )
    span = envelope(model, patient, absorption, regimen, times)
    if isinstance(span, Refusal):
        return span
    edges = [span.low_ng_per_ml, span.high_ng_per_ml]
    table = (("low", "high"), [(model.parent, model.site, times, edges)])
    document = {
        "model": described(model),
        "envelope": _edges(span, model, route),
        "grade": str(absorption.grade),
        "findings": findings_of(span.findings),
    }
    return (
        table,
        document,
        lambda: drawn(model.title, times, {}, (edges[0], edges[1]), regimen, f"envelope, {route}"),
    )


def _edges(span: Envelope, model: Model, route: str) -> dict[str, Any]:
    return {
        "analyte": model.parent,
        "site": span.site,
        "unit": UNIT,
        "route": route,
        "t_min": span.t_min,
        "low": span.low_ng_per_ml,
        "high": span.high_ng_per_ml,
        "rate_range_per_min": list(span.rate_range_per_min),
        "live_advice": span.live_advice,
    }


def _print_table(
    columns: Sequence[str], rows: list[tuple[str, str, np.ndarray, list[np.ndarray]]]
) -> None:
    lines = [",".join(("t_min", "analyte", "site", *columns, "unit"))]
    for analyte, site, times, values in rows:
        for index, t in enumerate(times.tolist()):
            numbers = ",".join(repr(float(v[index])) for v in values)
            lines.append(f"{t!r},{analyte},{site},{numbers},{UNIT}")
    sys.stdout.write("\n".join(lines) + "\n")
