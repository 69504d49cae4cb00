"""The assessment: every rule of a drug and route, over every record of one person."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from leeward.core.quantities import OutOfDomain, Refusal

from .evidence import Case, Support, build_case
from .facts import Fact, FactKind
from .findings import Assessment, Finding, IndicationFinding, SetAside, Status
from .indications import Indication, find_indication
from .lines import fact_lines
from .predicates import PREDICATES, Verdict
from .predicates.verdict import described
from .questions import Blanks
from .recognition import Recogniser
from .rules import DRUGS, ROUTES, Effect, Rule, RuleEffect, Words
from .systems import SNOMED
from .timing import Standing, standing
from .workup import WorkupItem, review_workup

NO_DESCENDANTS = (
    "SNOMED CT codes are matched exactly: without a terminology server their descendants are "
    "recognised by name only."
)
ABSENCE = "A condition that no record names is unknown, not excluded: each question stays open."

_STATUSES = tuple(Status)
_REVIEWED = (FactKind.CONDITION, FactKind.MEDICATION, FactKind.ALLERGY, FactKind.FAMILY_HISTORY)


def assess(
    facts: Sequence[Fact],
    rules: Iterable[Rule],
    recogniser: Recogniser,
    *,
    drug: str,
    route: str,
    as_of: date,
    indications: Sequence[Indication] = (),
    workup: Sequence[WorkupItem] = (),
    limits: Mapping[str, Decimal] | None = None,
    indication: str | None = None,
) -> Assessment | Refusal:
    """Find what speaks for and against treating one person with one drug by one route.

    Parameters
    ----------
    facts : sequence of Fact
        Everything on record about the person.
    rules : iterable of Rule
        The candidacy rules.
    recogniser : Recogniser
        The code lists, indexed.
    drug, route : str
        One of `rules.DRUGS` and of `rules.ROUTES`.
    as_of : datetime.date
        The date of the question; records written later are left out.
    indications : sequence of Indication
        The register of indications.
    workup : sequence of WorkupItem
        The baseline work-up.
    limits : mapping of str to Decimal, optional
        Clinic limits in force, by id, each in the unit of its definition. A limit that is not
        there has not been set, and what needs it stays unknown.
    indication : str, optional
        The indication in question.

    Returns
    -------
    Assessment or Refusal
        A refusal for a drug, route or indication that no rule knows.
    """
    chosen = [(rule, effect) for rule in rules if (effect := rule.effect_for(drug, route))]
    refusal = refuse(drug, route, indication, indications, bool(chosen))
    if refusal is not None:
        return refusal
    case = build_case(facts, recogniser, as_of=as_of, drug=drug, route=route, limits=limits or {})
    blanks = Blanks(case, recogniser)
    findings = _findings(case, chosen, blanks)
    findings.sort(key=Finding.order)
    return Assessment(
        drug,
        route,
        as_of,
        tuple(findings),
        _indications(case, indications, indication, blanks),
        review_workup(case, workup, findings),
        tuple(_needs_review(case, recogniser)),
        tuple(_left_out(case)),
        tuple(_notes(case)),
    )


def refuse(
    drug: str, route: str, asked: str | None, known: Sequence[Indication], any_rule: bool
) -> Refusal | None:
    """Refuse a question about a drug, route or indication that no rule knows.

    Parameters
    ----------
    drug, route : str
        What is being considered.
    asked : str or None
        Id of the indication in question.
    known : sequence of Indication
        The register.
    any_rule : bool
        Whether any rule speaks of the drug by the route.
    """
    if drug not in DRUGS:
        because = f"No drug is called {drug!r} here. Use {' or '.join(DRUGS)}."
        return Refusal("candidacy.unknown_drug", because, field="drug")
    if route not in ROUTES:
        because = f"No route is called {route!r} here. Use one of {', '.join(ROUTES)}."
        return Refusal("candidacy.unknown_route", because, field="route")
    if not any_rule:
        because = (
            f"No rule is published for {drug} by the route {route}. Esketamine is known here as "
            "the nasal spray only: use intranasal."
        )
        return Refusal("candidacy.no_rules_for_route", because, field="route")
    if asked is not None and asked not in {entry.id for entry in known}:
        because = (
            f"No indication is called {asked!r} here. Use one of "
            f"{', '.join(sorted(entry.id for entry in known))}."
        )
        return Refusal("candidacy.unknown_indication", because, field="indication")
    return None


def _findings(
    case: Case, chosen: Iterable[tuple[Rule, RuleEffect]], blanks: Blanks
) -> list[Finding]:
    answers = (
        blanks.answer(rule, PREDICATES.get(rule.predicate), partial(find, case, rule, effect))
        for rule, effect in chosen
    )
    return [each for each in answers if isinstance(each, Finding)]


def _indications(
    case: Case, known: Iterable[Indication], asked: str | None, blanks: Blanks
) -> tuple[IndicationFinding, ...]:
    """Ask every indication with evidence for the drug; the one asked about first, then present."""
    found = []
    for each in known:
        evidence = each.evidence_for(case.drug)
        if evidence is None:
            continue
        about = each.id == asked
        search = partial(find_indication, case, each, evidence, asked=about)
        answer = blanks.answer(each, about, search)
        if isinstance(answer, IndicationFinding):
            found.append(answer)
    return tuple(sorted(found, key=lambda f: (not f.asked, _STATUSES.index(f.status), f.id)))


def find(case: Case, rule: Rule, effect: RuleEffect) -> Finding | None:
    """Ask one rule about one person.

    Parameters
    ----------
    case : Case
        The person.
    rule : Rule
        The rule.
    effect : RuleEffect
        What it does for the drug and route of the case.

    Returns
    -------
    Finding or None
        None when the rule has nothing to say about this person.
    """
    predicate = PREDICATES.get(rule.predicate)
    if predicate is None:
        raise OutOfDomain(f"rule {rule.id}: no predicate is called {rule.predicate!r}")
    verdict = predicate.run(case, rule)
    if verdict is None:
        return None
    return Finding(
        rule.id,
        rule.version,
        rule.group,
        rule.title,
        _effect(effect.effect, verdict.effect),
        verdict.status,
        _because(rule, verdict),
        _for_patient(rule, verdict),
        fact_lines(verdict.items),
        _missing(rule, verdict),
        verdict.contradictions,
        effect.source,
        effect.grade,
        effect.unverified or any(i.match.unverified for i in verdict.items if i.match),
        effect.override,
    )


def _effect(usual: Effect, raised: Effect | None) -> Effect:
    order = list(Effect)
    return usual if raised is None else min(usual, raised, key=order.index)


def _because(rule: Rule, verdict: Verdict) -> str:
    if verdict.status is Status.PRESENT:
        parts = [rule.because, verdict.note]
    elif verdict.status is Status.ABSENT:
        said = [described(item) for item in verdict.items if item.support is Support.AGAINST]
        parts = ["Not there: " + "; ".join(said) + ".", verdict.note]
    elif verdict.contradictions:
        parts = ["The records contradict each other.", f"If it is so: {rule.because}"]
    elif any(item.support is Support.ASK for item in verdict.items):
        parts = ["The record points to it without settling it.", f"If it is so: {rule.because}"]
        parts.append(verdict.note)
    else:
        parts = ["The record does not settle it.", f"If it is so: {rule.because}", verdict.note]
    return " ".join(part for part in parts if part)


def _for_patient(rule: Rule, verdict: Verdict) -> Words:
    return rule.patient if verdict.status is Status.PRESENT else rule.question


def _missing(rule: Rule, verdict: Verdict) -> tuple[str, ...]:
    parts = list(verdict.missing)
    if verdict.status is Status.UNKNOWN:
        parts += [described(item) for item in verdict.items if item.support is Support.ASK]
        parts += [f"Contradiction: {text}" for text in verdict.contradictions]
        parts += [rule.settle, rule.question.en]
    elif verdict.status is Status.PRESENT:
        parts += [
            f"Confirm {item.fact.label()}: {item.match.doubt}"
            for item in verdict.items
            if item.match and item.match.doubt and item.support is Support.FOR
        ]
        parts += [f"Contradiction: {text}" for text in verdict.contradictions]
    return tuple(dict.fromkeys(part for part in parts if part))


def _needs_review(case: Case, recogniser: Recogniser) -> Iterable[SetAside]:
    """List diagnoses, medicines and allergies that no code list knows; each label once."""
    seen = set()
    recognised = {id(match.fact) for matches in case.matches.values() for match in matches}
    for fact in case.facts:
        if fact.kind not in _REVIEWED or id(fact) in recognised:
            continue
        if standing(fact, case.as_of) in (Standing.VOID, Standing.FUTURE):
            continue
        key = (fact.kind, fact.label().casefold())
        if key not in seen:
            seen.add(key)
            yield _set_aside(fact, _why_unread(fact, recogniser))


def _why_unread(fact: Fact, recogniser: Recogniser) -> str:
    if not fact.codings and not fact.text:
        return "neither code nor text: read the record"
    if not recogniser.is_readable(fact):
        return "no code in a system that is read here, and no known name: needs manual review"
    return "no rule lists this code or name"


def _left_out(case: Case) -> Iterable[SetAside]:
    for fact in case.facts:
        held = standing(fact, case.as_of)
        if held is Standing.FUTURE:
            yield _set_aside(fact, f"dated after {case.as_of}")
        elif held is Standing.VOID and "entered-in-error" in (
            fact.verification,
            fact.clinical_status,
        ):
            yield _set_aside(fact, "entered in error")


def _set_aside(fact: Fact, because: str) -> SetAside:
    when = fact.when()
    return SetAside(fact.label(), str(when) if when else "", fact.resource, because)


def _notes(case: Case) -> Iterable[str]:
    yield ABSENCE
    if any(c.system == SNOMED for fact in case.facts for c in fact.codings):
        yield NO_DESCENDANTS
    for kind, word in (
        (FactKind.CONDITION, "diagnosis"),
        (FactKind.MEDICATION, "medicine"),
        (FactKind.ALLERGY, "allergy"),
    ):
        if not any(fact.kind is kind for fact in case.facts):
            yield f"The record holds no {word} at all."
