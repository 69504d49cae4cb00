"""Scores an administration."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from leeward.core.quantities import Refusal
from leeward.core.quantities.published import Citation, Grade, weakest

from .answers import Answers, Sheet, read_answers
from .instrument import Instrument
from .items import DECLINED
from .rules import Band, CutOff, Method, Scope, Scoring, TriageRule
from .watch import alerts_in


@dataclass(frozen=True, slots=True)
class SubscaleScore:
    """Sum of a part of the questions.

    Attributes
    ----------
    code : str
        Name of the subscale.
    total : int or float or None
        Sum of points [score]; None if a question of it is missing.
    """

    code: str
    total: int | float | None


@dataclass(frozen=True, slots=True)
class Score:
    """The result of one administration. It can always be computed again from the answers.

    Attributes
    ----------
    instrument, version : str
        Which scale, and which form and rule of it.
    total : int or float or None
        Result [score]; None if there is none: too many missing, or a scale without a total.
    band : Band or None
        Named stretch the total lies in, or outcome of a triage.
    subscales : tuple of SubscaleScore
        Parts, in order of the scale.
    missing : tuple of str
        Scored questions without an answer.
    prorated : bool
        True if missing answers were filled in by proportion.
    flags : tuple of str
        Stable codes of everything a reader must know.
    source : Citation
        Where the division into bands, or else the rule, was read.
    grade : Grade
        Weakest grade of what the result rests on.
    """

    instrument: str
    version: str
    total: int | float | None
    band: Band | None
    subscales: tuple[SubscaleScore, ...]
    missing: tuple[str, ...]
    prorated: bool
    flags: tuple[str, ...]
    source: Citation
    grade: Grade

    @property
    def unverified(self) -> bool:
        """Whether the result must be shown as resting on something not read in its source."""
        return self.grade.unverified


@dataclass(frozen=True, slots=True)
class _Reading:
    """What came out, before it is written up."""

    total: Fraction | None
    prorated: bool
    band: Band | None
    line: TriageRule | None


def score(instrument: Instrument, answers: Answers, *, sex: str | None = None) -> Score | Refusal:
    """Score the answers to a scale.

    Parameters
    ----------
    instrument : Instrument
        The scale.
    answers : mapping of str to Answer
        Values by link id; None or absent is missing, `DECLINED` is asked and refused.
    sex : str, optional
        FHIR administrative gender, for cut-offs that differ by sex.

    Returns
    -------
    Score or Refusal
        A score without a total if too much is missing; a refusal if an answer is unusable.
    """
    if not instrument.items:
        return Refusal(
            "instrument.total_only",
            f"{instrument.title} is entered by its total: its questions are not part of Leeward.",
        )
    sheet = read_answers(instrument, answers)
    if isinstance(sheet, Refusal):
        return sheet
    total, prorated = _total(instrument, sheet)
    line = _triage_line(instrument, answers)
    flags = [
        *(["prorated"] if prorated else []),
        *(["incomplete"] if sheet.missing and not prorated else []),
        *sheet.flags,
        *_lines_crossed(instrument.scoring, total, sheet, sex),
        *_clusters(instrument.scoring, sheet),
        *(f"alert:{alert.code}" for alert in alerts_in(instrument, answers)),
    ]
    band = _triage_band(instrument, sheet, line) or _band(instrument.scoring, total)
    reading = _Reading(total, prorated, band, line)
    return _finished(instrument, sheet, reading, flags)


def score_total(
    instrument: Instrument, total: int | Decimal, *, sex: str | None = None
) -> Score | Refusal:
    """Read a total that somebody else has added up.

    Parameters
    ----------
    instrument : Instrument
        The scale.
    total : int or Decimal
        The total as entered [score].
    sex : str, optional
        FHIR administrative gender, for cut-offs that differ by sex.

    Returns
    -------
    Score or Refusal
        Refused if the scale has no total or the number cannot be one.
    """
    rule = instrument.scoring
    if rule.minimum is None or rule.maximum is None:
        return Refusal(
            "instrument.no_total", f"{instrument.title} has no total: enter its answers."
        )
    entered = Decimal(total)
    possible = entered.is_finite() and rule.minimum <= entered <= rule.maximum
    if not possible or (rule.whole_totals and entered != entered.to_integral_value()):
        kind = "a whole number" if rule.whole_totals else "a number"
        return Refusal(
            "instrument.out_of_range",
            f"A total of {instrument.title} is {kind} from {rule.minimum} to {rule.maximum}; "
            f"{total} is not.",
            field="total",
        )
    exact = Fraction(entered)
    sheet = Sheet({}, (), ("total_entered",))
    flags = [*sheet.flags, *_lines_crossed(rule, exact, sheet, sex)]
    reading = _Reading(exact, False, _band(rule, exact), None)
    return _finished(instrument, sheet, reading, flags)


def _total(instrument: Instrument, sheet: Sheet) -> tuple[Fraction | None, bool]:
    rule = instrument.scoring
    if rule.method in (Method.TRIAGE, Method.PROFILE):
        return None, False
    if sheet.missing:
        return _prorated(instrument, sheet)
    points = [Fraction(value) for value in sheet.points.values()]
    match rule.method:
        case Method.MEAN:
            return sum(points, Fraction(0)) / len(points), False
        case Method.DOMAIN_MAXIMUM:
            highest = (max(sheet.points[link] for link in domain) for domain in rule.domains)
            return sum((Fraction(value) for value in highest), Fraction(0)), False
        case _:
            return sum(points, Fraction(0)) * rule.factor, False


def _prorated(instrument: Instrument, sheet: Sheet) -> tuple[Fraction | None, bool]:
    allowed = instrument.scoring.prorating
    if allowed is None or not sheet.points:
        return None, False
    if len(sheet.missing) > allowed.most_missing.value or set(sheet.missing) & set(allowed.never):
        return None, False
    asked = len(sheet.points) + len(sheet.missing)
    filled = Fraction(sum(Fraction(value) for value in sheet.points.values()), len(sheet.points))
    estimate = filled * asked
    return Fraction(int(estimate + Fraction(1, 2))), True


def _lines_crossed(
    rule: Scoring, total: Fraction | None, sheet: Sheet, sex: str | None
) -> Iterable[str]:
    for code in dict.fromkeys(line.code for line in rule.cut_offs):
        lines = [line for line in rule.cut_offs if line.code == code]
        mine = [line for line in lines if line.for_sex in (None, sex)] or lines
        crossed = {_crossed(line, total, sheet) for line in mine}
        if crossed == {True}:
            yield code
        elif len(crossed) > 1:
            yield f"{code}_depends_on_sex"


def _crossed(line: CutOff, total: Fraction | None, sheet: Sheet) -> bool:
    if line.scope is Scope.ANY_ITEM:
        return any(line.bound.holds(value) for value in sheet.points.values())
    return total is not None and line.bound.holds(total)


def _clusters(rule: Scoring, sheet: Sheet) -> list[str]:
    clusters = rule.cluster_rule
    if clusters is None or sheet.missing:
        return []
    symptoms = {
        subscale.code: sum(
            clusters.counts_as_symptom.holds(sheet.points[link]) for link in subscale.link_ids
        )
        for subscale in rule.subscales
    }
    met = bool(symptoms) and all(symptoms[code] >= needed for code, needed in clusters.needs)
    return [clusters.code] if met else []


def _triage_line(instrument: Instrument, answers: Answers) -> TriageRule | None:
    triage = instrument.scoring.triage
    for line in triage.rules if triage is not None else ():
        settled = line.unless_answered and all(
            answers.get(link) not in (None, DECLINED) for link in line.unless_answered
        )
        if not settled and any(line.fits(answers.get(link)) for link in line.any_of):
            return line
    return None


def _triage_band(instrument: Instrument, sheet: Sheet, line: TriageRule | None) -> Band | None:
    if line is not None:
        return line.band
    triage = instrument.scoring.triage
    return triage.otherwise if triage is not None and not sheet.missing else None


def _band(rule: Scoring, total: Fraction | None) -> Band | None:
    if rule.bands is None or total is None:
        return None
    return rule.bands.band_of(total)


def _finished(instrument: Instrument, sheet: Sheet, reading: _Reading, flags: list[str]) -> Score:
    rule, line = instrument.scoring, reading.line
    grade = _grade(rule, reading)
    if grade.unverified:
        flags.append("unverified")
    if not instrument.validated:
        flags.append("not_validated")
    source = rule.bands.citation if rule.bands is not None else rule.citation
    return Score(
        instrument=instrument.id,
        version=instrument.version,
        total=None if reading.total is None else as_number(reading.total),
        band=reading.band,
        subscales=_subscales(rule, sheet),
        missing=sheet.missing,
        prorated=reading.prorated,
        flags=tuple(flags),
        source=line.citation if line is not None else source,
        grade=grade,
    )


def _grade(rule: Scoring, reading: _Reading) -> Grade:
    used = [rule.grade]
    if reading.total is not None:
        used += [cut.bound.figure.grade for cut in rule.cut_offs]
        used += [rule.bands.grade] if rule.bands is not None else []
        used += [rule.cluster_rule.grade] if rule.cluster_rule is not None else []
    if reading.prorated and rule.prorating is not None:
        used.append(rule.prorating.most_missing.grade)
    if reading.line is not None:
        used.append(reading.line.grade)
    return weakest(used) or rule.grade


def _subscales(rule: Scoring, sheet: Sheet) -> tuple[SubscaleScore, ...]:
    if not sheet.points:
        return ()
    return tuple(
        SubscaleScore(
            part.code,
            None
            if set(part.link_ids) & set(sheet.missing)
            else as_number(
                sum((Fraction(sheet.points[link]) for link in part.link_ids), Fraction(0))
            ),
        )
        for part in rule.subscales
    )


def as_number(exact: Fraction) -> int | float:
    """Write an exact result [score] as a whole number where it is one."""
    return int(exact) if exact.denominator == 1 else float(exact)
