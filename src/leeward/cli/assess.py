"""`leeward assess`: candidacy findings for one person's record, no database needed."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from leeward.core.quantities import Refusal

if TYPE_CHECKING:
    from leeward.core.candidacy import Assessment, Fact, Recogniser
    from leeward.core.candidacy.findings import FactLine, SetAside
    from leeward.usecases.imported import Skipped

DRUGS = ("racemic_ketamine", "esketamine")
MOST_REASONS = 5
ROUTES = ("iv", "im", "sc", "intranasal", "oral", "sublingual")


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "assess",
        help="candidacy findings for one record, no database needed",
        description="Reads one person's FHIR R4 record (a Bundle or NDJSON, gzipped or not, - for "
        "standard input) and says what speaks for and against treatment. What no record names is "
        "unknown, never excluded. Clinic limits are not known here.",
    )
    parser.add_argument("bundle", metavar="BUNDLE.json", help="the record")
    parser.add_argument("--drug", required=True, choices=DRUGS)
    parser.add_argument("--route", required=True, choices=ROUTES)
    parser.add_argument("--indication", metavar="ID", help="the reason for treatment in question")
    parser.add_argument("--as-of", metavar="DATE", help="the date of the question; today if not")
    parser.add_argument("--format", choices=["text", "json"], default="text")


def run(args: argparse.Namespace) -> int:
    as_of = read_date(args.as_of)
    if isinstance(as_of, Refusal):
        return refuse(as_of, args.format)
    from leeward.exchange.fhir.one_person import read_one_person

    person = read_one_person(args.bundle)
    if isinstance(person, Refusal):
        return refuse(person, args.format)
    found = assess_facts(person.facts, args.drug, args.route, as_of, args.indication)
    if isinstance(found, Refusal):
        return refuse(found, args.format)
    _tell_skipped(person.skipped)
    if args.format == "json":
        print(json.dumps(as_json(found, person.facts), ensure_ascii=False))
    else:
        print("\n".join(as_text(found, person.facts)))
    return 0


def assess_facts(
    facts: "Sequence[Fact]", drug: str, route: str, as_of: date, indication: str | None
) -> "Assessment | Refusal":
    """Assess by the shipped content, without clinic limits."""
    from leeward import content
    from leeward.core.candidacy import assess

    library = content.load()
    return assess(
        facts,
        library.rules.values(),
        recogniser(),
        drug=drug,
        route=route,
        as_of=as_of,
        indications=tuple(library.indications.values()),
        workup=tuple(library.workup.values()),
        indication=indication,
    )


@cache
def recogniser() -> "Recogniser":
    """The shipped code lists, indexed once in a process."""
    from leeward import content
    from leeward.core.candidacy import Recogniser

    return Recogniser(content.load().concepts.values())


def _tell_skipped(skipped: "Sequence[Skipped]") -> None:
    """Say on stderr how much could not be used and the commonest reasons."""
    if not skipped:
        return
    reasons = Counter(each.because for each in skipped).most_common(MOST_REASONS + 1)
    told = "; ".join(f"{n} x {because}" for because, n in reasons[:MOST_REASONS])
    more = "; ..." if len(reasons) > MOST_REASONS else ""
    print(f"{len(skipped)} resources carry no fact for this: {told}{more}", file=sys.stderr)


def read_date(text: str | None) -> date | Refusal:
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        because = f"{text!r} is not a date. Write it as 2026-01-31."
        return Refusal("assess.date", because, field="as_of")


def refuse(refusal: Refusal, form: str) -> int:
    if form == "json":
        said = {"code": refusal.code, "because": refusal.because, "field": refusal.field}
        print(json.dumps({"refused": said}, ensure_ascii=False))
    else:
        print(refusal, file=sys.stderr)
    return 1


def as_json(found: "Assessment", facts: "Sequence[Fact]") -> dict[str, Any]:
    """The stable form of an assessment: the keys of the documented contract, and more."""
    from leeward import content

    return {
        "as_of": found.as_of.isoformat(),
        "drug": found.drug,
        "route": found.route,
        "content_digest": content.load().digest,
        "patient": patient_json(facts, found.as_of),
        "findings": [
            {
                "rule": f.rule,
                "version": f.version,
                "group": f.group,
                "title": {"en": f.title.en, "es": f.title.es},
                "effect": f.effect.value,
                "status": f.status.value,
                "because": f.because,
                "patient": {"en": f.patient.en, "es": f.patient.es},
                "facts": [_fact(line) for line in f.facts],
                "missing": list(f.missing),
                "contradictions": list(f.contradictions),
                "source": {"id": f.source.source, "at": f.source.at},
                "grade": f.grade.value,
                "unverified": f.unverified,
                "override": f.override or None,
            }
            for f in found.findings
        ],
        "indications": [
            {
                "id": i.id,
                "label": {"en": i.label.en, "es": i.label.es},
                "status": i.status.value,
                "asked": i.asked,
                "evidence": i.evidence,
                "approved": i.approved,
                "because": i.because,
                "facts": [_fact(line) for line in i.facts],
                "missing": list(i.missing),
                "source": {"id": i.source.source, "at": i.source.at},
                "unverified": i.unverified,
            }
            for i in found.indications
        ],
        "workup_missing": [
            {
                "id": w.id,
                "label": {"en": w.label.en, "es": w.label.es},
                "because": w.because,
                "facts": [_fact(line) for line in w.facts],
                "source": {"id": w.source.source, "at": w.source.at},
                "unverified": w.unverified,
            }
            for w in found.workup_missing
        ],
        "needs_review": [_aside(each) for each in found.needs_review],
        "left_out": [_aside(each) for each in found.left_out],
        "notes": list(found.notes),
        "summary": summary(found),
    }


def summary(found: "Assessment") -> dict[str, Any]:
    """Counts by effect, and one sentence."""
    from leeward.core.candidacy import Status

    present, unknown = found.count(Status.PRESENT), found.count(Status.UNKNOWN)
    absent = found.count(Status.ABSENT)
    return {
        "present": present,
        "unknown": unknown,
        "absent": absent,
        "workup_missing": len(found.workup_missing),
        "text": f"Present: {_counted(present)}. Unknown: {_counted(unknown)}. "
        f"Absent: {_counted(absent)}. Leeward advises; a clinician decides.",
    }


def patient_json(facts: "Sequence[Fact]", as_of: date) -> dict[str, Any]:
    """Who it is, without a name."""
    from leeward.core.candidacy import FactKind, demographic
    from leeward.core.candidacy.predicates.person import age_range_years, birth_date

    born = birth_date(demographic(facts, "birth_date"))
    ages = sorted(set(age_range_years(born, as_of))) if born else []
    sex, at_birth = demographic(facts, "sex"), demographic(facts, "birth_sex")
    died = demographic(facts, "deceased")
    named = next((f.resource for f in facts if f.kind is FactKind.DEMOGRAPHIC), None)
    return {
        "resource": named,
        "birth_date": born.text if born else None,
        "age_years": ages[0] if len(ages) == 1 else None,
        "sex": sex.value if sex else None,
        "birth_sex": at_birth.value if at_birth else None,
        "deceased": str(died.onset) if died and died.onset else bool(died),
    }


def _fact(line: "FactLine") -> dict[str, Any]:
    return {
        "what": line.what,
        "date": line.date or None,
        "resource": line.resource or None,
        "note": line.note,
        "recognised": line.recognised or None,
        "also": list(line.also),
    }


def _aside(each: "SetAside") -> dict[str, Any]:
    return {
        "what": each.what,
        "date": each.date or None,
        "resource": each.resource or None,
        "because": each.because,
    }


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {effect}" for effect, n in counts.items()) or "none"


def as_text(found: "Assessment", facts: "Sequence[Fact]") -> list[str]:
    """The assessment for a reader at a terminal."""
    from leeward.core.candidacy import Status

    who = patient_json(facts, found.as_of)
    lines = [
        f"{found.drug} {found.route}, as of {found.as_of}; "
        f"{who['sex'] or 'sex not recorded'}, born {who['birth_date'] or 'unknown'}",
        summary(found)["text"],
    ]
    for status, heading in (
        (Status.PRESENT, "PRESENT"),
        (Status.UNKNOWN, "UNKNOWN (not cleared)"),
        (Status.ABSENT, "ABSENT"),
    ):
        shown = found.having(status)
        lines += ["", heading] if shown else []
        for f in shown:
            mark = " [unverified source]" if f.unverified else ""
            lines.append(f"  {f.effect.value:8} {f.title.en} ({f.rule}){mark}")
            if status is Status.PRESENT:
                lines.append(f"           {f.because}")
            lines += [f"           - {_said(line)}" for line in f.facts]
    named = [i for i in found.indications if i.facts or i.asked]
    lines += ["", "INDICATIONS ON RECORD"] if named else []
    lines += [
        f"  {i.status.value:8} {i.label.en}, evidence {i.evidence}"
        + (" (approved)" if i.approved else " (off-label)")
        for i in named
    ]
    lines += ["", "WORK-UP MISSING", *(f"  {w.label.en}" for w in found.workup_missing)]
    if found.needs_review:
        lines += ["", f"NOT RECOGNISED: {len(found.needs_review)} records"]
        lines += [f"  {each.what} ({each.date or 'undated'})" for each in found.needs_review]
    return [*lines, "", *found.notes]


def _said(line: "FactLine") -> str:
    also = f" (and {len(line.also)} more records)" if line.also else ""
    return f"{line.what}, {line.date or 'undated'}: {line.note}{also}"
