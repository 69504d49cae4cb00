"""What the assessment says: findings, indications, work-up and what could not be read."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from leeward.core.quantities.published import Citation, Grade

from .rules import EFFECT_ORDER, Effect, Words


class Status(StrEnum):
    """Whether the matter of a rule is there. `UNKNOWN` is never taken for `ABSENT`."""

    PRESENT = "present"
    UNKNOWN = "unknown"
    ABSENT = "absent"


_STATUS_ORDER = {status: rank for rank, status in enumerate(Status)}


@dataclass(frozen=True, slots=True)
class FactLine:
    """One record as a finding shows it.

    Attributes
    ----------
    what : str
        The record's own words, with its value if it has one.
    date : str
        Its date as recorded, or empty.
    resource : str
        Reference to the record, or empty.
    origin : str
        How it reached Leeward.
    note : str
        How it bears on the finding.
    recognised : str
        `code`, `name`, `text`, or empty for answers and measurements.
    also : tuple of str
        References of further records of the same fact, counted once.
    """

    what: str
    date: str
    resource: str
    origin: str
    note: str
    recognised: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found.

    Attributes
    ----------
    rule, version, group : str, int, str
        The rule.
    title : Words
        The rule in a few words.
    effect : Effect
        What it asks for if it is present.
    status : Status
        Whether it is.
    because : str
        The reason, for staff.
    patient : Words
        The reason, or the question, in plain words.
    facts : tuple of FactLine
        The records it rests on.
    missing : tuple of str
        What is unknown and what would settle it.
    contradictions : tuple of str
        Records that speak against each other.
    source : Citation
        Where the rule and its strength are written.
    grade : Grade
        How that source was seen.
    unverified : bool
        True when the source, or a code that matched, has not been read by us.
    override : str
        Who may override; empty for any prescriber.
    """

    rule: str
    version: int
    group: str
    title: Words
    effect: Effect
    status: Status
    because: str
    patient: Words
    facts: tuple[FactLine, ...]
    missing: tuple[str, ...]
    contradictions: tuple[str, ...]
    source: Citation
    grade: Grade
    unverified: bool
    override: str = ""

    def order(self) -> tuple[int, int, str]:
        """Key that sorts what stands in the way first."""
        return (_STATUS_ORDER[self.status], EFFECT_ORDER[self.effect], self.rule)


@dataclass(frozen=True, slots=True)
class IndicationFinding:
    """How the records bear on one reason for treatment.

    Attributes
    ----------
    id, label : str, Words
        The indication.
    status : Status
        Present when a record names it; never absent for want of a record.
    evidence : str
        Level of evidence for this drug: `A` approved product, `B` two or more trials or one
        large one, `C` small or mixed trials, `D` case series, `N` negative or conflicting.
    approved : bool
        True if a product of this drug and route is approved for it.
    because : str
        What is published, for staff.
    facts, missing, source, grade, unverified
        As in `Finding`.
    asked : bool
        True if it is the one the assessment was asked about.
    """

    id: str
    label: Words
    status: Status
    evidence: str
    approved: bool
    because: str
    facts: tuple[FactLine, ...]
    missing: tuple[str, ...]
    source: Citation
    grade: Grade
    unverified: bool
    asked: bool = False


@dataclass(frozen=True, slots=True)
class WorkupFinding:
    """One item of the baseline work-up.

    Attributes
    ----------
    id, label : str, Words
        The item.
    done : bool
        True if the record holds it; `facts` then shows the newest, with its date.
    because : str
        Why it is asked for, or why it may not apply.
    facts, source, grade, unverified
        As in `Finding`.
    """

    id: str
    label: Words
    done: bool
    because: str
    facts: tuple[FactLine, ...]
    source: Citation
    grade: Grade
    unverified: bool


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that no rule could use, and why; nothing is dropped silently."""

    what: str
    date: str
    resource: str
    because: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that was found about one person for one drug and route on one date.

    Attributes
    ----------
    drug, route, as_of : str, str, datetime.date
        The question.
    findings : tuple of Finding
        What stands in the way first; within that, by strength of effect.
    indications : tuple of IndicationFinding
        Reasons for treatment, present ones first.
    workup : tuple of WorkupFinding
        Baseline work-up, in the order of content.
    needs_review : tuple of SetAside
        Records that could not be read, or were not recognised.
    left_out : tuple of SetAside
        Records that do not count on this date: entered in error, or written later.
    notes : tuple of str
        Limits of this assessment as a whole.
    """

    drug: str
    route: str
    as_of: date
    findings: tuple[Finding, ...]
    indications: tuple[IndicationFinding, ...]
    workup: tuple[WorkupFinding, ...]
    needs_review: tuple[SetAside, ...]
    left_out: tuple[SetAside, ...]
    notes: tuple[str, ...]

    @property
    def workup_missing(self) -> tuple[WorkupFinding, ...]:
        """Work-up items that the record does not hold."""
        return tuple(item for item in self.workup if not item.done)

    def having(self, status: Status, effect: Effect | None = None) -> tuple[Finding, ...]:
        """Findings of one status, of one effect or of all."""
        return tuple(f for f in self.findings if f.status is status and effect in (None, f.effect))

    def count(self, status: Status) -> dict[str, int]:
        """How many findings of a status there are, by effect, strongest first."""
        counted = Counter(f.effect for f in self.having(status))
        return {effect.value: counted[effect] for effect in Effect if counted[effect]}
