"""What the tests of the rules of bookings share. A file with another session or trainer in mind defines its own."""

import pytest

from accounts.models import User
from courses.models import CourseSession
from tests.factories import PolicyFactory, SessionFactory, UserFactory, at


@pytest.fixture
def session() -> CourseSession:
    made = SessionFactory(starts_at=at("2026-03-12 09:30"), capacity=10)
    PolicyFactory(partnership=made.partnership, late_grace_minutes={"full_day": 15})
    return made


@pytest.fixture
def trainer() -> User:
    return UserFactory()
