"""Whether the service works: the questions behind the health pages. Answers name parts, never people."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import DatabaseError, connection

from .heartbeats import BEAT, WORKER
from .models import Heartbeat, OutboxMessage

MEANING = {
    WORKER: "the worker, which does what is due",
    BEAT: "beat, the clock that wakes the worker",
}
MAIL_LATE_MINUTES = 15


def database_problems() -> list[str]:
    """Why no page could be answered, in sentences; empty when the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return [f"The database does not answer ({type(error).__name__})."]
    return []


def work_problems(*, now: dt.datetime) -> list[str]:
    """What of the background work stands still at ``now``, in sentences; empty when all of it runs.

    A part is still when it has not been seen for ``HEALTH_SECONDS``; mail, when a message that was due 15 minutes ago
    has not left. A Redis that is down shows as a worker that is not seen.
    """
    if broken := database_problems():
        return broken
    seen = dict(Heartbeat.objects.values_list("name", "at"))
    oldest_good = now - dt.timedelta(seconds=settings.HEALTH_SECONDS)
    problems = [_silence(name, seen.get(name)) for name in MEANING if name not in seen or seen[name] < oldest_good]
    if late := OutboxMessage.objects.overdue(now, minutes=MAIL_LATE_MINUTES).count():
        problems.append(f"Mail stands still: {late} due {MAIL_LATE_MINUTES} minutes ago or more have not left.")
    return problems


def _silence(name: str, at: dt.datetime | None) -> str:
    since = f"since {at:%Y-%m-%dT%H:%M:%SZ}" if at else "yet"
    return f"Nothing was seen of {MEANING[name]}, {since}."
