"""The waiting list: first come, first served, in the transaction that frees the place (R44)."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef

from accounts.models import User
from agencies.models import Employment
from bookings import emails
from bookings.enums import BookingStatus
from bookings.models import Booking
from core import audit
from core.periods import london_day
from core.working_days import add_working_days
from courses.enums import SessionStatus
from courses.models import CourseSession

from .notice import is_late
from .places import free_places_of


def gives_places_by_itself(*, session: CourseSession, now: dt.datetime) -> bool:
    """Whether a free place still goes to the first person waiting without a question.

    From the last working day before the session on nobody is booked unasked: a place that comes free then is open to
    whoever asks for it, those waiting included.
    """
    last_working_day = add_working_days(session.first_day, -1, nation=session.partnership.nation)
    return session.status == SessionStatus.SCHEDULED and london_day(now) < last_working_day


def promote_from_waiting_list(*, session: CourseSession, by: User | None, now: dt.datetime) -> list[Booking]:
    """Give every free place of a locked session to whoever waits longest and still works for the agency they applied
    from.

    Belongs inside the transaction that freed the place (``locking.session_locked``), so that no place is free while
    someone waits and nobody overtakes.
    """
    if not gives_places_by_itself(session=session, now=now):
        return []
    free = free_places_of(session)
    if not free:
        return []
    employed = Employment.objects.current(on=london_day(now)).filter(
        person=OuterRef("person"), agency=OuterRef("agency")
    )
    waiting = (
        Booking.objects.filter(session=session).waiting().filter(Exists(employed)).select_related("person", "policy")
    )
    promoted = list(waiting[: len(free)])
    for booking, number in zip(promoted, free, strict=False):
        booking.session = session
        give_place(booking=booking, number=number, by=by, now=now)
    return promoted


def give_place(*, booking: Booking, number: int, by: User | None, now: dt.datetime) -> None:
    """Turn a waiting booking of a locked session into a booked one, and tell the person (mail 5)."""
    booking.status = BookingStatus.BOOKED
    booking.place_number = number
    booking.never_held_place = False
    booking.promoted_at = now
    booking.save(update_fields=["status", "place_number", "never_held_place", "promoted_at"])
    audit.record(
        "booking.promoted",
        booking,
        partnership=booking.session.partnership,
        by=by,
        now=now,
        reference=booking.reference,
        before={"status": BookingStatus.WAITING.value},
        after={"status": BookingStatus.BOOKED.value, "place": number},
    )
    emails.queue_place_free(booking, hand_back_free=came_after_notice(booking), now=now)


def came_after_notice(booking: Booking) -> bool:
    """Whether a place came from the waiting list when its last free day had passed: there was no day to cancel it in
    time.
    """
    if booking.promoted_at is None:
        return False
    session = booking.session
    return is_late(
        policy=booking.policy,
        first_day=session.first_day,
        nation=session.partnership.nation,
        cancelled_at=booking.promoted_at,
    )
