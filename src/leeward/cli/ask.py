"""`leeward ask`: the library's passages that answer a question, no database needed."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leeward.content.kinds.crisis_line import CrisisLine
    from leeward.content.library import ContentLibrary
    from leeward.records.library.passages import Passage
    from leeward.records.library.search import Answer

KINDS = ("articles", "lexicons", "sources", "crisis_lines")
SCORE_DIGITS = 4


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "ask",
        help="the library's passages that answer a question, no database needed",
        description="Searches the public library and prints the passages that answer, with their "
        "sources, best first; none if it has no answer. It writes no words of its own and never "
        "gives a dose. Words of crisis, in either language, put the telephone numbers first.",
    )
    parser.add_argument("question", metavar="QUESTION")
    parser.add_argument("--lang", choices=["en", "es"], help="language of the passages")
    parser.add_argument("--country", default="us", help="whose emergency numbers; us if not known")
    parser.add_argument("--format", choices=["text", "json"], default="text")


def run(args: argparse.Namespace) -> int:
    library = _library()
    if library is None:
        print("The content is not valid; 'leeward content check' says why.", file=sys.stderr)
        return 1
    if not args.question.strip():
        print("There is no question. Write one in quotes.", file=sys.stderr)
        return 1
    from leeward.records.library.search import Search

    search = Search(library.articles.values(), library.lexicons)
    answer = search.ask(args.question, args.lang or search.language_of(args.question))
    lines = library.crisis_lines.get(args.country.lower()) or library.crisis_lines["us"]
    if args.format == "json":
        print(json.dumps(as_json(answer, library, lines), ensure_ascii=False))
    else:
        print("\n".join(as_text(answer, library, lines)))
    return 0


def _library() -> "ContentLibrary | None":
    """The kinds of content that an answer needs, and no more."""
    from leeward.content.kind import all_kinds
    from leeward.content.loader import HOME
    from leeward.content.reading import read

    return read(HOME, tuple(kind for kind in all_kinds() if kind.attribute in KINDS)).library


def as_json(answer: "Answer", library: "ContentLibrary", lines: "CrisisLine") -> dict[str, Any]:
    """The stable form: the keys of the documented contract, in its order."""
    numbers = {"emergency": lines.emergency, "crisis": lines.crisis}
    return {
        "emergency": _emergency(answer, lines),
        "passages": [
            {
                "article": found.passage.article.slug,
                "heading": found.passage.section.heading,
                "text": found.passage.text(numbers),
                "sources": _sources(found.passage, library),
                "score": round(found.score, SCORE_DIGITS),
            }
            for found in answer.found
        ],
    }


def _emergency(answer: "Answer", lines: "CrisisLine") -> dict[str, Any] | None:
    alarms = answer.alarms
    if not (alarms.crisis or alarms.emergency):
        return None
    spanish = answer.language == "es"
    crisis = {
        "number": lines.crisis,
        "name": lines.crisis_name_es if spanish else lines.crisis_name,
    }
    emergency = {
        "number": lines.emergency,
        "name": lines.emergency_name_es if spanish else lines.emergency_name,
    }
    kind = "crisis" if alarms.crisis else "medical"
    return {
        "kind": kind,
        "country": lines.id,
        "lines": [crisis, emergency] if alarms.crisis else [emergency, crisis],
    }


def _sources(passage: "Passage", library: "ContentLibrary") -> list[dict[str, Any]]:
    """Each source once, with the evidence and the day of the claim that cites it first."""
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for block in passage.blocks:
        for cited in block.sources:
            told.setdefault(
                (cited.source, cited.at),
                {
                    "id": cited.source,
                    "at": cited.at,
                    "citation": library.sources[cited.source].citation,
                    "evidence": block.evidence,
                    "grade": cited.grade.value,
                    "checked": (block.checked or passage.article.checked).isoformat(),
                },
            )
    return list(told.values())


def as_text(answer: "Answer", library: "ContentLibrary", lines: "CrisisLine") -> list[str]:
    """The answer for a reader at a terminal."""
    shown: list[str] = []
    emergency = _emergency(answer, lines)
    if emergency is not None:
        shown += [f"CALL {line['number']}  {line['name']}" for line in emergency["lines"]] + [""]
    if not answer.found:
        none = {"en": "The library has no answer to this.",
                "es": "La biblioteca no tiene respuesta a esto."}  # fmt: skip
        return [*shown, none[answer.language]]
    for found in as_json(answer, library, lines)["passages"]:
        shown += [f"{found['heading']} ({found['article']}, {found['score']:.2f})", found["text"]]
        shown += [f"  [{each['evidence']}] {each['citation']}" for each in found["sources"]]
        shown.append("")
    return shown[:-1]
