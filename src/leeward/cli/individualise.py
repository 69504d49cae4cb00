"""`leeward individualise`: fit a set to one person's levels."""

import argparse
import csv
import io
import json
import sys
from typing import Any

from leeward.core.pharmacology.individualise import Individual, Observation, individualise
from leeward.core.quantities import Refusal

from .pharmacology_inputs import (
    add_person,
    described,
    findings_of,
    log_of,
    model_of,
    patient_of,
    print_json,
    read_text,
    refused,
)


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("individualise", help="fit a model to one person's levels")
    add_person(parser)
    parser.add_argument("--log", required=True, metavar="FILE", help="what the pump delivered")
    parser.add_argument("--observations", required=True, metavar="FILE")
    parser.add_argument("--iiv", metavar="SET", help="set to borrow variability and error from")
    parser.add_argument(
        "--other-site", metavar="SET", help="set to judge samples of the other site by"
    )
    parser.add_argument("--robust", action="store_true")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Fit and print."""
    fit = _fit(args)
    if isinstance(fit, Refusal):
        return refused(fit, args.format == "json")
    model, individual, samples = fit
    if args.format == "json":
        print_json({"model": described(model), **_document(individual, samples)})
    else:
        _print(individual)
    return 0


def _fit(args: argparse.Namespace) -> tuple[Any, Individual, list[Observation]] | Refusal:
    found = [model_of(name) if name else None for name in (args.model, args.iiv, args.other_site)]
    for entry in found:
        if isinstance(entry, Refusal):
            return entry
    model, iiv, other = found
    assert model is not None and not isinstance(model, Refusal)
    log = log_of(args.log)
    if isinstance(log, Refusal):
        return log
    samples = _observations(args.observations, model.site)
    if isinstance(samples, Refusal):
        return samples
    end = max([log.heard_min, *(s.t_min for s in samples)])
    individual = individualise(
        model, patient_of(args), log.regimen(end), samples, iiv=iiv, other_site=other,
        robust=args.robust,
    )  # fmt: skip
    if isinstance(individual, Refusal):
        return individual
    return model, individual, samples


def _observations(name: str, site: str) -> list[Observation] | Refusal:
    """Read samples: JSON list, or CSV ``t_min,value_ng_per_ml[,site,analyte,below_ng_per_ml]``."""
    text = read_text(name)
    if isinstance(text, Refusal):
        return text
    try:
        if text.lstrip().startswith(("[", "{")):
            data = json.loads(text)
            rows = data["observations"] if isinstance(data, dict) else data
        else:
            table = csv.DictReader(io.StringIO(text))
            if not {"t_min", "value_ng_per_ml"} <= set(table.fieldnames or ()):
                raise ValueError(f"its columns are {table.fieldnames or []}")
            rows = list(table)
        return [_observation(row, site) for row in rows]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return Refusal(
            "observations.unreadable", f"{name} holds no observations: {error!r}.",
            field="observations",
        )  # fmt: skip


def _observation(row: dict[str, Any], site: str) -> Observation:
    value, below = row.get("value_ng_per_ml"), row.get("below_ng_per_ml")
    return Observation(
        float(row["t_min"]),
        None if value in (None, "") else float(value),
        row.get("site") or site,
        row.get("analyte") or None,
        None if below in (None, "") else float(below),
    )


def _document(fit: Individual, samples: list[Observation]) -> dict[str, Any]:
    return {
        "eta": dict(fit.eta),
        "sd": dict(fit.sd),
        "shrinkage": dict(fit.shrinkage),
        "covariance": {"names": list(fit.names), "matrix": fit.covariance},
        "parameters": dict(fit.parameters),
        "observations": [
            {
                "t_min": o.t_min,
                "value_ng_per_ml": o.value_ng_per_ml,
                "site": o.site,
                "predicted_ng_per_ml": f,
                "typical_ng_per_ml": t,
                "weighted_residual": w,
            }
            for o, f, t, w in zip(
                samples,
                fit.predicted_ng_per_ml,
                fit.typical_ng_per_ml,
                fit.weighted_residuals,
                strict=True,
            )
        ],
        "objective": fit.objective,
        "prior_predictive_p": fit.prior_predictive_p,
        "method": fit.method,
        "borrowed_from": fit.borrowed_from,
        "data_fight_prior": fit.data_fight_prior,
        "flags": ["data_fight_prior"] if fit.data_fight_prior else [],
        "findings": findings_of(fit.findings),
    }


def _print(fit: Individual) -> None:
    for name in fit.names:
        print(f"{name:<10} eta {fit.eta[name]:+.4f} ± {fit.sd[name]:.4f}  "
              f"shrinkage {fit.shrinkage[name]:.2f}")  # fmt: skip
    if fit.data_fight_prior:
        print("THE DATA FIGHT THE PRIOR")
    for finding in fit.findings:
        print(f"note: {finding.because}", file=sys.stderr)
