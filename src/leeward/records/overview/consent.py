"""The consent page of one person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from leeward import content
from leeward.records.accounts.actor import Actor
from leeward.records.charts.selectors import PatientBanner, banner_of
from leeward.records.consents.selectors import ConsentLine, list_consents_of
from leeward.records.consents.texts import digest_of
from leeward.records.people.selectors import clinical_patient


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """The text to read, and what was agreed to before."""

    banner: PatientBanner
    consent_id: str
    language: str
    body: dict[str, Any]
    text_digest: str
    given: tuple[ConsentLine, ...]
    in_force: ConsentLine | None


def get_consent_page(
    viewer: Actor, patient_id: UUID, *, drug: str, route: str, language: str, now: datetime
) -> ConsentPage:
    """The page in the language asked for, else in the patient's own."""
    banner = banner_of(clinical_patient(viewer, patient_id), now)
    lang = language or banner.patient.language
    lang = "es" if lang.startswith("es") else "en"
    text = next(t for t in content.load().consents.values() if (t.drug, t.route) == (drug, route))
    body = text.body(lang)
    given = tuple(c for c in list_consents_of(patient_id) if (c.drug, c.route) == (drug, route))
    in_force = next((c for c in given if c.in_force), None)
    return ConsentPage(banner, text.id, lang, body, digest_of(body), given, in_force)
