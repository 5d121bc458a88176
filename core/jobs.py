"""Long work with progress. An app registers a function; a row says that it should run; the sweep runs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models, transaction

from .models import Job, Partnership

JobFunction = Callable[[Job, "Callable[..., None]"], dict[str, Any]]
JOB_KINDS: dict[str, JobFunction] = {}


def register_job(kind: str, run: JobFunction) -> None:
    """``run(job, progress)`` does the work, calls ``progress(done=…, total=…, message=…)`` now and then, and returns the
    result shown to the person. It must be safe to run again after a crash."""
    JOB_KINDS[kind] = run


def start_job(
    *, kind: str, title: str, partnership: Partnership, by: models.Model | None, arguments: dict[str, Any], key: str = ""
) -> Job:
    """Put a piece of long work into the table; the same ``key`` gives the job that already exists."""
    from .tasks import nudge

    values = {
        "kind": kind,
        "title": title,
        "partnership": partnership,
        "arguments": arguments,
        "started_by_id": by.pk if by is not None else 0,
    }
    if key:
        job, _ = Job.objects.get_or_create(key=key, defaults=values)
    else:
        job = Job.objects.create(**values)
    transaction.on_commit(nudge, robust=True)
    return job
