"""`leeward target`: the schedule that would hold a target level, from the pump log so far."""

import argparse
import sys
from typing import Any

from leeward.core.pharmacology import PumpLog
from leeward.core.pharmacology.target import Advice, Caps, advise
from leeward.core.quantities import Refusal

from .pharmacology_inputs import (
    add_person,
    described,
    findings_of,
    log_of,
    model_of,
    patient_of,
    print_json,
    refused,
)


def add_parser(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("target", help="the schedule that would hold a target level")
    add_person(parser)
    parser.add_argument("--target", required=True, type=float, metavar="NG_PER_ML")
    parser.add_argument("--site", required=True, choices=("plasma", "effect"))
    parser.add_argument("--horizon", required=True, type=float, metavar="MIN")
    parser.add_argument("--log", metavar="FILE", help="what the pump delivered so far")
    parser.add_argument(
        "--now", type=float, metavar="MIN", help="by default the last word of the log"
    )
    parser.add_argument("--interval", type=float, default=1.0 / 6.0, metavar="MIN")
    parser.add_argument("--stale-after", type=float, metavar="MIN")
    parser.add_argument("--max-rate", type=float, metavar="MG_PER_MIN")
    parser.add_argument("--max-bolus", type=float, metavar="MG")
    parser.add_argument("--max-overshoot", type=float, metavar="FACTOR")
    parser.add_argument("--max-total", type=float, metavar="MG")
    parser.add_argument("--max-per-hour", type=float, metavar="MG_PER_KG")
    parser.add_argument("--resolution", type=float, default=0.0, metavar="MG_PER_MIN")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Plan and print."""
    model = model_of(args.model)
    if isinstance(model, Refusal):
        return refused(model, args.format == "json")
    log = log_of(args.log) if args.log else PumpLog()
    if isinstance(log, Refusal):
        return refused(log, args.format == "json")
    now = args.now if args.now is not None else (log.heard_min if args.log else 0.0)
    advice = advise(
        model,
        patient_of(args),
        log,
        target_ng_per_ml=args.target,
        site=args.site,
        now_min=now,
        horizon_min=args.horizon,
        interval_min=args.interval,
        stale_after_min=args.stale_after,
        caps=Caps(
            args.max_rate,
            args.max_bolus,
            args.max_overshoot,
            args.max_total,
            args.max_per_hour,
            args.resolution,
        ),
    )
    if isinstance(advice, Refusal):
        return refused(advice, args.format == "json")
    if args.format == "json":
        print_json({"model": described(model), **_document(advice)})
    else:
        _print(advice)
    return 0


def _document(advice: Advice) -> dict[str, Any]:
    return {
        "advice_only": True,
        "target_ng_per_ml": advice.target_ng_per_ml,
        "site": advice.site,
        "schedule": [
            {"t_min": s.t_min, "rate_mg_per_min": s.rate_mg_per_min, "limited_by": s.limited_by}
            for s in advice.steps
        ],
        "t_min": advice.t_min,
        "plasma_ng_per_ml": advice.plasma_ng_per_ml,
        "effect_ng_per_ml": advice.effect_ng_per_ml,
        "total_mg": advice.total_mg,
        "log_heard_min": advice.log_heard_min,
        "reasons": list(advice.reasons),
        "findings": findings_of(advice.findings),
    }


def _print(advice: Advice) -> None:
    print(f"Advice only: {advice.target_ng_per_ml:g} ng/mL at the {advice.site} site, "
          f"{advice.model_id}")  # fmt: skip
    for step in advice.steps:
        held = f"  ({step.limited_by})" if step.limited_by else ""
        print(f"{step.t_min:10.3f} min  {step.rate_mg_per_min:9.4f} mg/min{held}")
    print(f"total {advice.total_mg:.3f} mg")
    for text in (*advice.reasons, *(f.because for f in advice.findings)):
        print(f"note: {text}", file=sys.stderr)
