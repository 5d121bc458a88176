"""Whether a date is ready, in a word."""

from __future__ import annotations

import pytest

from core.models import Partnership
from courses.enums import Mode
from reports.today.dates import readiness, upcoming
from tests.factories import (
    BookingFactory,
    CourseFactory,
    PartnershipFactory,
    SessionFactory,
    at,
    deliver,
    person_with_account,
)

pytestmark = pytest.mark.django_db
NOW = at("2026-03-02 08:30")


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory()


@pytest.mark.parametrize(
    ("mode", "venue", "trainers", "booked", "word"),
    [
        (Mode.IN_PERSON, True, 2, 4, "Ready"),
        (Mode.IN_PERSON, True, 2, 3, "Low numbers"),
        (Mode.IN_PERSON, False, 2, 4, "Needs venue"),
        (Mode.VIRTUAL, False, 2, 4, "Ready"),
        (Mode.IN_PERSON, False, 1, 0, "Needs trainer"),
    ],
)
def test_the_gravest_thing_a_date_lacks_is_its_word(
    partnership: Partnership, mode: str, venue: bool, trainers: int, booked: int, word: str
) -> None:
    course = CourseFactory(partnership=partnership, mode=mode)
    kept = {} if venue else {"venue": None}
    session = SessionFactory(
        partnership=partnership, course=course, capacity=10, starts_at=at("2026-03-05 09:30"), **kept
    )
    for _ in range(trainers):
        deliver(session, person_with_account(partnership))
    for _ in range(booked):
        BookingFactory(session=session)
    assert readiness(upcoming(partnership, now=NOW).get()).word == word


@pytest.mark.parametrize(
    ("starts", "status", "shown"),
    [
        ("2026-03-02 08:30", "scheduled", False),
        ("2026-03-02 08:31", "scheduled", True),
        ("2026-03-05 09:30", "cancelled", False),
    ],
)
def test_dates_to_come_are_those_not_begun_and_not_cancelled(
    partnership: Partnership, starts: str, status: str, shown: bool
) -> None:
    SessionFactory(partnership=partnership, starts_at=at(starts), status=status)
    assert upcoming(partnership, now=NOW).exists() is shown
