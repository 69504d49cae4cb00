"""`leeward replay`: fold the events of a session and print what they amount to."""

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from leeward.core.quantities import LeewardError, Refusal

if TYPE_CHECKING:
    from leeward.core.treatment import DosePlan, SessionState
    from leeward.core.treatment.events import Recorded
    from leeward.exchange.devices.simulated.scenario import Scenario


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "replay",
        help="fold a session's events and print what they say",
        description="Folds the events of a session, by its id in this clinic's database, or of a "
        "JSON file: a list of events, or a record with `events` in it (such as a signed note's "
        "canonical record). A file needs no database. A scenario (a file that says it is a "
        "simulation, or the name of a shipped one) runs the simulated patient through.",
    )
    parser.add_argument("session", metavar="SESSION|scenario.json", help="id, file, - or scenario")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(args: argparse.Namespace) -> int:
    scenario = _scenario(args.session)
    if scenario is not None:
        return _run_scenario(scenario, args.format)
    log = _read_log(args.session)
    if isinstance(log, Refusal):
        if args.format == "json":
            print(json.dumps({"refused": {"code": log.code, "because": log.because}}))
        print(log, file=sys.stderr)
        return 1
    from leeward.core.treatment import fold

    state = fold(log)
    if args.format == "json":
        print(json.dumps(as_json(state), ensure_ascii=False, indent=1))
    else:
        print("\n".join(as_text(state)))
    return 0


def _scenario(named: str) -> "Scenario | None":
    """The scenario in a file that says it is a simulation, or a shipped one by name."""
    from leeward.exchange.devices.simulated.scenario import BadScenario, find_file, read_scenario

    file = Path(named) if named.endswith(".json") else find_file(named)
    if file is None or not file.is_file():
        return None
    try:
        text = _text(file)
        is_one = json.loads(text).get("simulation") is True
    except (OSError, ValueError, AttributeError):
        return None
    if not is_one:
        return None
    try:
        return read_scenario(text)
    except BadScenario as fault:
        raise SystemExit(f"{named}: {fault}") from fault


def _run_scenario(scenario: "Scenario", form: str) -> int:
    from leeward.cli import replay_scenario as scenarios

    run = scenarios.run_scenario(scenario)
    if form == "json":
        print(json.dumps(scenarios.as_json(run), ensure_ascii=False, indent=1))
    else:
        print("\n".join(scenarios.as_text(run)))
    return 0


def _read_log(named: str) -> "list[Recorded] | Refusal":
    try:
        session_id = UUID(named)
    except ValueError:
        return _of_file(named)
    return _of_database(session_id)


def _of_database(session_id: UUID) -> "list[Recorded] | Refusal":
    from .main import start_django

    start_django()
    from leeward.records.treatments import store

    log = store.load(session_id)
    return log or Refusal("replay.no_session", f"There is no session {session_id} here.")


def _of_file(name: str) -> "list[Recorded] | Refusal":
    from leeward.core.treatment.payload import recorded_from_payload

    try:
        text = sys.stdin.read() if name == "-" else _text(Path(name))
        document = json.loads(text)
        rows = document["events"] if isinstance(document, dict) else document
        log = [recorded_from_payload(row) for row in rows]
    except OSError as fault:
        return Refusal("replay.unreadable", f"{name} can't be read: {fault.strerror or fault}.")
    except (ValueError, KeyError, TypeError, LeewardError) as fault:
        because = f"{name} does not hold a session's events: {fault}."
        return Refusal("replay.not_events", because)
    begins = log and type(log[0].event).__name__ == "SessionOpened"
    if not begins or [r.envelope.seq for r in log] != list(range(1, len(log) + 1)):
        because = f"{name} must hold every event from the opening on, numbered 1, 2, 3 ..."
        return Refusal("replay.not_whole", because)
    return log


def _text(file: Path) -> str:
    data = file.read_bytes()
    return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")


def as_text(state: "SessionState") -> Iterator[str]:
    """State, alarms, then the numbered timeline; what was withdrawn is marked."""
    from leeward.core.quantities.formatting import show
    from leeward.records.overview.dose_words import short_words
    from leeward.records.overview.event_words import words_of

    plan = state.plan
    yield f"Session of {_moment(state.opened.at)}, stage {state.stage.value}, {state.seq} events"
    volume = getattr(plan, "volume_ml", None)
    amount = f"{plan.devices} devices" if volume is None else show(volume, "mL")
    yield f"Ordered: {plan.drug.replace('_', ' ')}, {short_words(plan)}, {plan.route}, {amount}"
    last = state.log[-1].envelope.occurred_at
    yield f"Given: {show(state.given_mg_at(last), 'mg')} in {show(state.given_ml_at(last), 'mL')}"
    yield f"Alarms: {len(state.alarms)}, of which nobody answered {len(state.unanswered_alarms)}"
    for alarm in state.alarms.values():
        answered = "answered" if alarm.acknowledged else "not answered"
        lasting = "present" if alarm.present else "over"
        yield (f"  {_moment(alarm.said.at)}  {alarm.priority:<6}  "
               f"{alarm.condition.replace('_', ' ')}: {lasting}, {answered}")  # fmt: skip
    yield "Timeline (UTC):"
    for recorded in state.log:
        head = recorded.envelope
        words = words_of(recorded.event)
        if words:
            mark = "  (withdrawn)" if head.seq in state.withdrawn else ""
            yield f"{head.seq:>5}  {_moment(head.occurred_at)}  {words}{mark}  [{head.actor.name}]"


def _ordered_ml(plan: "DosePlan") -> str | None:
    """The ordered volume [mL]; None for devices."""
    volume = getattr(plan, "volume_ml", None)
    return None if volume is None else format(volume, "f")


def as_json(state: "SessionState") -> dict[str, Any]:
    """The same as a stable document."""
    from leeward.records.overview.event_words import words_of

    last = state.log[-1].envelope.occurred_at
    return {
        "stage": state.stage.value,
        "events": state.seq,
        "opened_at": state.opened.at.isoformat(),
        "ordered": {"drug": state.plan.drug, "route": state.plan.route,
                    "dose_mg": format(state.plan.dose_mg, "f"),
                    "volume_ml": _ordered_ml(state.plan)},
        "given_mg": format(state.given_mg_at(last), "f"),
        "given_ml": format(state.given_ml_at(last), "f"),
        "alarms": [
            {"condition": a.condition, "priority": a.priority, "raised_at": a.said.at.isoformat(),
             "present": a.present, "answered": a.acknowledged is not None}
            for a in state.alarms.values()
        ],
        "timeline": [
            {"seq": r.envelope.seq, "at": r.envelope.occurred_at.isoformat(),
             "words": words, "by": r.envelope.actor.name,
             "withdrawn": r.envelope.seq in state.withdrawn}
            for r in state.log
            if (words := words_of(r.event))
        ],
    }  # fmt: skip


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
