"""What the fault tests share: a programme whose surveys fall due on one day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from agencies.models import Agency, Person
from bookings.enums import BookingStatus
from bookings.models import Booking, ChargingPolicy
from core.models import OutboxMessage, Partnership
from core.periods import at_clock
from courses.enums import SessionStatus
from courses.models import CourseSession
from tests.factories import AgencyFactory, CourseFactory, PartnershipFactory, PolicyFactory, SessionFactory, host_for

TRAINED_ON = dt.date(2025, 12, 2)
DUE = "2026-03-02 09:00"


@pytest.fixture
def partnership(transactional_db: None) -> Partnership:
    made: Partnership = PartnershipFactory()
    host_for(made, "training.example.org")
    return made


def attended(partnership: Partnership, count: int) -> None:
    """``count`` people who attended a course on 2 December 2025, so that their surveys are due on 2 March 2026."""
    agency: Agency = AgencyFactory(partnership=partnership)
    policy: ChargingPolicy = PolicyFactory(partnership=partnership)
    course = CourseFactory(partnership=partnership)
    sessions: list[CourseSession] = [
        SessionFactory(
            partnership=partnership,
            course=course,
            capacity=100,
            status=SessionStatus.HELD,
            starts_at=at_clock(TRAINED_ON, 9),
            ends_at=at_clock(TRAINED_ON, 16),
        )
        for _ in range(-(-count // 100))
    ]
    people = Person.objects.bulk_create(
        Person(partnership=partnership, first_name="Amira", last_name=f"No {n}", email=f"learner{n}@oakfield.example")
        for n in range(count)
    )
    Booking.objects.bulk_create(
        Booking(
            partnership=partnership,
            reference=f"F{n:06}",
            session=sessions[n // 100],
            person=person,
            agency=agency,
            policy=policy,
            status=BookingStatus.ATTENDED,
            booked_at=at_clock(dt.date(2025, 11, 3), 9),
        )
        for n, person in enumerate(people)
    )


def let_claims_go_stale() -> int:
    """Eleven minutes pass for what the killed processes had claimed. Returns how many messages that is."""
    claimed = OutboxMessage.objects.filter(state=OutboxMessage.State.SENDING)
    return claimed.update(claimed_at=timezone.now() - dt.timedelta(minutes=11))
