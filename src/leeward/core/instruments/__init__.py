"""Rating scales: questions, scoring, bands, alerts on an answer, and change over a course.

Every figure, cut-off and word comes from content; this package holds none. It knows quantities
and nothing else: no patient, no page, no clock. Severity is read here and nowhere else, and
nothing here is a diagnosis.
"""

from .alert import Alert, Workflow
from .answers import Answers, is_asked, next_item
from .change import Change, Direction, Measurement, change_between
from .instrument import Instrument, Mode
from .items import DECLINED, Answer, AskedIf, Declined, Item, Option, Reading, Step
from .outcome import Category, OutcomeDefinition
from .rules import (
    Band,
    BandScheme,
    Bound,
    ClusterRule,
    Comparator,
    CutOff,
    Method,
    Prorating,
    Scope,
    Scoring,
    Subscale,
    Triage,
    TriageRule,
)
from .score import Score, SubscaleScore, score, score_total
from .trajectory import Trajectory, Trend, choose_baseline, follow, too_soon_after_session
from .watch import alerts_in, alerts_on_answer
from .wording import Form, FormItem, FormOption, Terms

__all__ = [
    "DECLINED",
    "Alert",
    "Answer",
    "Answers",
    "AskedIf",
    "Band",
    "BandScheme",
    "Bound",
    "Category",
    "Change",
    "ClusterRule",
    "Comparator",
    "CutOff",
    "Declined",
    "Direction",
    "Form",
    "FormItem",
    "FormOption",
    "Instrument",
    "Item",
    "Measurement",
    "Method",
    "Mode",
    "Option",
    "OutcomeDefinition",
    "Prorating",
    "Reading",
    "Scope",
    "Score",
    "Scoring",
    "Step",
    "Subscale",
    "SubscaleScore",
    "Terms",
    "Trajectory",
    "Trend",
    "Triage",
    "TriageRule",
    "Workflow",
    "alerts_in",
    "alerts_on_answer",
    "change_between",
    "choose_baseline",
    "follow",
    "is_asked",
    "next_item",
    "score",
    "score_total",
    "too_soon_after_session",
]
