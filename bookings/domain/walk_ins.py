"""People who come without a booking: put on the register on the day, taking nobody's place (R63)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from agencies.models import Agency, Employment, Person
from bookings.enums import BookingStatus
from bookings.models import Booking, Mark
from core import audit
from core.periods import london_day
from courses.models import CourseSession

from .eligibility import current_employment
from .locking import session_locked
from .marking import ON_THE_REGISTER, Marking, refuse_unless_open, write_mark
from .policies import policy_for


def add_walk_in(*, session: CourseSession, person: Person, by: User | None, now: dt.datetime) -> Booking:
    """Put someone on the register who came without a booking; whoever has one is marked as here instead (R63).

    Walk-ins hold none of the places. Adding again changes nothing. Raises ``RegisterNotOpen``, ``RegisterClosed``,
    ``NoAgencyKnown``.
    """
    with session_locked(session) as locked:
        refuse_unless_open(session=locked, now=now)
        waiting = [BookingStatus.WAITING, BookingStatus.REQUESTED, BookingStatus.OFFERED]
        live = Booking.objects.filter(session=locked, person=person, status__in=[*ON_THE_REGISTER, *waiting]).first()
        booking = live or _walk_in_of(locked, person, now=now)
        booking.session = locked
        if booking.status not in ON_THE_REGISTER or live is None:
            _save_walk_in(booking, by=by, now=now)
        write_mark(booking, Marking(Mark.HERE), by=by, now=now)
    return booking


def _walk_in_of(session: CourseSession, person: Person, *, now: dt.datetime) -> Booking:
    today = london_day(now)
    return Booking(
        partnership=session.partnership,
        session=session,
        person=person,
        agency=current_employment(person=person, on=today).agency,
        policy=policy_for(session.partnership, today),
        booked_at=now,
    )


def _save_walk_in(booking: Booking, *, by: User | None, now: dt.datetime) -> None:
    before = {"status": booking.status} if booking.pk else {}
    booking.status, booking.place_number, booking.never_held_place = BookingStatus.WALK_IN, None, True
    booking.save()
    audit.record(
        "booking.walked_in",
        booking,
        partnership=booking.session.partnership,
        by=by,
        now=now,
        reference=booking.reference,
        before=before,
        after={"status": booking.status},
    )


def add_new_walk_in(
    *,
    session: CourseSession,
    agency: Agency,
    first_name: str,
    last_name: str,
    email: str,
    by: User | None,
    now: dt.datetime,
) -> Booking:
    """As ``add_walk_in`` for someone typed in by name, agency and e-mail; a known address is the person it belongs to
    (R63).
    """
    address = email.strip().lower()
    with transaction.atomic():
        people = Person.objects.filter(partnership=session.partnership)
        person = people.filter(email=address).first() if address else None
        if person is None:
            person = people.create(
                partnership=session.partnership,
                first_name=first_name.strip(),
                last_name=last_name.strip(),
                email=address,
            )
        if not Employment.objects.current(on=london_day(now)).filter(person=person).exists():
            Employment.objects.create(person=person, agency=agency, start_date=london_day(now))
        return add_walk_in(session=session, person=person, by=by, now=now)
