"""How a rating scale is scored and read: data, each piece with its source and grade."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from leeward.core.quantities.published import Citation, Grade, PublishedFigure

from .items import DECLINED, Answer

Number = int | Decimal | Fraction | float


class Method(StrEnum):
    """How answers become a total.

    `SUM` adds the points and multiplies by the scale's factor. `MEAN` averages them.
    `DOMAIN_MAXIMUM` adds the highest answer of each group. `TRIAGE` never adds: the first rule
    that fits decides. `PROFILE` has no result beyond the answers themselves.
    """

    SUM = "sum"
    MEAN = "mean"
    DOMAIN_MAXIMUM = "domain_maximum"
    TRIAGE = "triage"
    PROFILE = "profile"


class Comparator(StrEnum):
    """Which side of a figure counts."""

    AT_LEAST = "at_least"
    ABOVE = "above"
    AT_MOST = "at_most"
    BELOW = "below"


class Scope(StrEnum):
    """What a cut-off looks at: the total, or each question by itself."""

    TOTAL = "total"
    ANY_ITEM = "any_item"


@dataclass(frozen=True, slots=True)
class Bound:
    """A published figure and the side of it that counts.

    Attributes
    ----------
    comparator : Comparator
        Which side.
    figure : PublishedFigure
        The number, its unit, source and grade.
    """

    comparator: Comparator
    figure: PublishedFigure

    def holds(self, number: Number) -> bool:
        """Say whether a number, in the unit of the figure, is on the side that counts."""
        limit, exact = Fraction(self.figure.value), Fraction(number)
        match self.comparator:
            case Comparator.AT_LEAST:
                return exact >= limit
            case Comparator.ABOVE:
                return exact > limit
            case Comparator.AT_MOST:
                return exact <= limit
            case Comparator.BELOW:
                return exact < limit


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of totals, or the outcome of a triage.

    Attributes
    ----------
    code : str
        Stable name, for records and translations.
    label : str
        Name as shown to staff.
    lo, hi : int or None
        First and last total [score]; None for the outcome of a triage.
    """

    code: str
    label: str
    lo: int | None = None
    hi: int | None = None


@dataclass(frozen=True, slots=True)
class BandScheme:
    """The bands of a scale, as one source gives them.

    Attributes
    ----------
    version : str
        Which division this is: others exist for some scales.
    bands : tuple of Band
        From the lowest total to the highest, without gap or overlap.
    citation : Citation
        Where the division was read.
    grade : Grade
        How it was seen there.
    """

    version: str
    bands: tuple[Band, ...]
    citation: Citation
    grade: Grade

    def band_of(self, total: Number) -> Band | None:
        """Find the band of a total [score]."""
        for band in self.bands:
            if band.lo is not None and band.hi is not None and band.lo <= total <= band.hi:
                return band
        return None


@dataclass(frozen=True, slots=True)
class CutOff:
    """A published line; being on its far side raises a flag.

    Attributes
    ----------
    code : str
        The flag.
    means : str
        What it says, never a diagnosis.
    bound : Bound
        The line.
    for_sex : str or None
        Set if the line holds for one sex only (FHIR administrative gender).
    scope : Scope
        Total, or any single question.
    """

    code: str
    means: str
    bound: Bound
    for_sex: str | None = None
    scope: Scope = Scope.TOTAL


@dataclass(frozen=True, slots=True)
class Subscale:
    """Questions that are also added up by themselves.

    Attributes
    ----------
    code : str
        Name of the subscale.
    link_ids : tuple of str
        Its questions.
    """

    code: str
    link_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClusterRule:
    """So many symptoms in each cluster.

    Attributes
    ----------
    code : str
        Flag raised if every cluster has enough.
    means : str
        What it says, never a diagnosis.
    counts_as_symptom : Bound
        Points [score] from which an answer counts.
    needs : tuple of (str, int)
        Code of the subscale, and number of symptoms it needs.
    citation : Citation
        Where the rule was read.
    grade : Grade
        How it was seen there.
    """

    code: str
    means: str
    counts_as_symptom: Bound
    needs: tuple[tuple[str, int], ...]
    citation: Citation
    grade: Grade


@dataclass(frozen=True, slots=True)
class TriageRule:
    """One line of a triage.

    Attributes
    ----------
    band : Band
        Outcome if the line fits.
    any_of : tuple of str
        It fits if any of these questions
    values : tuple of int
        has one of these values,
    declined : bool
        or, if True, was declined.
    unless_answered : tuple of str
        The line is passed over once all of these are answered.
    citation : Citation
        Where the line was read.
    grade : Grade
        How it was seen there.
    """

    band: Band
    any_of: tuple[str, ...]
    values: tuple[int, ...]
    citation: Citation
    grade: Grade
    declined: bool = False
    unless_answered: tuple[str, ...] = ()

    def fits(self, answer: Answer) -> bool:
        """Say whether one of its questions, so answered, makes the line fit."""
        return self.declined if answer is DECLINED else answer in self.values


@dataclass(frozen=True, slots=True)
class Triage:
    """Lines tried from the most to the least urgent; the last word if none fits.

    Attributes
    ----------
    rules : tuple of TriageRule
        In order.
    otherwise : Band
        Outcome if none fits and nothing is missing.
    """

    rules: tuple[TriageRule, ...]
    otherwise: Band


@dataclass(frozen=True, slots=True)
class Prorating:
    """How many answers may be missing, and of which questions none.

    Attributes
    ----------
    most_missing : PublishedFigure
        Number of questions that may be unanswered.
    never : tuple of str
        Questions that are never filled in by proportion.
    """

    most_missing: PublishedFigure
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scoring:
    """The whole rule of one scale.

    Attributes
    ----------
    method : Method
        How answers become a total.
    citation : Citation
        Where the rule was read.
    grade : Grade
        How it was seen there.
    minimum, maximum : int or None
        Range of the total [score]; None if there is no total.
    factor : int
        The sum of points is multiplied by this.
    domains : tuple of tuple of str
        Groups of questions for `DOMAIN_MAXIMUM`.
    prorating : Prorating or None
        None if a total needs every answer.
    higher_is_better : bool
        Direction of the scale.
    whole_totals : bool
        False if a total entered by hand may have decimals.
    bands : BandScheme or None
        Division into bands, if there is one.
    cut_offs : tuple of CutOff
        Published lines.
    subscales : tuple of Subscale
        Parts with sums of their own.
    cluster_rule : ClusterRule or None
        Symptom count, if the scale has one.
    triage : Triage or None
        Lines of a triage, for `TRIAGE`.
    """

    method: Method
    citation: Citation
    grade: Grade
    minimum: int | None = None
    maximum: int | None = None
    factor: int = 1
    domains: tuple[tuple[str, ...], ...] = ()
    prorating: Prorating | None = None
    higher_is_better: bool = False
    whole_totals: bool = True
    bands: BandScheme | None = None
    cut_offs: tuple[CutOff, ...] = ()
    subscales: tuple[Subscale, ...] = ()
    cluster_rule: ClusterRule | None = None
    triage: Triage | None = None
