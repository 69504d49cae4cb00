"""`leeward bench NAME`: each figure beside a peer or the limit measured in the same run."""

import argparse
import importlib

BENCHMARKS = {
    "pharmacology": ("bench_pharmacology", "populations and single patients"),
    "events": ("bench_events", "durable events of a session"),
    "screening": ("bench_screening", "one record, an export, a second scan"),
    "live": ("bench_live", "a ward of live chairs, end to end"),
    "preview": ("bench_preview", "the plan builder's answer at the HTTP boundary"),
}


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "bench", help="benchmarks beside their limits", description=__doc__
    )
    names = parser.add_subparsers(dest="benchmark", required=True, metavar="NAME")
    for name, (module, _words) in BENCHMARKS.items():
        known = importlib.import_module(f"leeward.cli.{module}")
        known.add_parser(names)
        names.choices[name].set_defaults(bench=known.run)
    everything = names.add_parser("all", help="one after the other")
    everything.set_defaults(bench=_all)


def run(args: argparse.Namespace) -> int:
    return int(args.bench(args))


def _all(_args: argparse.Namespace) -> int:
    from leeward.cli.main import main

    return max(main(["bench", name]) for name in BENCHMARKS)
