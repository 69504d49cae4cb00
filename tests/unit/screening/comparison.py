"""The findings of `screen` beside those of `assess`, person by person."""

import contextlib
import io
import json
from datetime import date

from leeward.cli.assess import assess_facts
from leeward.cli.main import main

AS_OF = date(2026, 11, 22)


def screened(folder, *more, drug="racemic_ketamine", route="iv", as_of=AS_OF):
    """Run `leeward screen` and give its lines by person, and the summary."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["screen", str(folder), "--drug", drug, "--route", route,
                     "--as-of", str(as_of), *more])  # fmt: skip
    assert code == 0, err.getvalue()
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    return {line["patient"]: line for line in lines[:-1]}, lines[-1]["summary"]


def said_by_screen(line):
    """The findings of one line in a form that compares."""
    findings = {
        (f["rule"], f["version"], f["effect"], f["status"], frozenset(f["records"]))
        for f in line["findings"]
    }
    indications = {
        (i["id"], i["status"], i["evidence"], i["approved"], frozenset(i["records"]))
        for i in line["indications"]
    }
    return findings, indications


def said_by_assess(facts, drug="racemic_ketamine", route="iv", as_of=AS_OF):
    """The findings of `assess` in the same form."""
    found = assess_facts(facts, drug, route, as_of, None)
    findings = {
        (f.rule, f.version, f.effect.value, f.status.value, records(f.facts))
        for f in found.findings
    }
    indications = {
        (i.id, i.status.value, i.evidence, i.approved, records(i.facts)) for i in found.indications
    }
    return findings, indications


def records(lines):
    named = {name for line in lines for name in (line.resource, *line.also) if name}
    return frozenset(named)
