"""The clinical record, in FHIR R4 nouns."""

import uuid

from django.db import models

from leeward.records.accounts.models import User
from leeward.records.organizations.models import Location, Organization
from leeward.records.people.models import Patient


class ChartItem(models.Model):
    """What every imported or entered clinical statement carries.

    Dates are kept as the record wrote them ("2019", "2019-05-02T10:20:30-04:00"): a vague date
    must not become a sharp one. `sort_at` is the first instant the leading date can mean.
    `source_id` names the resource it came from and `source_hash` its content, so that importing
    the same record twice changes nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="%(class)ss")
    # [{"system": uri, "code": "...", "display": "..."}]
    codings = models.JSONField(default=list)
    text = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=30, blank=True)
    sort_at = models.DateTimeField(null=True, db_index=True)
    recorded = models.CharField(max_length=40, blank=True)
    provenance = models.CharField(max_length=200, blank=True)
    source_id = models.CharField(max_length=200, blank=True)
    source_hash = models.CharField(max_length=64, blank=True)
    entered_at = models.DateTimeField()
    entered_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "source_id"],
                condition=~models.Q(source_id=""),
                name="%(class)s_source_once",
            )
        ]


class Condition(ChartItem):
    """A problem or diagnosis; `status` is the clinical status."""

    verification = models.CharField(max_length=30, blank=True)
    category = models.CharField(max_length=60, blank=True)
    onset = models.CharField(max_length=40, blank=True)
    onset_note = models.CharField(max_length=100, blank=True)
    abatement = models.CharField(max_length=40, blank=True)
    abatement_note = models.CharField(max_length=100, blank=True)


class MedicationStatement(ChartItem):
    """A medicine the person takes, took, was prescribed or was given.

    `form` says which: request, statement or administration.
    """

    ADMINISTRATION = "administration"

    form = models.CharField(max_length=14, default="statement")
    intent = models.CharField(max_length=20, blank=True)
    starts = models.CharField(max_length=40, blank=True)
    ends = models.CharField(max_length=40, blank=True)
    dosage_text = models.CharField(max_length=500, blank=True)


class AllergyIntolerance(ChartItem):
    verification = models.CharField(max_length=30, blank=True)
    criticality = models.CharField(max_length=30, blank=True)
    category = models.CharField(max_length=60, blank=True)
    onset = models.CharField(max_length=40, blank=True)
    # [{"substance": {"codings": [...], "text": ""}, "manifestations": ["hives"]}]
    reactions = models.JSONField(default=list)


class Observation(ChartItem):
    """A vital sign, result or score: `value` in `unit` (UCUM), the original kept beside it."""

    category = models.CharField(max_length=60, blank=True)
    effective = models.CharField(max_length=40, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    unit = models.CharField(max_length=40, blank=True)
    value_text = models.CharField(max_length=500, blank=True)
    value_codings = models.JSONField(default=list)
    absent_because = models.CharField(max_length=100, blank=True)
    original = models.CharField(max_length=120, blank=True)
    # the same five for each component, with its own codings and text
    components = models.JSONField(default=list)


class Procedure(ChartItem):
    starts = models.CharField(max_length=40, blank=True)
    ends = models.CharField(max_length=40, blank=True)


class FamilyMemberHistory(ChartItem):
    """What one relative had; `codings` and `text` name the relation, never the relative."""

    # [{"codings": [...], "text": "", "onset_note": "at age 40 a"}]
    conditions = models.JSONField(default=list)


class Encounter(ChartItem):
    class_code = models.CharField(max_length=20, blank=True)
    starts = models.CharField(max_length=40, blank=True)
    ends = models.CharField(max_length=40, blank=True)


class QuestionnaireResponse(models.Model):
    """One administration of an instrument: asked for, under way, or completed and scored."""

    REQUESTED, IN_PROGRESS, COMPLETED = "requested", "in-progress", "completed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(
        Patient, on_delete=models.CASCADE, related_name="questionnaire_responses"
    )
    instrument = models.CharField(max_length=60)
    version = models.CharField(max_length=120, blank=True)
    form_sha256 = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=10, default="en")
    mode = models.CharField(max_length=12, default="self")
    status = models.CharField(max_length=16, default=REQUESTED)
    answers = models.JSONField(default=dict)
    total = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    band = models.CharField(max_length=80, blank=True)
    flags = models.JSONField(default=list)
    because = models.CharField(max_length=200, blank=True)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    source_id = models.CharField(max_length=200, blank=True)
    source_hash = models.CharField(max_length=64, blank=True)


class ScreeningAnswer(models.Model):
    """What a person answered to one screening question, as asked by a named member of staff.

    Answers are kept; a newer one to the same question counts instead of the older.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(
        Patient, on_delete=models.CASCADE, related_name="screening_answers"
    )
    name = models.CharField(max_length=80)
    value = models.CharField(max_length=10)  # yes | no | unknown
    note = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT)


class CandidacyDecision(models.Model):
    """What a prescriber decided, with the findings and content it rests on. Never edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(
        Patient, on_delete=models.CASCADE, related_name="candidacy_decisions"
    )
    drug = models.CharField(max_length=40)
    route = models.CharField(max_length=20)
    indication = models.CharField(max_length=80, blank=True)
    as_of = models.DateField()
    assessment = models.JSONField()
    content_digest = models.CharField(max_length=64)
    facts_digest = models.CharField(max_length=64)
    decision = models.CharField(max_length=12)  # accept | decline | defer
    rationale = models.TextField()
    # {rule id: {"accept": true, "rationale": "...", "mitigation": "..."}}
    answers = models.JSONField(default=dict)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT)
    decided_at = models.DateTimeField()
    review_since = models.DateTimeField(null=True)
    review_because = models.CharField(max_length=300, blank=True)


class Task(models.Model):
    """Something a person must do, and the reason; kept after it is done."""

    OPEN, DONE, CANCELLED = "open", "done", "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="tasks")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, null=True, related_name="tasks")
    kind = models.CharField(max_length=60)
    priority = models.CharField(max_length=10, default="routine")  # urgent | soon | routine
    because = models.TextField()
    role = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=10, default=OPEN)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)


class Document(models.Model):
    """A finished document: the canonical record is what was signed, any PDF is derived from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    subject_id = models.UUIDField(null=True, db_index=True)
    canonical = models.TextField()
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT)
    created_at = models.DateTimeField()
