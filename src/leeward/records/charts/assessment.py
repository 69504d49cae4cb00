"""Candidacy of one charted person, by the rules in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from leeward import content
from leeward.core.candidacy import Assessment, Recogniser, assess
from leeward.core.quantities import Refusal
from leeward.records.people.models import Patient

from .facts import digest_of, facts_of


@dataclass(frozen=True, slots=True)
class ChartedAssessment:
    """An assessment with the digests of what it was made from."""

    assessment: Assessment
    facts_digest: str
    content_digest: str


def assess_patient(
    patient: Patient,
    *,
    drug: str,
    route: str,
    as_of: date,
    limits: Mapping[str, Decimal],
    indication: str | None = None,
) -> ChartedAssessment | Refusal:
    """Everything the rules find in a person's chart, for one drug and route on one day."""
    library = content.load()
    facts = facts_of(patient)
    found = assess(
        facts,
        library.rules.values(),
        _recogniser(library.digest),
        drug=drug,
        route=route,
        as_of=as_of,
        indications=tuple(library.indications.values()),
        workup=tuple(library.workup.values()),
        limits=limits,
        indication=indication or None,
    )
    if isinstance(found, Refusal):
        return found
    return ChartedAssessment(found, digest_of(facts), library.digest)


@lru_cache(maxsize=2)
def _recogniser(content_digest: str) -> Recogniser:
    """The code lists indexed once per content."""
    return Recogniser(content.load().concepts.values())
