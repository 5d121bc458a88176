"""Cancelling a session: the partnership's act, which costs nobody who had booked anything (domain 2.5)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from core import audit
from core.errors import RuleBroken
from courses.enums import SessionStatus
from courses.models import CourseSession
from courses.signals import session_cancelled


class CannotCancelSession(RuleBroken):
    default_message = "A session that was held cannot be cancelled."


def cancel_session(*, session: CourseSession, reason: str, by: User | None, now: dt.datetime) -> CourseSession:
    """Cancel a session with a reason that everyone booked is told. What hangs on it follows through
    ``session_cancelled``.

    Cancelling again changes nothing. Raises ``CannotCancelSession`` once the session was held.
    """
    with transaction.atomic():
        rows = CourseSession.objects.select_related("partnership", "course", "venue")
        held: CourseSession = rows.select_for_update(of=("self",), no_key=True).get(pk=session.pk)
        if held.status == SessionStatus.CANCELLED:
            return held
        if held.status == SessionStatus.HELD:
            raise CannotCancelSession
        before, held.status, held.cancelled_reason = held.status, SessionStatus.CANCELLED, reason.strip()
        held.save(update_fields=["status", "cancelled_reason"])
        details = {
            "partnership": held.partnership,
            "by": by,
            "now": now,
            "reference": held.ref,
            "reason": reason.strip(),
        }
        audit.record("session.cancelled", held, before={"status": before}, after={"status": held.status}, **details)
        session_cancelled.send(sender=CourseSession, session=held, by=by, now=now)
    return held
