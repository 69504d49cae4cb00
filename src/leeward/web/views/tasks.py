"""What waits for somebody, urgent first."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.core.quantities import Refusal
from leeward.records.charts.selectors import list_tasks
from leeward.usecases.tasks import complete_task
from leeward.web import door


@door.allow(*door.STAFF_ROLES)
def show(request: HttpRequest) -> HttpResponse:
    return render(request, "tasks.html", {"tasks": list_tasks(door.viewer(request))})


@door.allow(*door.STAFF_ROLES, methods=("POST",))
def finish(request: HttpRequest, task_id: UUID) -> HttpResponse:
    result = complete_task(
        actor=door.viewer(request),
        now=door.now(),
        command_id=door.command_id(request),
        task_id=task_id,
        outcome=request.POST.get("outcome", ""),
    )
    if isinstance(result, Refusal):
        context = {
            "tasks": list_tasks(door.viewer(request)),
            "refusal": result,
            "refused_task": task_id,
        }
        return render(request, "tasks.html", context, status=422)
    messages.success(request, "Task closed.")
    return redirect("tasks")
