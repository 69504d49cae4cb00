"""`leeward content`: check the clinical content, how hard it is to read, or renew the schemas."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser("content", help="check the clinical content")
    parser.add_argument("action", choices=["check", "reading", "schema"], help="what to do")
    parser.add_argument("--path", type=Path, help="a content folder other than the shipped one")
    parser.add_argument("--format", choices=["text", "json"], default="text")


def run(args: argparse.Namespace) -> int:
    if args.action == "schema":
        return _schema()
    if args.action == "reading":
        return _reading(args.path, args.format)
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


def _reading(path: Path | None, form: str) -> int:
    """Say how hard each article of the library is, and which paragraphs make it so."""
    from leeward.content.kind import all_kinds
    from leeward.content.loader import HOME
    from leeward.content.reading import read
    from leeward.content.reading_level import hard_passages, level_of_article

    kinds = tuple(kind for kind in all_kinds() if kind.attribute in ("articles", "sources"))
    library = read((path or HOME).resolve(), kinds).library
    if library is None:
        print("The content is not valid; 'leeward content check' says why.", file=sys.stderr)
        return 1
    told = [(a, level_of_article(a), hard_passages(a)) for a in library.articles.values()]
    if form == "json":
        rows = [
            {"article": a.slug, "language": a.language, "score": level.score,
             "passes": level.passes, "words": level.words, "sentences": level.sentences,
             "hard": [{"where": h.where, "score": h.level.score, "text": h.text} for h in hard]}
            for a, level, hard in told
        ]  # fmt: skip
        print(json.dumps({"articles": rows}, ensure_ascii=False, indent=1))
    else:
        for a, level, hard in told:
            verdict = "" if level.passes else "  TOO HARD"
            print(f"{a.slug}.{a.language}: {level.score:.1f} ({level.words} words){verdict}")
            for each in () if level.passes else hard:
                print(f"  {each.where}: {each.level.score:.1f}: {each.text[:160]}")
    return 0 if all(level.passes for _, level, _ in told) else 1


def _schema() -> int:
    from leeward.content.json_schema import write_schemas

    changed = write_schemas()
    print("\n".join(changed) if changed else "The schemas are up to date.")
    return 0
