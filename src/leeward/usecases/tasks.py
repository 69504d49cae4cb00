"""Tasks: raised with a reason, done by a name with an outcome."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import STAFF_ROLES, Actor, NotFound
from leeward.records.audit import store as audit
from leeward.records.charts.models import Task
from leeward.records.people.models import Patient
from leeward.usecases import ports
from leeward.usecases.access import require


def raise_task(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    patient: Patient,
    kind: str,
    because: str,
    priority: str = "routine",
    role: str = "",
    due_at: datetime | None = None,
    subject: tuple[str, str] = ("", ""),
) -> Task:
    """Raise a task about a patient, once per command and kind.

    *Emits* audit `task.raised`; wakes the board of the patient's location.
    """
    task, made = Task.objects.get_or_create(
        id=uuid5(command_id, f"task:{kind}"),
        defaults={
            "organization_id": patient.organization_id, "location_id": patient.location_id,
            "patient": patient, "kind": kind, "because": because, "priority": priority,
            "role": role, "due_at": due_at, "created_at": now,
            "subject_type": subject[0], "subject_id": subject[1],
        },
    )  # fmt: skip
    if made:
        audit.record(
            actor,
            "task.raised",
            at=now,
            patient_id=patient.id,
            subject=("task", task.id),
            kind=kind,
            priority=priority,
        )
        transaction.on_commit(lambda: ports.wakeup().notify(f"board:{patient.location_id}"))
    return task


def complete_task(
    *, actor: Actor, now: datetime, command_id: UUID, task_id: UUID, outcome: str
) -> Task | Refusal:
    """Close a task with what was done.

    *Refuses when* no outcome is written or somebody else closed it. *Emits* audit `task.done`.
    *Locks* the task.
    """
    with transaction.atomic():
        task = (
            Task.objects.select_for_update().filter(id=task_id, organization_id=actor.wall).first()
        )
        if task is None or not actor.is_staff or not actor.works_at(task.location_id):
            raise NotFound("task")
        require(actor, task.location_id, *STAFF_ROLES)
        if audit.recall(command_id, "complete_task", actor, of=task.id):
            return task
        if task.status != Task.OPEN:
            return Refusal("task.closed", "Somebody has already closed this task.")
        if not outcome.strip():
            return Refusal("task.no_outcome", "Write what was done.", field="outcome")
        task.status, task.outcome = Task.DONE, outcome.strip()
        task.done_by_id, task.done_at = actor.id, now
        task.save(update_fields=["status", "outcome", "done_by", "done_at"])
        audit.record(
            actor,
            "task.done",
            at=now,
            patient_id=task.patient_id,
            subject=("task", task.id),
            outcome_text=outcome.strip(),
        )
        audit.remember(command_id, "complete_task", actor, now, task.id)
    return task
