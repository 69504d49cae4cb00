"""`leeward score`: score the answers to a rating scale, no database needed."""

import argparse
import json
import sys
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from leeward.core.quantities import Refusal

if TYPE_CHECKING:
    from leeward.core.instruments import Answer, Instrument, Score

DECLINED_WORDS = frozenset({"declined", "refused"})


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "score",
        help="score a rating scale",
        description="Answers in the order of the form, separated by commas; an empty one is "
        "missing, `declined` is asked and refused. A form can be answered with or without its "
        "unscored questions.",
    )
    parser.add_argument("instrument", help="id of the scale, such as phq-9")
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("--answers", help="such as 1,2,,0,1,0,0,1,0")
    given.add_argument("--total", help="a total added up elsewhere")
    parser.add_argument("--sex", choices=["male", "female", "other", "unknown"])
    parser.add_argument("--format", choices=["text", "json"], default="text")


def run(args: argparse.Namespace) -> int:
    result = _score(args.instrument, args.answers, args.total, args.sex)
    if isinstance(result, Refusal):
        if args.format == "json":
            refused = {"code": result.code, "because": result.because, "field": result.field}
            print(json.dumps({"refused": refused}, ensure_ascii=False))
        else:
            print(result, file=sys.stderr)
        return 1
    instrument, scored = result
    if args.format == "json":
        print(json.dumps(as_json(scored), ensure_ascii=False))
    else:
        _print_text(instrument, scored)
    return 0


def as_json(scored: "Score") -> dict[str, Any]:
    """The stable form: the keys of the documented contract, in its order."""
    return {
        "instrument": scored.instrument,
        "version": scored.version,
        "total": scored.total,
        "band": scored.band.label if scored.band is not None else None,
        "subscales": {part.code: part.total for part in scored.subscales},
        "missing": list(scored.missing),
        "flags": list(scored.flags),
        "source": {"id": scored.source.source, "at": scored.source.at},
    }


def _score(
    name: str, answers: str | None, total: str | None, sex: str | None
) -> "tuple[Instrument, Score] | Refusal":
    from leeward.core.instruments import score, score_total

    instrument = _find(name)
    if isinstance(instrument, Refusal):
        return instrument
    values = [_read(word) for word in answers.split(",")] if answers is not None else []
    unreadable = next((value for value in values if isinstance(value, Refusal)), None)
    if unreadable is not None:
        return unreadable
    by_total = not instrument.items or (not instrument.forms and len(values) == 1)
    if total is not None or by_total:
        entered = _read(total) if total is not None else values[0]
        if isinstance(entered, Refusal):
            return entered
        if not isinstance(entered, int | Decimal) or len(values) > 1:
            return Refusal("score.total", f"{instrument.title} takes one number: its total.")
        scored = score_total(instrument, entered, sex=sex)
    else:
        placed = _place(instrument, [v for v in values if not isinstance(v, Refusal)])
        if isinstance(placed, Refusal):
            return placed
        scored = score(instrument, placed, sex=sex)
    return scored if isinstance(scored, Refusal) else (instrument, scored)


def _find(name: str) -> "Instrument | Refusal":
    from leeward import content

    try:
        known = content.load().instruments
    except content.ContentError as error:
        return Refusal("score.content", str(error))
    plain = {_plain(id_): instrument for id_, instrument in known.items()}
    found = plain.get(_plain(name))
    if found is not None:
        return found
    return Refusal(
        "score.unknown_instrument",
        f"There is no rating scale {name!r}. Known are: {', '.join(sorted(known))}.",
        field="instrument",
    )


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _read(word: str) -> "Answer | Refusal":
    from leeward.core.instruments import DECLINED

    word = word.strip()
    if not word:
        return None
    if word.casefold() in DECLINED_WORDS:
        return DECLINED
    try:
        number = Decimal(word)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        return Refusal("score.not_a_number", f"{word!r} is not a number.", field="answers")
    return int(number) if number == number.to_integral_value() else number


def _place(instrument: "Instrument", values: "list[Answer]") -> "dict[str, Answer] | Refusal":
    """Put the values to the questions: all of them, or the scored ones only."""
    for items in (instrument.items, instrument.scored_items):
        if len(items) == len(values):
            return {item.link_id: value for item, value in zip(items, values, strict=True)}
    counts = sorted({len(instrument.items), len(instrument.scored_items)})
    return Refusal(
        "score.wrong_count",
        f"{instrument.title} has {' or '.join(map(str, counts))} answers; {len(values)} were "
        "given. Leave a missing one empty, with its comma.",
        field="answers",
    )


def _print_text(instrument: "Instrument", scored: "Score") -> None:
    total = "no total" if scored.total is None else f"{scored.total:g}"
    highest = instrument.scoring.maximum
    of = f" of {highest}" if scored.total is not None and highest is not None else ""
    print(f"{instrument.title}: {total}{of}" + (f", {scored.band.label}" if scored.band else ""))
    for part in scored.subscales:
        print(f"  {part.code}: {'-' if part.total is None else part.total}")
    if scored.missing:
        print(f"  missing: {', '.join(scored.missing)}")
    if scored.flags:
        print(f"  flags: {', '.join(scored.flags)}")
    print(f"  {scored.version}; {scored.source.source}, {scored.source.at}")
