"""What bookings do when the apps below announce something."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.dispatch import receiver

from accounts.models import User
from courses.models import CourseSession
from courses.signals import session_cancelled, sessions_changing

from .domain.cancellation import release_bookings_of
from .domain.importing import objections_to


@receiver(session_cancelled)
def release_when_session_is_cancelled(
    sender: Any, *, session: CourseSession, by: User | None, now: dt.datetime, **_: Any
) -> None:
    """The partnership cancelled a session: everyone booked or waiting is told, and nothing is charged (mail 13)."""
    release_bookings_of(session=session, by=by, now=now)


@receiver(sessions_changing)
def object_to_changes(
    sender: Any, *, changes: dict[int, dict[str, Any]], now: dt.datetime, **_: Any
) -> dict[int, tuple[str, str]]:
    """A file would change sessions: say which changes those who booked stand against."""
    return objections_to(changes, now=now)
