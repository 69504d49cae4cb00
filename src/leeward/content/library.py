"""All clinical content, loaded, checked and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leeward.core.alarms.specs import AlarmSpecs
    from leeward.core.candidacy.concepts import Concept
    from leeward.core.candidacy.indications import Indication
    from leeward.core.candidacy.rules import Rule
    from leeward.core.candidacy.workup import WorkupItem
    from leeward.core.instruments.instrument import Instrument
    from leeward.core.pharmacology.effects import IndexDefinition, ReferenceLine
    from leeward.core.pharmacology.envelope import Absorption
    from leeward.core.pharmacology.model import Model
    from leeward.core.protocols.course import CourseReview
    from leeward.core.protocols.limits import LimitParameter
    from leeward.core.protocols.protocol import Presentation, Protocol
    from leeward.core.protocols.regimen import Regimen

    from .article import Article
    from .kinds.adjunct import Adjunct
    from .kinds.checklist import Checklist
    from .kinds.contact_wording import ContactWording
    from .kinds.crisis_line import CrisisLine
    from .kinds.discharge import DischargeRules
    from .kinds.dose_bound import DoseBound
    from .kinds.drug import Drug
    from .kinds.effect import SessionEffect
    from .kinds.lexicon import Lexicon
    from .kinds.monitoring import MonitoringSchedule
    from .kinds.recovery import RecoveryRule
    from .kinds.route import Route
    from .kinds.self_check import SelfCheck
    from .kinds.source import Source
    from .kinds.weight_basis import WeightBasis
    from .text import PatientText


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentLibrary:
    """Everything a clinician could dispute, by kind and id.

    Attributes
    ----------
    digest : str
        SHA-256 [hex] of the content, the same whatever the order or layout of its files.
        Each recorded decision keeps it.
    sources : mapping of id to Source
        The publications everything else rests on.
    limits, drugs, routes, ... : mappings of id to value
        One for each kind in `content/kinds`. `alarms`, `monitoring`, `recovery` and
        `discharge` have ids ``<drug>.<route>``.
    """

    digest: str
    sources: Mapping[str, Source]
    limits: Mapping[str, LimitParameter] = field(default_factory=_nothing)
    drugs: Mapping[str, Drug] = field(default_factory=_nothing)
    routes: Mapping[str, Route] = field(default_factory=_nothing)
    presentations: Mapping[str, Presentation] = field(default_factory=_nothing)
    protocols: Mapping[str, Protocol] = field(default_factory=_nothing)
    regimens: Mapping[str, Regimen] = field(default_factory=_nothing)
    adjuncts: Mapping[str, Adjunct] = field(default_factory=_nothing)
    course_reviews: Mapping[str, CourseReview] = field(default_factory=_nothing)
    dose_bounds: Mapping[str, DoseBound] = field(default_factory=_nothing)
    weight_bases: Mapping[str, WeightBasis] = field(default_factory=_nothing)
    rules: Mapping[str, Rule] = field(default_factory=_nothing)
    concepts: Mapping[str, Concept] = field(default_factory=_nothing)
    indications: Mapping[str, Indication] = field(default_factory=_nothing)
    workup: Mapping[str, WorkupItem] = field(default_factory=_nothing)
    instruments: Mapping[str, Instrument] = field(default_factory=_nothing)
    pk_models: Mapping[str, Model] = field(default_factory=_nothing)
    absorptions: Mapping[str, Absorption] = field(default_factory=_nothing)
    exposure_marks: Mapping[str, IndexDefinition | ReferenceLine] = field(default_factory=_nothing)
    effects: Mapping[str, SessionEffect] = field(default_factory=_nothing)
    alarms: Mapping[str, AlarmSpecs] = field(default_factory=_nothing)
    checklists: Mapping[str, Checklist] = field(default_factory=_nothing)
    monitoring: Mapping[str, MonitoringSchedule] = field(default_factory=_nothing)
    recovery: Mapping[str, RecoveryRule] = field(default_factory=_nothing)
    discharge: Mapping[str, DischargeRules] = field(default_factory=_nothing)
    consents: Mapping[str, PatientText] = field(default_factory=_nothing)
    instructions: Mapping[str, PatientText] = field(default_factory=_nothing)
    crisis_lines: Mapping[str, CrisisLine] = field(default_factory=_nothing)
    contact_wordings: Mapping[str, ContactWording] = field(default_factory=_nothing)
    articles: Mapping[str, Article] = field(default_factory=_nothing)
    lexicons: Mapping[str, Lexicon] = field(default_factory=_nothing)
    self_checks: Mapping[str, SelfCheck] = field(default_factory=_nothing)
