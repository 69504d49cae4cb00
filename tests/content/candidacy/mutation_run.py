"""One run over all mutants, and the page that tells of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from leeward import content
from leeward.core.candidacy import Recogniser

from . import mutants, register_mutants
from .cases import read_cases

KINDS = {
    "deleted": "rule or entry gone",
    "negated": "present and absent exchanged; any for every",
    "time": "active, past and family history read in another way",
    "reads": "a code list, answer or hint it no longer reads",
    "figure": "a published figure one unit up or down",
    "limit": "a clinic limit not looked at, or off by one",
    "effect": "another effect or level of evidence, a route forgotten, nobody named to override",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    made: Counter[str]
    survivors: tuple[str, ...]


def counted() -> Counter[str]:
    return Counter(mutant.kind for mutant in (*mutants.all_mutants(), *_of_register()))


def run() -> Run:
    recogniser = Recogniser(content.load().concepts.values())
    survived = [str(m) for m in mutants.all_mutants() if not mutants.killed_by(m, recogniser)]
    survived += [str(m) for m in _of_register() if not register_mutants.killed_by(m, recogniser)]
    return Run(counted(), tuple(survived))


def _of_register() -> Iterable[register_mutants.EntryMutant]:
    return (m for entry in register_mutants.entries() for m in register_mutants.mutants_of(entry))


def report(made: Counter[str], survivors: tuple[str, ...]) -> str:
    library = content.load()
    rows = "\n".join(f"| {kind} | {what} | {made[kind]} |" for kind, what in KINDS.items())
    alive = "\n".join(f"* {name}" for name in survivors) or "None survives."
    return f"""# What the candidacy cases would notice

Written by `make mutants`; do not edit. Each candidacy rule, each indication and each work-up
item is changed by one step at a time, and the case files in `tests/content/candidacy`
(`cases/*.yaml`, `effects.yaml`, `register.yaml`) are run against the change. A change that no
case contradicts *survives*: a rule could then be wrong without anybody noticing. The test suite
runs the same mutants, so a survivor fails it.

{len(library.rules)} rules, {len(library.indications)} indications, {len(library.workup)} work-up
items; {len(read_cases())} cases of rules.

| kind of change | what it is | mutants |
| --- | --- | --- |
{rows}
| all | | {made.total()} |

## Survivors: {len(survivors)}

{alive}

What this does not show: that a code list is complete (`test_codes_against_terminology.py` holds
the lists against the code systems and value sets of others), that the words of a rule are well
chosen, or that the published table itself is right. Texts and sources are not changed here.
"""
