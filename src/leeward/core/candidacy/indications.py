"""Reasons for treatment, with the honest strength of their evidence."""

from dataclasses import dataclass
from decimal import Decimal

from leeward.core.quantities.published import Citation, Grade, PublishedFigure

from .evidence import Case, Item, Support, once, weigh_answers, weigh_conditions
from .facts import Fact, FactKind
from .findings import IndicationFinding, Status
from .lines import fact_lines
from .predicates.medications import weigh_medicines
from .predicates.verdict import settle
from .rules import Words

# Answer that counts failed adequate trials, or says (True, False) whether there were enough.
FAILED_TRIALS = "failed_adequate_trials"


@dataclass(frozen=True, slots=True)
class EvidenceFor:
    """What is published for one drug in one indication.

    Attributes
    ----------
    drug : str
        One of `rules.DRUGS`.
    level : str
        `A` approved product, `B` two or more trials or one large one, `C` small or mixed trials,
        `D` open-label or case series, `N` negative or conflicting; two letters with a slash
        where sources differ.
    approved_routes : tuple of str
        Routes for which a product of this drug is approved in this indication.
    because : str
        The published results, for staff.
    source : Citation
        Where they are written.
    grade : Grade
        How that was seen.
    """

    drug: str
    level: str
    because: str
    source: Citation
    grade: Grade
    approved_routes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Indication:
    """One reason for treatment.

    Attributes
    ----------
    id : str
        Stable name, as the command line takes it.
    label : Words
        Plain name.
    concepts : tuple of str
        Diagnoses that name it.
    ask : tuple of str
        Diagnoses that only hint at it.
    failed_trials : PublishedFigure or None
        How many adequate trials must have failed; None where that is not part of it.
    treatments : tuple of str
        Classes of medicines whose record shows what has been tried.
    evidence : tuple of EvidenceFor
        By drug. A drug that is missing here has no published evidence in the register.
    settle : str
        What would settle it when the record does not.
    """

    id: str
    label: Words
    evidence: tuple[EvidenceFor, ...]
    settle: str
    concepts: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    failed_trials: PublishedFigure | None = None
    treatments: tuple[str, ...] = ()

    def evidence_for(self, drug: str) -> EvidenceFor | None:
        """Give what is published for a drug; None if nothing is."""
        return next((entry for entry in self.evidence if entry.drug == drug), None)


def find_indication(
    case: Case, indication: Indication, evidence: EvidenceFor, *, asked: bool = False
) -> IndicationFinding:
    """Say how the records bear on one indication.

    Parameters
    ----------
    case : Case
        The person.
    indication : Indication
        The reason for treatment.
    evidence : EvidenceFor
        What is published about it for the drug of the case.
    asked : bool
        Whether it is the one the question is about.
    """
    named = [
        *weigh_conditions(case, indication.concepts, course="lasting"),
        *weigh_conditions(case, indication.ask, course="lasting", only_ask=True),
        *weigh_answers(case, indication.id, *indication.concepts),
    ]
    verdict = settle(once(named))
    status = verdict.status
    missing: tuple[str, ...] = ()
    items: list[Item] = list(verdict.items)
    if indication.failed_trials is not None and status is not Status.ABSENT:
        status, counted, missing = _trials(case, indication, status)
        items += counted
    if status is Status.UNKNOWN and not missing:
        missing = (indication.settle,)
    return IndicationFinding(
        indication.id,
        indication.label,
        status,
        evidence.level,
        case.route in evidence.approved_routes,
        evidence.because,
        fact_lines(items),
        missing,
        evidence.source,
        evidence.grade,
        evidence.grade.unverified,
        asked,
    )


def _trials(
    case: Case, indication: Indication, named: Status
) -> tuple[Status, list[Item], tuple[str, ...]]:
    """Count failed adequate trials as answered; medicines on record only hint at them."""
    if indication.failed_trials is None:
        return named, [], ()
    wanted = indication.failed_trials.value
    tried = [_tried(item) for item in _ever_taken(case, indication.treatments)]
    told = [fact for fact in case.answers(FAILED_TRIALS) if _enough(fact, wanted) is not None]
    shown = [Item(fact, Support.ASK, f"adequate trials failed: {fact.value}") for fact in told]
    if not told:
        missing = (
            f"How many adequate trials have failed in this episode (at least {wanted} needed)?",
        )
        return Status.UNKNOWN, tried, missing
    if not all(_enough(fact, wanted) for fact in told):
        return Status.ABSENT, [*shown, *tried], ()
    return named, [*shown, *tried], (() if named is Status.PRESENT else (indication.settle,))


def _enough(fact: Fact, wanted: Decimal) -> bool | None:
    """Read an answer that gives the number of failed trials, or says whether they are enough."""
    if isinstance(fact.value, bool):
        return fact.value
    return fact.value >= wanted if isinstance(fact.value, Decimal) else None


def _tried(item: Item) -> Item:
    note = "a medicine on record; whether the trial was adequate and failed is not known"
    return Item(item.fact, Support.ASK, note, item.match, item.others)


def _ever_taken(case: Case, classes: tuple[str, ...]) -> list[Item]:
    current = weigh_medicines(case, classes)
    seen = {item.match.ingredient for item in current if item.match}
    past = [
        Item(match.fact, Support.ASK, "", match)
        for match in case.of(classes)
        if match.fact.kind is FactKind.MEDICATION and match.ingredient not in seen
    ]
    return [*current, *once(past)]
