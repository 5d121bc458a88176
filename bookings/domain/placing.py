"""Taking a place: the only way a booking comes into being, so that no session is ever overbooked (R43, R44)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.db.models import Count, Max, Q

from accounts.models import User
from agencies.models import Person
from bookings import emails
from bookings.enums import HOLDS_A_PLACE, LIVE, BookingStatus
from bookings.models import Booking, BookingNeeds, ChargingPolicy
from core import audit
from core.errors import RuleBroken
from core.periods import london_day
from courses.models import CourseSession

from .eligibility import NoAgencyKnown, agency_and_manager, refuse_unless_open
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
    terms = _terms_today(session, person, now=now)
    with _form_used_once(), session_locked(session) as locked:
        existing, free = _look(session=locked, person=person, submission_id=submission_id)
        if existing is not None:
            return _answer_again(existing, free=free, session=locked, by=by, now=now)
        refuse_unless_open(session=locked, now=now)
        if terms.agency is None:
            raise NoAgencyKnown
        booking = _new_booking(locked, person, agency=terms.agency, policy=terms.policy, now=now)
        booking.submission_id = submission_id
        position = _take_place(booking, free=free)
        booking.save(force_insert=True)
        if needs and any(needs.values()):
            BookingNeeds.objects.create(booking=booking, **needs)
        _record(booking, by=by, now=now)
        _tell(booking, manager=terms.manager, position=position, now=now)
    return booking


@dataclass(frozen=True)
class _Terms:
    """What a booking made today keeps: the agency and the policy; and whom to copy."""

    agency: int | None
    manager: str
    policy: ChargingPolicy | None


def _terms_today(session: CourseSession, person: Person, *, now: dt.datetime) -> _Terms:
    """Read before the lock: the session's row guards neither jobs nor policies, and everyone waits for whoever holds
    it.
    """
    today = london_day(now)
    agency, manager = agency_and_manager(person=person, on=today)
    return _Terms(agency, manager, policy_for(session.partnership, today))


@contextmanager
def _form_used_once() -> Iterator[None]:
    """The table refuses a form's id that belongs to a booking of another date or person."""
    try:
        yield
    except IntegrityError as error:
        if "submission_id" in str(error):
            raise FormAlreadyUsed from error
        raise


def _look(
    *, session: CourseSession, person: Person, submission_id: uuid.UUID | None
) -> tuple[Booking | None, list[int]]:
    """This person's booking of the session, or this form's first result, and the free places. One statement."""
    relevant = Booking.objects.filter(Q(status__in=HOLDS_A_PLACE) | Q(person=person), session=session)
    rows = list(relevant.values_list("pk", "person_id", "status", "place_number", "submission_id"))
    taken = [number for _, _, status, number, _ in rows if status in HOLDS_A_PLACE]
    free = free_places(capacity=session.capacity, taken=taken)
    mine = [row for row in rows if row[1] == person.pk]
    same_form = [pk for pk, _, _, _, form in mine if submission_id is not None and form == submission_id]
    live = [pk for pk, _, status, _, _ in mine if status in LIVE]
    found = next(iter(same_form or live), None)
    existing = Booking.objects.select_related("person", "policy").get(pk=found) if found else None
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


def _new_booking(
    session: CourseSession, person: Person, *, agency: int, policy: ChargingPolicy | None, now: dt.datetime
) -> Booking:
    return Booking(
        partnership=session.partnership,
        session=session,
        person=person,
        agency_id=agency,
        policy=policy,
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


def _tell(booking: Booking, *, manager: str, position: int, now: dt.datetime) -> None:
    if position:
        emails.queue_waiting(booking, position=position, manager=manager, now=now)
    else:
        emails.queue_booked(booking, manager=manager, now=now)
