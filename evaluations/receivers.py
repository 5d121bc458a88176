"""What evaluations does when bookings announce something."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.dispatch import receiver

from accounts.models import User
from bookings.models import Booking
from bookings.signals import attendance_recorded, register_finished
from courses.enums import SessionStatus
from courses.models import CourseSession

from .domain.initial_requests import ask_for_initial_evaluations


@receiver(register_finished)
def ask_when_register_is_finished(
    sender: Any, *, session: CourseSession, by: User | None, now: dt.datetime, **_: Any
) -> None:
    """The register is finished: ask those who attended for their evaluation (mail 15)."""
    ask_for_initial_evaluations(session=session, by=by, now=now)


@receiver(attendance_recorded)
def ask_when_attendance_is_corrected(
    sender: Any, *, bookings: list[Booking], by: User | None, now: dt.datetime, **_: Any
) -> None:
    """An outcome was corrected after the register: whoever counts as attended only now is asked now."""
    if bookings and bookings[0].session.status == SessionStatus.HELD:
        ask_for_initial_evaluations(session=bookings[0].session, by=by, now=now)
