"""Who may do what with one session or booking. Asked besides the permissions of ``accounts.permissions``."""

from __future__ import annotations

from typing import Any

from courses.models import CourseSession
from trainers.domain.pool import is_delivering


def may_take_register(user: Any, session: CourseSession) -> bool:
    """Whether ``user`` may see and take this register: a trainer who delivers it, or whoever manages bookings (R63).

    An observer watches the session and does not take its register.
    """
    partnership = session.partnership
    if user.has_perm("bookings.manage", partnership):
        return True
    return bool(user.has_perm("bookings.take_register", partnership)) and is_delivering(user, session)
