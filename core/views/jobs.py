"""Long work: what runs, what has run, and how to stop it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.access import needs
from core.actors import actor_names
from core.errors import RuleBroken
from core.jobs import ask_to_stop
from core.models import Job
from core.paging import page_of

TONES = {"finished": "good", "failed": "bad", "stopped": "warn", "running": "info"}


@needs("engine.read")
def jobs(request: HttpRequest) -> HttpResponse:
    """All long work of the partnership, the newest first."""
    page = page_of(request, Job.objects.visible_to(request.user, request.partnership))
    names = actor_names(job.started_by_id for job in page)
    rows = [(job, TONES.get(job.state, ""), names[job.started_by_id]) for job in page]
    return render(request, "core/jobs.html", {"page": page, "rows": rows})


@needs("engine.read")
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of work with its progress."""
    found = get_object_or_404(Job.objects.visible_to(request.user, request.partnership), pk=pk)
    names = actor_names([found.started_by_id])
    context = {"job": found, "tone": TONES.get(found.state, ""), "started_by": names[found.started_by_id]}
    return render(request, "core/job.html", context)


@needs("engine.read")
@require_POST
def job_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a piece of work to stop."""
    found = get_object_or_404(Job.objects.visible_to(request.user, request.partnership), pk=pk)
    try:
        ask_to_stop(job=found, by=request.user, now=timezone.now())
        messages.success(request, "We have asked it to stop.")
    except RuleBroken as error:
        messages.error(request, str(error))
    return redirect("core:job", pk=pk)
