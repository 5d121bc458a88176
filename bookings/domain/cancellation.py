"""Cancelling a booking: in time or late, by the notice of the policy that the booking keeps (R53, R57).

How the days of notice are counted is in ``notice``.
"""

from __future__ import annotations

import datetime as dt

from accounts.models import User
from bookings import emails
from bookings.enums import REGISTERED, BookingStatus
from bookings.models import Booking
from core import audit
from core.errors import RuleBroken
from courses.models import CourseSession

from .charging import raise_charge, take_back_charges
from .locking import session_locked
from .notice import is_late, last_free_day
from .waiting_list import came_after_notice, promote_from_waiting_list

__all__ = ["CannotCancel", "cancel_booking", "cancels_late", "is_late", "last_free_day", "release_bookings_of"]

ENDED = (
    BookingStatus.CANCELLED,
    BookingStatus.LATE_CANCELLED,
    BookingStatus.SUBSTITUTED,
    BookingStatus.TRANSFERRED,
    BookingStatus.SESSION_CANCELLED,
    BookingStatus.DECLINED,
)


class CannotCancel(RuleBroken):
    default_message = "This booking can no longer be cancelled."


def cancels_late(booking: Booking, *, now: dt.datetime) -> bool:
    """Whether giving up this booking at ``now`` is late, by the policy it keeps (R53, R57).

    Giving up a place on the waiting list never is; nor is handing back a place that came from the waiting list when
    the last free day had passed already, because there was no day on which it could have been cancelled in time.
    """
    if booking.status == BookingStatus.WAITING or came_after_notice(booking):
        return False
    session = booking.session
    nation = session.partnership.nation
    return is_late(policy=booking.policy, first_day=session.first_day, nation=nation, cancelled_at=now)


def cancel_booking(*, booking: Booking, by: User | None, now: dt.datetime) -> Booking:
    """Give up a booking: frees the place, gives it to the first person waiting, and proposes the charge when late
    (R53, R55).

    One transaction with the session locked. Cancelling again changes nothing. Raises ``CannotCancel`` once the
    session has begun (then the register decides), ``TooBusy``.
    """
    with session_locked(booking.session) as session:
        current: Booking = Booking.objects.select_related("person", "policy", "agency").get(pk=booking.pk)
        current.session = session
        if current.status in ENDED:
            return current
        _refuse_unless_cancellable(current, now=now)
        before = current.status
        _end(current, BookingStatus.LATE_CANCELLED if cancels_late(current, now=now) else BookingStatus.CANCELLED, now)
        _record(current, before=before, by=by, now=now)
        charge = (
            raise_charge(booking=current, by=by, now=now) if current.status == BookingStatus.LATE_CANCELLED else None
        )
        emails.queue_cancelled(current, had_place=before != BookingStatus.WAITING, charge=charge, now=now)
        promote_from_waiting_list(session=session, by=by, now=now)
    return current


def _refuse_unless_cancellable(booking: Booking, *, now: dt.datetime) -> None:
    if booking.status in REGISTERED:
        raise CannotCancel("The register of this session was taken, so the booking can no longer be cancelled.")
    if now >= booking.session.starts_at and booking.status != BookingStatus.WAITING:
        raise CannotCancel("This session has begun, so the booking can no longer be cancelled. The register decides.")


def _end(booking: Booking, status: BookingStatus, now: dt.datetime) -> None:
    booking.status = status
    booking.cancelled_at = now
    booking.place_number = None
    booking.calendar_sequence += 1
    booking.save(update_fields=["status", "cancelled_at", "place_number", "calendar_sequence"])


def _record(booking: Booking, *, before: str, by: User | None, now: dt.datetime) -> None:
    audit.record(
        "booking.cancelled",
        booking,
        partnership=booking.session.partnership,
        by=by,
        now=now,
        reference=booking.reference,
        before={"status": before},
        after={"status": booking.status},
    )


def release_bookings_of(*, session: CourseSession, by: User | None, now: dt.datetime) -> int:
    """End every open booking of a session that the partnership cancelled: no charge, an apology by mail (R53, mail
    13).

    Charges already proposed for it are taken back. Returns how many people were told. Answers
    ``courses.session_cancelled``.
    """
    with session_locked(session) as locked:
        open_statuses = [BookingStatus.REQUESTED, BookingStatus.BOOKED, BookingStatus.WAITING, BookingStatus.OFFERED]
        bookings = list(
            Booking.objects.filter(session=locked, status__in=open_statuses).select_related(
                "person", "policy", "agency"
            )
        )
        waited = {booking.pk for booking in bookings if booking.status == BookingStatus.WAITING}
        for booking in bookings:
            before, booking.session = booking.status, locked
            _end(booking, BookingStatus.SESSION_CANCELLED, now)
            _record(booking, before=before, by=by, now=now)
        emails.queue_cancelled_by_us(bookings, waited=waited, now=now)
        take_back_charges(session=locked, reason="The partnership cancelled the session.", by=by, now=now)
    return len(bookings)
