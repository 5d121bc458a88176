"""Celery tasks. They carry nothing and may be lost: each only says "look at the table"."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from .health import BEAT, WORKER, record_heartbeat
from .sweeps import run_sweeps

logger = logging.getLogger(__name__)


@shared_task(name="core.tasks.sweep")
def sweep(sent_by: str = "") -> None:
    """Do everything that is due now. Beat says that the call is its own, and so both are seen to live."""
    record_heartbeat(WORKER, now=timezone.now())
    if sent_by == BEAT:
        record_heartbeat(BEAT, now=timezone.now())
    run_sweeps(timezone.now())


def nudge() -> None:
    """Ask a worker to look at once. A broker that is down must not reach the person: the next sweep does the work."""
    try:
        sweep.apply_async(expires=60, retry=False, ignore_result=True)
    except Exception as error:
        logger.warning("nudge not delivered", extra={"error": type(error).__name__})
