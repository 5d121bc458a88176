"""Who may do what with one session or booking. Asked besides the permissions of ``accounts.permissions``."""

from __future__ import annotations

from typing import Any

from courses.models import CourseSession
from trainers.enums import DeliveryRole
from trainers.models import Delivery


def may_take_register(user: Any, session: CourseSession) -> bool:
    """Whether ``user`` may see and take this register: a trainer who delivers it, or whoever manages bookings (R63).

    An observer watches the session and does not take its register.
    """
    partnership = session.partnership
    if user.has_perm("bookings.manage", partnership):
        return True
    if not user.has_perm("bookings.take_register", partnership):
        return False
    delivering = Delivery.objects.exclude(role=DeliveryRole.OBSERVER)
    return delivering.filter(session=session, trainer__person__user=user, trainer__active=True).exists()
