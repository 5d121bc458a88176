"""Fills a quarter with any number of bookings in seconds, for measuring reports and exports.

Rows go straight into the tables in bulk: no audit, no mail. The mix of outcomes is that of a real programme, drawn
from a seeded generator, so the same numbers always give the same database.
"""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from agencies.enums import ChargeTier, Sector
from agencies.models import Agency, AgencyMembership, Person
from bookings.enums import BookingStatus as S
from bookings.enums import ChargeKind
from bookings.models import Booking, Charge, ChargingPolicy
from core.models import Partnership
from core.periods import Quarter, at_clock
from courses.enums import LengthBand, Mode, SessionStatus
from courses.models import Course, CourseSession

BATCH = 5000
MIX = {
    S.ATTENDED: 74,
    S.CANCELLED: 11,
    S.DID_NOT_ATTEND: 5,
    S.LATE_CANCELLED: 3,
    S.WAITING: 2,
    S.WALK_IN: 2,
    S.PART: 1,
    S.SUBSTITUTED: 1,
    S.REFUSED_LATE: 1,
}
CHARGED = {S.DID_NOT_ATTEND, S.LATE_CANCELLED, S.REFUSED_LATE}


def fill_quarter(
    partnership: Partnership,
    quarter: Quarter,
    *,
    bookings: int,
    courses: int = 40,
    agencies: int = 60,
    people: int = 4000,
    per_session: int = 25,
    seed: int = 1,
) -> None:
    """``bookings`` bookings of ``courses`` courses by the staff of ``agencies`` agencies, with their charges."""
    draw = random.Random(seed)
    policy, _ = ChargingPolicy.objects.get_or_create(partnership=partnership, effective_from=dt.date(2020, 1, 1))
    employers = _agencies(partnership, agencies, draw)
    staff = _people(partnership, people)
    sessions = _sessions(partnership, quarter, courses, -(-bookings // per_session))
    _bookings(sessions, staff, employers, policy, bookings, per_session, draw)
    _charges(partnership, policy)


def _agencies(partnership: Partnership, count: int, draw: random.Random) -> list[Agency]:
    made = Agency.objects.bulk_create(
        Agency(partnership=partnership, code=f"AG{n:03}", name=f"Agency {n}", sector=draw.choice(Sector.values))
        for n in range(count)
    )
    AgencyMembership.objects.bulk_create(
        AgencyMembership(agency=agency, charge_tier=draw.choice(ChargeTier.values)) for agency in made
    )
    return made


def _people(partnership: Partnership, count: int) -> list[Person]:
    return Person.objects.bulk_create(
        (
            Person(partnership=partnership, first_name="Sam", last_name=f"Person {n}", email=f"person{n}@example.org")
            for n in range(count)
        ),
        batch_size=BATCH,
    )


def _sessions(partnership: Partnership, quarter: Quarter, courses: int, count: int) -> list[CourseSession]:
    catalogue = Course.objects.bulk_create(
        Course(
            partnership=partnership,
            code=f"CO{n:03}",
            title=f"Course {n}",
            length=LengthBand.FULL_DAY,
            hours=6,
            mode=Mode.IN_PERSON,
        )
        for n in range(courses)
    )
    days = (quarter.end - quarter.start).days + 1
    sessions = []
    for n in range(count):
        day = quarter.start + dt.timedelta(days=n % days)
        sessions.append(
            CourseSession(
                partnership=partnership,
                ref=f"CO-{n:05}",
                course=catalogue[n % courses],
                mode=Mode.IN_PERSON,
                capacity=25,
                status=SessionStatus.HELD if n % 20 else SessionStatus.CANCELLED,
                starts_at=at_clock(day, 9, 30),
                ends_at=at_clock(day, 16, 30),
                trainer_cost=Decimal(150),
            )
        )
    return CourseSession.objects.bulk_create(sessions, batch_size=BATCH)


def _bookings(
    sessions: list[CourseSession],
    staff: list[Person],
    employers: list[Agency],
    policy: ChargingPolicy,
    count: int,
    per_session: int,
    draw: random.Random,
) -> None:
    statuses = draw.choices(list(MIX), weights=list(MIX.values()), k=count)
    rows = []
    for n, status in enumerate(statuses):
        session = sessions[n // per_session]
        # Neighbouring people, so that nobody is booked twice on one session.
        number = (n // per_session * 7 + n % per_session) % len(staff)
        row = Booking(
            partnership_id=session.partnership_id,
            reference=f"{n:07X}",
            session=session,
            person=staff[number],
            agency=employers[number % len(employers)],
            policy=policy,
            status=status if session.status == SessionStatus.HELD else S.SESSION_CANCELLED,
            booked_at=session.starts_at - dt.timedelta(days=30),
        )
        rows.append(row)
    Booking.objects.bulk_create(rows, batch_size=BATCH)


def _charges(partnership: Partnership, policy: ChargingPolicy) -> None:
    charged = Booking.objects.filter(partnership=partnership, status__in=CHARGED, charge__isnull=True)
    Charge.objects.bulk_create(
        (
            Charge(
                partnership=partnership,
                booking=booking,
                agency_id=booking.agency_id,
                policy=policy,
                kind=ChargeKind.ABSENCE,
                amount=Decimal(80),
                raised_at=booking.booked_at,
            )
            for booking in charged.iterator(chunk_size=BATCH)
        ),
        batch_size=BATCH,
    )
