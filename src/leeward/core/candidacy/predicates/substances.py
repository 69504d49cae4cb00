"""Substance use as three separate facts: active, in the past, and ketamine or PCP ever."""

from calendar import monthrange
from dataclasses import replace
from datetime import date

from leeward.core.candidacy.evidence import Case, Item, Support, once, weigh_conditions
from leeward.core.candidacy.facts import FactKind
from leeward.core.candidacy.reading import Sense
from leeward.core.candidacy.recognition import Match, Surety
from leeward.core.candidacy.rules import Rule
from leeward.core.candidacy.timing import Standing, standing
from leeward.core.quantities import OutOfDomain

from .verdict import Verdict, with_answers


def substance_active(case: Case, rule: Rule) -> Verdict:
    """Present for a use disorder recorded as current, or ended within the rule's months."""
    cutoff = months_before(case.as_of, int(rule.figures["window"].value))
    in_remission = {id(match.fact) for match in case.of(rule.reads["remission"])}
    items = []
    for match in case.of((*rule.reads["concepts"], *rule.reads["remission"])):
        if match.fact.kind is FactKind.CONDITION and match.sense is not Sense.FAMILY:
            item = _judge(match, case, cutoff, id(match.fact) in in_remission)
            if item is not None:
                items.append(item)
    items += weigh_conditions(case, rule.reads["ask"], course="lasting", only_ask=True)
    return with_answers(case, rule, once(items))


def _judge(match: Match, case: Case, cutoff: date, in_remission: bool) -> Item | None:
    held = standing(match.fact, case.as_of)
    if held in (Standing.VOID, Standing.FUTURE):
        return None
    if held is Standing.DENIED:
        return Item(match.fact, Support.AGAINST, "the record refutes it", match)
    doubtful = (
        held in (Standing.UNSURE, Standing.CURRENT_UNSTATED)
        or match.surety is Surety.TEXT
        or match.sense in (Sense.NEGATED, Sense.UNSURE)
    )
    ended = in_remission or held is Standing.PAST or match.sense is Sense.PAST
    if not ended:
        note = "not confirmed: ask" if doubtful else "recorded as current"
        return Item(match.fact, Support.ASK if doubtful else Support.FOR, note, match)
    return _ended(match, cutoff, doubtful)


def _ended(match: Match, cutoff: date, doubtful: bool) -> Item | None:
    end = match.fact.abatement
    if end is None:
        since = match.fact.when()
        if since is not None and since.last < cutoff and match.fact.clinical_status != "active":
            note = f"in remission or past, recorded {since}: since when?"
        else:
            note = "in remission or past: since when?"
        return Item(match.fact, Support.ASK, note, match)
    if end.last < cutoff:
        return None
    support = Support.ASK if doubtful or end.first < cutoff else Support.FOR
    return Item(match.fact, support, f"ended {end}, within the window", match)


def substance_history(case: Case, rule: Rule) -> Verdict:
    """Present for any use disorder ever recorded, also in remission."""
    concepts = (*rule.reads["concepts"], *rule.reads["remission"])
    items = [_whatever_past(item) for item in weigh_conditions(case, concepts, course="ever")]
    items += weigh_conditions(case, rule.reads["ask"], course="ever", only_ask=True)
    return with_answers(case, replace(rule, reads={}), once(items))


def _whatever_past(item: Item) -> Item:
    return item if item.support is not Support.FOR else replace(item, note="recorded, ever")


def months_before(day: date, months: int) -> date:
    """Give the same day of the month some months earlier, or the last one before it.

    Parameters
    ----------
    day : datetime.date
        Where to start.
    months : int
        How many months back [mo], not negative.

    Raises
    ------
    OutOfDomain
        If `months` is negative.
    """
    if months < 0:
        raise OutOfDomain("months before a day cannot be negative")
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
