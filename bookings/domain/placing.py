"""Taking a place: the only way a booking comes into being, so that no session is ever overbooked (R43, R44)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Max, Q

from accounts.models import User
from agencies.models import Employment, Person
from bookings import emails
from bookings.enums import HOLDS_A_PLACE, LIVE, BookingStatus
from bookings.models import Booking, BookingNeeds
from core import audit
from core.errors import RuleBroken
from core.periods import london_day
from courses.models import CourseSession

from .eligibility import current_employment, refuse_unless_open
from .locking import is_guarded, session_locked
from .places import free_places
from .policies import policy_for
from .waiting_list import give_place, promote_from_waiting_list

__all__ = ["FormAlreadyUsed", "place_booking", "promote_from_waiting_list"]


class FormAlreadyUsed(RuleBroken):
    default_message = "This form was already used for another booking. Start again from the date you want."


def place_booking(
    *,
    session: CourseSession,
    person: Person,
    by: User | None,
    now: dt.datetime,
    submission_id: uuid.UUID | None = None,
    needs: Mapping[str, Any] | None = None,
) -> Booking:
    """Book ``person`` on ``session``: the lowest free place, or the end of the waiting list (R43, R44, R57, T11).

    The booking keeps the agency the person works for and the charging policy in force today. Sending the same form
    again, or asking for a date one is already booked on, gives the booking that exists. ``needs`` has the keys of
    ``BookingNeeds``. One transaction with the session locked. Raises ``NotOpenForBooking``, ``NoAgencyKnown``,
    ``TooBusy``, ``FormAlreadyUsed``.
    """
    with session_locked(session.pk) as locked:
        existing, free = _look(session=locked, person=person, submission_id=submission_id)
        if existing is not None:
            return _answer_again(existing, free=free, session=locked, by=by, now=now)
        refuse_unless_open(session=locked, now=now)
        employment = current_employment(person=person, on=london_day(now))
        booking = _new_booking(locked, person, employment, now)
        booking.submission_id = submission_id
        position = _take_place(booking, free=free)
        booking.save(force_insert=True)
        if needs and any(needs.values()):
            BookingNeeds.objects.create(booking=booking, **needs)
        _record(booking, by=by, now=now)
        _tell(booking, employment=employment, position=position, now=now)
    return booking


def _look(
    *, session: CourseSession, person: Person, submission_id: uuid.UUID | None
) -> tuple[Booking | None, list[int]]:
    """This person's booking or this form's first result, and the free places. One statement for a new booking."""
    wanted = Q(session=session, status__in=HOLDS_A_PLACE) | Q(session=session, person=person, status__in=LIVE)
    if submission_id is not None:
        wanted |= Q(submission_id=submission_id)
    rows = list(
        Booking.objects.filter(wanted).values_list(
            "pk", "session_id", "person_id", "status", "place_number", "submission_id"
        )
    )
    taken = [row[4] for row in rows if row[1] == session.pk and row[3] in HOLDS_A_PLACE]
    free = free_places(capacity=session.capacity, taken=taken)
    sent_before = [row for row in rows if submission_id is not None and row[5] == submission_id]
    if any(row[1:3] != (session.pk, person.pk) for row in sent_before):
        raise FormAlreadyUsed
    mine = sent_before or [row for row in rows if row[2] == person.pk]
    existing = Booking.objects.select_related("person", "policy").get(pk=mine[0][0]) if mine else None
    return existing, free


def _answer_again(
    booking: Booking, *, free: list[int], session: CourseSession, by: User | None, now: dt.datetime
) -> Booking:
    """The booking that exists. Someone who waits and asks again gets a place that is free and open to all."""
    booking.session = session
    if booking.status == BookingStatus.WAITING and free:
        refuse_unless_open(session=session, now=now)
        give_place(booking=booking, number=free[0], by=by, now=now)
    return booking


def _new_booking(session: CourseSession, person: Person, employment: Employment, now: dt.datetime) -> Booking:
    return Booking(
        partnership=session.partnership,
        session=session,
        person=person,
        agency=employment.agency,
        policy=policy_for(session.partnership, london_day(now)),
        booked_at=now,
    )


def _take_place(booking: Booking, *, free: list[int]) -> int:
    """Set the lowest free place, or the waiting list. Returns the position on the list, 0 with a place."""
    if free:
        booking.status = BookingStatus.BOOKED
        booking.place_number = free[0] if is_guarded() else None
        return 0
    waiting = Booking.objects.filter(session=booking.session, status=BookingStatus.WAITING)
    queue = waiting.aggregate(length=Count("pk"), last=Max("booked_at"))
    booking.status = BookingStatus.WAITING
    booking.never_held_place = True
    # Requests may reach the lock in another order than their clocks say; the position told is the position kept.
    booking.booked_at = max(booking.booked_at, queue["last"] or booking.booked_at)
    return int(queue["length"]) + 1


def _record(booking: Booking, *, by: User | None, now: dt.datetime) -> None:
    audit.record(
        "booking.placed" if booking.status == BookingStatus.BOOKED else "booking.waiting",
        booking,
        partnership=booking.partnership,
        by=by,
        now=now,
        reference=booking.reference,
        after={"status": booking.status, "session": booking.session.ref, "place": booking.place_number},
    )


def _tell(booking: Booking, *, employment: Employment, position: int, now: dt.datetime) -> None:
    if position:
        emails.queue_waiting(booking, position=position, manager=employment, now=now)
    else:
        emails.queue_booked(booking, manager=employment, now=now)
