"""Long work with progress. An app registers a function; a row says that it should run; the sweep ``jobs`` runs it.

A running job is leased by its process, which renews the lease every few seconds from a thread of its own. A lease that
is two minutes old belongs to a process that died: the job waits again and another process takes it. Leases are
measured by the real clock, since they are about living processes.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F
from django.utils import timezone

from .audit import record
from .clock import Clock
from .errors import RuleBroken
from .models import Job, Partnership
from .nudges import nudge
from .outbox import queue_message

logger = logging.getLogger(__name__)
State = Job.State

JobFunction = Callable[[Job, "Callable[..., None]"], dict[str, Any]]
JOB_KINDS: dict[str, JobFunction] = {}
WORK_TASK = "core.tasks.work"
FINISHED_MAIL = "job_finished"

LEASE = dt.timedelta(minutes=2)
RENEW_SECONDS = 2.0
SAVE_SECONDS = 0.5
MOST_ATTEMPTS = 3
BUDGET_SECONDS = 2400.0


class JobStopped(Exception):
    """Someone asked the job to stop. Raised by ``progress``; the work since the last commit is rolled back."""


def register_job(kind: str, run: JobFunction) -> None:
    """``run(job, progress)`` does the work and calls ``progress(done=…, total=…, message=…)`` as often as it likes.

    It returns the result: plain values, of which ``message`` (one sentence) and ``path`` (where to see it) are shown to
    the person. It must be safe to run again after a crash. ``progress.now`` is the moment as of which it runs.
    """
    JOB_KINDS[kind] = run


def start_job(
    *,
    kind: str,
    title: str,
    partnership: Partnership,
    by: models.Model | None,
    arguments: dict[str, Any],
    key: str = "",
) -> Job:
    """Put a piece of long work into the table; the same ``key`` gives the job that already exists."""
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
    transaction.on_commit(lambda: nudge(WORK_TASK), robust=True)
    return job


class Progress:
    """What a running job calls. Keeps the latest figures and saves them at most twice a second.

    A thread with a connection of its own writes them, so that they can be seen while the job is inside one long
    transaction, and renews the lease while the job is busy elsewhere. ``now`` is the moment as of which the job runs.
    """

    def __init__(self, job: Job, now: dt.datetime) -> None:
        self.job = job
        self.now = now
        self.values: dict[str, Any] = {}
        self.stop_asked = False
        self.over = threading.Event()
        self.saved_at = 0.0
        # Inside a test's transaction another connection would see nothing and wait for ever.
        self.alone = connection.in_atomic_block
        self.thread = threading.Thread(target=self._renew, name=f"job-{job.pk}", daemon=True)

    def __call__(self, *, done: int | None = None, total: int | None = None, message: str | None = None) -> None:
        """Say how far the work is. Raises JobStopped once someone has asked it to stop."""
        told = {"done": done, "total": total, "message": message[:300] if message is not None else None}
        self.values |= {name: value for name, value in told.items() if value is not None}
        if self.alone and time.monotonic() - self.saved_at >= SAVE_SECONDS:
            self.save()
        if self.stop_asked:
            raise JobStopped

    def __enter__(self) -> Progress:
        if not self.alone:
            self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        if not self.alone:
            self.thread.join()

    def save(self) -> None:
        """Write the figures, renew the lease, and see whether someone asked to stop."""
        self.saved_at = time.monotonic()
        mine = Job.objects.filter(pk=self.job.pk, state=State.RUNNING)
        mine.update(claimed_at=timezone.now(), **self.values)
        self.stop_asked = mine.filter(stop_asked=True).exists()

    def _renew(self) -> None:
        saved: dict[str, Any] = {}
        while not self.over.wait(SAVE_SECONDS):
            if self.values == saved and time.monotonic() - self.saved_at < RENEW_SECONDS:
                continue
            saved = dict(self.values)
            try:
                self.save()
            except DatabaseError as error:
                logger.info("progress not saved", extra={"job": self.job.pk, "kind": type(error).__name__})
        connection.close()


def requeue_dead_jobs(now: dt.datetime) -> int:
    """Put jobs back whose process died; one that has killed three processes counts as failed. Returns how many."""
    dead = Job.objects.filter(state=State.RUNNING, claimed_at__lt=timezone.now() - LEASE)
    for job in dead.filter(attempts__gte=MOST_ATTEMPTS):
        _finish(job, State.FAILED, now, message=f"It was interrupted {MOST_ATTEMPTS} times and was given up.")
    return dead.update(state=State.WAITING, claimed_at=None)


def claim_job() -> Job | None:
    """Take one waiting job for this process and commit."""
    with transaction.atomic():
        free = Job.objects.filter(state=State.WAITING).select_for_update(skip_locked=True)
        job = free.order_by("pk").first()
        if job is None:
            return None
        Job.objects.filter(pk=job.pk).update(state=State.RUNNING, claimed_at=timezone.now(), attempts=F("attempts") + 1)
    return Job.objects.select_related("partnership").get(pk=job.pk)


def run_jobs(now: dt.datetime) -> int:
    """Run waiting jobs one after the other until none waits. Returns how many were run."""
    requeue_dead_jobs(now)
    clock, count = Clock(now), 0
    while clock.seconds() < BUDGET_SECONDS and (job := claim_job()) is not None:
        run_job(job, clock.now())
        count += 1
    return count


def run_job(job: Job, now: dt.datetime) -> None:
    """Run a claimed job to its end, whatever that is, and tell who started it."""
    clock = Clock(now)
    try:
        with Progress(job, now) as progress:
            if job.stop_asked:
                raise JobStopped
            result = JOB_KINDS[job.kind](job, progress)
    except JobStopped:
        _finish(job, State.STOPPED, clock.now(), message="Stopped because someone asked for it.")
    except RuleBroken as error:
        _finish(job, State.FAILED, clock.now(), message=str(error))
    except Exception:
        reference = secrets.token_hex(4)
        logger.exception("job failed", extra={"job": job.pk, "reference": reference})
        sentence = f"Something went wrong on our side. If it happens again, give us the reference {reference}."
        _finish(job, State.FAILED, clock.now(), message=sentence, result={"reference": reference})
    else:
        said = {"message": result["message"]} if "message" in result else {}
        _finish(job, State.FINISHED, clock.now(), **said, result=result)


@transaction.atomic
def _finish(job: Job, state: str, now: dt.datetime, **values: Any) -> None:
    """Write down how a job ended, together with the mail to whoever started it."""
    if "message" in values:
        values["message"] = values["message"][:300]
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=now, claimed_at=None, **values)
    job.refresh_from_db()
    starter = get_user_model()._default_manager.filter(pk=job.started_by_id, is_active=True).first()
    if starter is None:
        return
    queue_message(
        kind=FINISHED_MAIL,
        partnership=job.partnership,
        about=job,
        recipient=starter.email,
        stage=str(job.attempts),
        due_at=now,
        facts={
            "title": job.title,
            "state": job.get_state_display(),
            "text": job.message,
            "path": job.result.get("path") or f"/manage/jobs/{job.pk}/",
        },
    )


@transaction.atomic
def ask_to_stop(*, job: Job, by: models.Model | None, now: dt.datetime) -> None:
    """Ask a job to stop: one that waits stops at once, one that runs at its next sign of progress.

    Raises RuleBroken for one that is over.
    """
    if job.is_over:
        raise RuleBroken("It is over already, so there is nothing to stop.")
    record("job.stop_asked", job, partnership=job.partnership, by=by, now=now)
    waiting = Job.objects.filter(pk=job.pk, state=State.WAITING)
    if not waiting.update(state=State.STOPPED, stop_asked=True, finished_at=now):
        Job.objects.filter(pk=job.pk, state=State.RUNNING).update(stop_asked=True)
