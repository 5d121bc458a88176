"""Celery tasks. They carry nothing and may be lost: each only says "look at the table"."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from .dispatch import BATCH
from .heartbeats import BEAT, WORKER, beat
from .models import OutboxMessage
from .nudges import nudge
from .sweeps import JOBS, MAIL, run_sweeps

__all__ = ["nudge", "nudge_jobs", "send", "sweep", "work"]


@shared_task(name="core.tasks.sweep")
def sweep(from_beat: bool = False) -> None:
    """Do everything that is due now, except long work and mail, which have tasks of their own."""
    beat(WORKER, *([BEAT] if from_beat else []))
    run_sweeps(timezone.now(), without=(JOBS, MAIL))


@shared_task(name="core.tasks.send")
def send() -> None:
    """Send the mail that is due now; where there is much of it, another worker is asked to help."""
    beat(WORKER)
    now = timezone.now()
    if OutboxMessage.objects.due(now)[: 2 * BATCH].count() == 2 * BATCH:
        nudge("core.tasks.send")
    run_sweeps(now, only=(MAIL,))


@shared_task(name="core.tasks.work", soft_time_limit=3000, time_limit=3300)
def work() -> None:
    """Run the long work that waits. Its time limit is below the broker's visibility timeout of an hour."""
    beat(WORKER)
    run_sweeps(timezone.now(), only=(JOBS,))


def nudge_jobs() -> None:
    """Ask a worker to start waiting jobs at once."""
    nudge("core.tasks.work")
