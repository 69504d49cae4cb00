"""What must be true of an instrument as a whole, each with its own words."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from leeward.content.errors import Mistake
from leeward.core.candidacy.systems import loinc_check
from leeward.core.instruments import Form, Instrument, Item, Method, Reading

ANSWER_CODE: Final = re.compile(r"LA[0-9]+-[0-9]")


def check_instrument(instrument: Instrument) -> None:
    """Refuse an instrument whose parts do not fit together.

    Raises
    ------
    Mistake
        With what is wrong and what to write instead.
    """
    _names_stand_once(instrument)
    _names_are_known(instrument)
    _codes_have_their_check_digit(instrument)
    _points_reach_the_range(instrument)
    _bands_cover_the_range(instrument)
    for item in instrument.items:
        if item.reading is not None:
            _steps_cover_the_reading(item.link_id, item.reading)
    for form in instrument.forms:
        _form_fits(instrument, form)


def _names_stand_once(instrument: Instrument) -> None:
    for what, names in (
        ("question", [item.link_id for item in instrument.items]),
        ("language", list(instrument.languages)),
        ("definition of change", [outcome.id for outcome in instrument.outcomes]),
    ):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise Mistake(f"The {what} {twice[0]!r} stands twice. Give each its own name.")


def _names_are_known(instrument: Instrument) -> None:
    known = {item.link_id for item in instrument.items}
    scored = {item.link_id for item in instrument.scored_items}
    rule = instrument.scoring
    for part in rule.subscales:
        _expect(part.link_ids, scored, f"The subscale {part.code}")
    for domain in rule.domains:
        _expect(domain, scored, "A domain")
    for alert in instrument.alerts:
        _expect(alert.link_ids, known, f"The alert {alert.code}")
    for item in instrument.items:
        if item.asked_if is not None:
            _expect(item.asked_if.any_of, known, f"asked_if of {item.link_id}")
    for line in rule.triage.rules if rule.triage else ():
        _expect((*line.any_of, *line.unless_answered), known, f"The triage line {line.band.code}")
    if rule.prorating is not None:
        _expect(rule.prorating.never, scored, "prorating.never")
    if rule.cluster_rule is not None:
        codes = {part.code for part in rule.subscales}
        _expect((code for code, _ in rule.cluster_rule.needs), codes, "cluster_rule.needs")


def _expect(names: Iterable[str], known: set[str], what: str) -> None:
    for name in names:
        if name not in known:
            raise Mistake(f"{what} speaks of {name!r}, which is not there or is not scored.")


def _codes_have_their_check_digit(instrument: Instrument) -> None:
    for code in _loinc_codes(instrument):
        if not (loinc_answer_check(code) if code.startswith("LA") else loinc_check(code)):
            raise Mistake(
                f"{code} is no LOINC code: its last digit does not check. Copy it again from its"
                " source, or leave it out."
            )


def loinc_answer_check(code: str) -> bool:
    """Say whether a LOINC answer code (LA...) ends in its modulus-10 check digit.

    A letter counts as its distance from "0" in ASCII, as in the mod-10 scheme for identifiers
    with letters; this fits every LA code whose pair was read in a published form.
    """
    if not ANSWER_CODE.fullmatch(code):
        return False
    body, _, digit = code.partition("-")
    total = 0
    for position, character in enumerate(reversed(body)):
        value = ord(character) - ord("0")
        total += 2 * value - value // 5 * 9 if position % 2 == 0 else value
    return (10 - total % 10) % 10 == int(digit)


def _loinc_codes(instrument: Instrument) -> Iterator[str]:
    yield from instrument.codes.values()
    for item in instrument.items:
        if item.loinc is not None:
            yield item.loinc
        for option in item.options:
            if option.loinc_answer is not None:
                yield option.loinc_answer


def _bands_cover_the_range(instrument: Instrument) -> None:
    rule = instrument.scoring
    if rule.bands is None:
        return
    expected = rule.minimum
    for band in rule.bands.bands:
        if band.lo != expected or band.hi is None or band.lo is None or band.hi < band.lo:
            raise Mistake(
                f"The band {band.label!r} begins at {band.lo}, and the one before it ends just"
                f" below {expected}. Bands follow each other without gap or overlap, from the"
                " lowest total to the highest."
            )
        expected = band.hi + 1
    if expected is None or expected - 1 != rule.maximum:
        raise Mistake(f"The last band must end at the highest total, {rule.maximum}.")


def _points_reach_the_range(instrument: Instrument) -> None:
    rule = instrument.scoring
    if not instrument.items or rule.method in (Method.TRIAGE, Method.PROFILE):
        return
    ends = _range_of_answers(instrument)
    said = (Decimal(rule.minimum or 0), Decimal(rule.maximum or 0))
    if ends != said:
        raise Mistake(
            f"The answers give totals from {ends[0]} to {ends[1]}, and the rule says"
            f" {rule.minimum} to {rule.maximum}. One of the two is wrong."
        )


def _range_of_answers(instrument: Instrument) -> tuple[Decimal, Decimal]:
    rule, items = instrument.scoring, {item.link_id: item for item in instrument.scored_items}
    low = [Decimal(item.lowest or 0) for item in items.values()]
    high = [Decimal(item.highest or 0) for item in items.values()]
    match rule.method:
        case Method.MEAN:
            return sum(low, Decimal(0)) / len(low), sum(high, Decimal(0)) / len(high)
        case Method.DOMAIN_MAXIMUM:
            return _domain_sum(rule.domains, items, "low"), _domain_sum(rule.domains, items, "hi")
        case _:
            return sum(low, Decimal(0)) * rule.factor, sum(high, Decimal(0)) * rule.factor


def _domain_sum(domains: tuple[tuple[str, ...], ...], items: dict[str, Item], end: str) -> Decimal:
    total = Decimal(0)
    for domain in domains:
        ends = [items[link].lowest if end == "low" else items[link].highest for link in domain]
        total += max(Decimal(value or 0) for value in ends)
    return total


def _steps_cover_the_reading(link_id: str, reading: Reading) -> None:
    if not reading.steps:
        return
    grain = Decimal(1).scaleb(-reading.decimals)
    if reading.steps[0].lo is not None or reading.steps[-1].hi is not None:
        raise Mistake(f"The first and the last step of {link_id} are open: leave out lo and hi.")
    for before, after in zip(reading.steps, reading.steps[1:], strict=False):
        if before.hi is None or after.lo is None or before.hi + grain != after.lo:
            raise Mistake(
                f"The steps of {link_id} leave a gap or overlap between {before.hi} and"
                f" {after.lo}. Each begins {grain} {reading.unit} above the end of the one before."
            )


def _form_fits(instrument: Instrument, form: Form) -> None:
    if [item.link_id for item in form.items] != [item.link_id for item in instrument.items]:
        raise Mistake(
            f"The form in {form.language} must have a text for each question of the instrument,"
            " in the same order and under the same link_id."
        )
