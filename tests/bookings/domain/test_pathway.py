"""What a role asks for and how it stands, day by day at the edges."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from agencies.models import Person
from bookings.domain.pathway import pathway_of, valid_until
from bookings.enums import BookingStatus
from bookings.models import Booking
from competencies.models import Group
from core.models import Partnership
from courses.models import Course
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EmploymentFactory,
    GroupFactory,
    PartnershipFactory,
    PersonFactory,
    SessionFactory,
    at,
)

TODAY = dt.date(2026, 3, 12)


@pytest.fixture
def group(db: None) -> Group:
    return GroupFactory(partnership=PartnershipFactory(), code="3", name="Work mainly with children")


@pytest.fixture
def partnership(group: Group) -> Partnership:
    return group.framework.partnership


@pytest.fixture
def person(partnership: Partnership, group: Group) -> Person:
    made = PersonFactory(partnership=partnership)
    EmploymentFactory(person=made, groups=[group])
    return made


def booking(person: Person, course: Course, day: str, status: str = BookingStatus.ATTENDED) -> Booking:
    session = SessionFactory(partnership=person.partnership, course=course, starts_at=at(f"{day} 09:30"))
    return BookingFactory(session=session, person=person, status=status)


@pytest.mark.rule("R20")
@pytest.mark.parametrize(
    ("attended_on", "state", "until"),
    [
        ("2023-03-11", "overdue", dt.date(2026, 3, 11)),
        ("2023-03-12", "due", dt.date(2026, 3, 12)),
        ("2023-06-10", "due", dt.date(2026, 6, 10)),
        ("2023-06-11", "valid", dt.date(2026, 6, 11)),
        ("2026-03-11", "valid", dt.date(2029, 3, 11)),
    ],
)
def test_training_counts_for_three_years_and_is_due_in_the_last_ninety_days(
    person: Person, group: Group, attended_on: str, state: str, until: dt.date
) -> None:
    course = CourseFactory(partnership=person.partnership, groups=[group], refresh_months=36)
    _, steps = pathway_of(person=person, bookings=[booking(person, course, attended_on)], today=TODAY)
    assert [(step.state, step.valid_until) for step in steps] == [(state, until)]


@pytest.mark.parametrize(
    ("made", "state"),
    [
        ([], "to_do"),
        ([("2026-04-01", BookingStatus.BOOKED)], "booked"),
        ([("2026-04-01", BookingStatus.WAITING)], "to_do"),
        ([("2026-02-01", BookingStatus.BOOKED)], "to_do"),
        ([("2026-02-01", BookingStatus.PART)], "to_do"),
        ([("2026-02-01", BookingStatus.DID_NOT_ATTEND)], "to_do"),
        ([("2023-03-01", BookingStatus.ATTENDED), ("2026-04-01", BookingStatus.BOOKED)], "booked"),
        ([("2023-03-01", BookingStatus.ATTENDED), ("2026-02-01", BookingStatus.WALK_IN)], "valid"),
    ],
)
def test_the_latest_full_attendance_counts_then_a_booking(
    person: Person, group: Group, made: list[tuple[str, str]], state: str
) -> None:
    course = CourseFactory(partnership=person.partnership, groups=[group], refresh_months=36)
    bookings = [booking(person, course, day, status) for day, status in made]
    _, steps = pathway_of(person=person, bookings=bookings, today=TODAY)
    assert [step.state for step in steps] == [state]


def test_training_without_refresh_is_valid_for_ever(person: Person, group: Group) -> None:
    course = CourseFactory(partnership=person.partnership, groups=[group], refresh_months=None)
    _, steps = pathway_of(person=person, bookings=[booking(person, course, "2001-01-01")], today=TODAY)
    assert [(step.state, step.valid_until) for step in steps] == [("valid", None)]


def test_only_published_courses_of_one_s_current_groups(person: Person, partnership: Partnership, group: Group) -> None:
    other = GroupFactory(partnership=partnership, code="6")
    CourseFactory(partnership=partnership, title="B mine", groups=[group, other])
    CourseFactory(partnership=partnership, title="A mine", groups=[group])
    CourseFactory(partnership=partnership, title="Others", groups=[other])
    CourseFactory(partnership=partnership, title="Retired", groups=[group], state="retired")
    EmploymentFactory(person=person, groups=[other], end_date=TODAY - dt.timedelta(days=1))
    groups, steps = pathway_of(person=person, bookings=[], today=TODAY)
    assert groups == ["Group 3: Work mainly with children"]
    assert [step.title for step in steps] == ["A mine", "B mine"]


def test_a_group_without_courses_is_still_named(person: Person) -> None:
    assert pathway_of(person=person, bookings=[], today=TODAY) == (["Group 3: Work mainly with children"], [])


@pytest.mark.parametrize("courses", [1, 3])
def test_one_statement_however_many_courses(
    person: Person, group: Group, django_assert_num_queries: Any, courses: int
) -> None:
    CourseFactory.create_batch(courses, partnership=person.partnership, groups=[group])
    with django_assert_num_queries(1):
        pathway_of(person=person, bookings=[], today=TODAY)


@pytest.mark.parametrize(
    ("done_on", "months", "until"),
    [
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2024, 2, 29), 48, dt.date(2028, 2, 29)),
        (dt.date(2025, 8, 31), 6, dt.date(2026, 2, 28)),
        (dt.date(2025, 8, 31), None, None),
    ],
)
def test_the_last_day_of_validity_is_the_same_day_of_a_later_month(
    done_on: dt.date, months: int | None, until: dt.date | None
) -> None:
    assert valid_until(done_on=done_on, refresh_months=months) == until
