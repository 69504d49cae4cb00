"""`leeward content`: check the clinical content, or renew the schemas for editors."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser("content", help="check the clinical content")
    parser.add_argument("action", choices=["check", "schema"], help="what to do")
    parser.add_argument("--path", type=Path, help="a content folder other than the shipped one")
    parser.add_argument("--format", choices=["text", "json"], default="text")


def run(args: argparse.Namespace) -> int:
    if args.action == "schema":
        return _schema()
    return _check(args.path, args.format)


def _check(path: Path | None, form: str) -> int:
    from leeward.content.loader import HOME
    from leeward.content.reading import read

    root = (path or HOME).resolve()
    if not root.is_dir():
        print(f"There is no folder {root}.", file=sys.stderr)
        return 1
    reading = read(root)
    digest = reading.library.digest if reading.library else None
    if form == "json":
        problems = [asdict(problem) for problem in reading.problems]
        print(json.dumps({"digest": digest, "problems": problems}, ensure_ascii=False, indent=1))
    else:
        for problem in reading.problems:
            print(problem)
        count = len(reading.problems)
        print(f"{count} problem(s)." if count else f"The content is valid. Digest {digest}.")
    return 1 if reading.problems else 0


def _schema() -> int:
    from leeward.content.json_schema import write_schemas

    changed = write_schemas()
    print("\n".join(changed) if changed else "The schemas are up to date.")
    return 0
