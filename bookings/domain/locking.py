"""One at a time on a session: whoever books, cancels or takes the register holds the session's row until commit.

Everything a rule decides on is read after the lock; nothing read before it is trusted (reliability section 3).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, transaction

from core.errors import RuleBroken
from courses.models import CourseSession

LOCK_NOT_AVAILABLE = "55P03"


class TooBusy(RuleBroken):
    default_message = (
        "Many people are using this date at the moment, so nothing was changed. Wait a few seconds and try again."
    )


def is_guarded() -> bool:
    """Whether the guard against overbooking is on. Only a test that proves its worth turns it off."""
    return "no_session_lock" not in settings.UNSAFE_TEST_SWITCHES


def _could_not_wait(error: OperationalError) -> bool:
    code = getattr(error.__cause__, "pgcode", None)
    return code == LOCK_NOT_AVAILABLE or "database is locked" in str(error)


@contextmanager
def session_locked(session: CourseSession) -> Iterator[CourseSession]:
    """A transaction that holds the session's row; yields the row as it is now.

    Only the row itself is read under the lock, which everyone else waits for: course, venue and partnership, where
    ``session`` knows them already, are taken over. Raises ``TooBusy`` when the row is not free within the lock timeout
    (5 seconds).
    """
    rows = CourseSession.objects.all()
    if is_guarded():
        rows = rows.select_for_update(no_key=True)
    try:
        with transaction.atomic():
            locked = rows.get(pk=session.pk)
            _take_over(session, locked)
            yield locked
    except OperationalError as error:
        if _could_not_wait(error):
            raise TooBusy from error
        raise


def _take_over(session: CourseSession, locked: CourseSession) -> None:
    for name in ("course", "venue", "partnership"):
        same = getattr(session, f"{name}_id") == getattr(locked, f"{name}_id")
        if same and name in session._state.fields_cache:
            setattr(locked, name, getattr(session, name))
