"""`leeward models`: the PK sets and where their numbers come from."""

import argparse
from typing import Any

from leeward.content.shipped_sets import ids_of_sets, read_set
from leeward.core.pharmacology import Model
from leeward.core.quantities import Refusal

from .pharmacology_inputs import described, model_of, print_json, refused


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("models", help="the pharmacokinetic sets and their sources")
    parser.add_argument("id", nargs="?", metavar="ID")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print one set, or all of them."""
    if args.id is None:
        models = [read_set(name) for name in ids_of_sets()]
        if args.format == "json":
            print_json([described(model) for model in models])
            return 0
        for model in models:
            routes = ", ".join(model.routes)
            print(f"{model.id:<16}{model.site:<10}{model.drug:<18}{routes:<18}{model.title}")
        return 0
    model = model_of(args.id)
    if isinstance(model, Refusal):
        return refused(model, args.format == "json")
    if args.format == "json":
        print_json(_whole(model))
    else:
        print(_text(model))
    return 0


def _whole(model: Model) -> dict[str, Any]:
    return {
        **described(model),
        "parameters": {
            name: {
                "printed": p.printed,
                "weight_exponent": p.weight_exponent,
                "alternative_exponent": p.alternative_exponent,
                "grade": str(p.grade),
                "source": {"id": p.source.source, "at": p.source.at},
            }
            for name, p in model.parameters.items()
        },
        "effect_site": None
        if model.effect is None
        else {
            "ke0_per_min": model.effect.ke0_per_min,
            "ke0_per_log_kg": model.effect.per_log_kg,
            "endpoint": model.effect.endpoint,
            "estimated": model.effect.estimated,
            "grade": str(model.effect.grade),
            "source": {"id": model.effect.source.source, "at": model.effect.source.at},
        },
        "variability": [
            {
                "names": list(block.names),
                "scale": block.distribution,
                "between": "occasions" if block.occasion else "people",
                "covariance": [list(row) for row in block.matrix],
                "grade": str(block.grade),
            }
            for block in model.omega
        ],
        "residual": [
            {
                "analyte": r.analyte,
                "scale": r.scale,
                "proportional": r.proportional,
                "additive_ng_per_ml": r.additive_ng_per_ml,
                "grade": str(r.grade),
            }
            for r in model.residual
        ],
        "weight_kg": None
        if model.weight_range is None
        else [model.weight_range.low, model.weight_range.high],
        "age_y": None if model.age_range is None else [model.age_range.low, model.age_range.high],
        "notes": [note.finding.because for note in model.notes],
        "derived": dict(model.derived),
    }


def _text(model: Model) -> str:
    lines = [
        f"{model.id}: {model.title}",
        f"  drug {model.drug}; site {model.site} ({model.site_basis})",
        f"  analytes {', '.join(model.analytes)}; routes {', '.join(model.routes)}",
        f"  people: {model.population}",
        f"  weakest grade: {model.grade}",
        "  parameters:",
    ]
    for name, p in model.parameters.items():
        scale = (
            f" x (weight/{p.reference_weight_kg:g})^{p.weight_exponent:g}"
            if p.weight_exponent
            else ""
        )
        lines.append(
            f"    {name:<10}{p.printed}{scale}  [{p.grade}] {p.source.source}, {p.source.at}"
        )
    if model.effect is not None:
        kind = "estimated" if model.effect.estimated else "matched to a peak time, not estimated"
        lines.append(f"  effect site: ke0 {model.effect.ke0_per_min:g} /min, {kind}")
    lines += [f"  not known: {text}" for text in model.unknown]
    lines += [f"  note: {note.finding.because}" for note in model.notes]
    return "\n".join(lines)
