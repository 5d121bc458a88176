"""What is looked at before someone books."""

from typing import Any

import pytest

from agencies.models import Person
from bookings.domain.eligibility import MET, REFUSED, WARNING, Check, checks_before_booking, may_book
from bookings.enums import BookingStatus
from core.models import Partnership
from courses.enums import SessionStatus
from courses.models import Course, CourseSession
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EmploymentFactory,
    FrameworkFactory,
    GroupFactory,
    PartnershipFactory,
    PersonFactory,
    SessionFactory,
    at,
)

pytestmark = pytest.mark.django_db
NOW = at("2026-02-02 10:00")


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory()


@pytest.fixture
def person(partnership: Partnership) -> Person:
    return EmploymentFactory(person=PersonFactory(partnership=partnership)).person


def session_of(partnership: Partnership, day: str = "2026-03-12", **course: Any) -> CourseSession:
    made = CourseFactory(partnership=partnership, **course)
    return SessionFactory(partnership=partnership, course=made, starts_at=at(f"{day} 09:30"), capacity=2)


def look(session: CourseSession, person: Person) -> dict[str, Check]:
    return {check.title: check for check in checks_before_booking(session=session, person=person, now=NOW)}


def test_when_nothing_is_in_the_way_everything_shown_is_met(partnership: Partnership, person: Person) -> None:
    checks = checks_before_booking(session=session_of(partnership), person=person, now=NOW)
    assert [(check.state, check.title) for check in checks] == [
        (MET, "You book for your agency"),
        (MET, "There is a place"),
    ]
    assert checks[1].detail == "2 places left of 2."
    assert may_book(checks)


@pytest.mark.parametrize("change", [{"status": SessionStatus.CANCELLED}, {"starts_at": NOW}])
def test_a_date_that_is_over_or_cancelled_shows_only_that(
    partnership: Partnership, person: Person, change: dict[str, Any]
) -> None:
    session = session_of(partnership)
    for name, value in change.items():
        setattr(session, name, value)
    [check] = checks_before_booking(session=session, person=person, now=NOW)
    assert (check.state, check.title) == (REFUSED, "You cannot book this date")
    assert not may_book([check])


def test_someone_booked_or_waiting_is_led_to_their_booking(partnership: Partnership, person: Person) -> None:
    session = session_of(partnership)
    booking = BookingFactory(session=session, person=person)
    check = look(session, person)["You have a booking for this date"]
    assert (check.state, check.link) == (REFUSED, f"/my/bookings/{booking.reference}/")
    booking.status = BookingStatus.WAITING
    booking.save()
    assert look(session, person)["You are on the waiting list"].state == REFUSED


def test_someone_whose_agency_is_unknown_cannot_book(partnership: Partnership) -> None:
    checks = look(session_of(partnership), PersonFactory(partnership=partnership))
    assert checks["We do not know your agency"].state == REFUSED


def test_a_full_date_is_a_warning_because_one_can_wait(partnership: Partnership, person: Person) -> None:
    session = session_of(partnership)
    for _ in range(2):
        BookingFactory(session=session)
    assert look(session, person)["This date is full"].state == WARNING


class TestRole:
    @pytest.fixture
    def groups(self, partnership: Partnership) -> list:
        framework = FrameworkFactory(partnership=partnership)
        return [GroupFactory(framework=framework, code=code, name=f"Name {code}") for code in "34"]

    def test_a_group_shared_with_the_course_is_met(
        self, partnership: Partnership, person: Person, groups: list
    ) -> None:
        person.employments.get().groups.set(groups[:1])
        check = look(session_of(partnership, groups=groups), person)["This course is for your role"]
        assert (check.state, check.detail) == (MET, "You are in Group 3: Name 3.")

    def test_another_group_is_a_warning(self, partnership: Partnership, person: Person, groups: list) -> None:
        person.employments.get().groups.set(groups[:1])
        check = look(session_of(partnership, groups=groups[1:]), person)["This course is for other roles"]
        assert (check.state, check.detail) == (WARNING, "It is for Group 4. You are in Group 3.")

    def test_no_known_group_is_a_warning(self, partnership: Partnership, person: Person, groups: list) -> None:
        check = look(session_of(partnership, groups=groups), person)["We do not know your role group"]
        assert (check.state, check.detail) == (WARNING, "This course is for Group 3 and Group 4.")


@pytest.mark.rule("R45")
class TestPrerequisites:
    @pytest.fixture
    def basics(self, partnership: Partnership) -> Course:
        return CourseFactory(partnership=partnership, title="Basics", code="B1")

    def test_an_earlier_course_attended_in_full_is_met(
        self, partnership: Partnership, person: Person, basics: Course
    ) -> None:
        before = SessionFactory(partnership=partnership, course=basics, starts_at=at("2025-05-14 09:30"))
        BookingFactory(session=before, person=person, status=BookingStatus.ATTENDED)
        check = look(session_of(partnership, prerequisites=[basics]), person)["You have done Basics"]
        assert (check.state, check.detail) == (MET, "You attended it on 14 May 2025.")

    @pytest.mark.parametrize("status", [BookingStatus.BOOKED, BookingStatus.PART, BookingStatus.DID_NOT_ATTEND])
    def test_anything_less_is_a_warning_with_a_way_on(
        self, partnership: Partnership, person: Person, basics: Course, status: str
    ) -> None:
        before = SessionFactory(partnership=partnership, course=basics, starts_at=at("2025-05-14 09:30"))
        BookingFactory(session=before, person=person, status=status)
        checks = checks_before_booking(session=session_of(partnership, prerequisites=[basics]), person=person, now=NOW)
        check = next(one for one in checks if one.title == "Do Basics first")
        assert (check.state, check.link) == (WARNING, "/training/courses/B1/")
        assert may_book(checks)


@pytest.mark.parametrize(
    ("day", "months", "warned"),
    [("2023-03-13", 36, True), ("2023-03-12", 36, False), ("2020-01-10", 36, False), ("2025-06-01", None, False)],
)
def test_someone_still_valid_on_the_day_is_told_so(
    partnership: Partnership, person: Person, day: str, months: int | None, warned: bool
) -> None:
    session = session_of(partnership, refresh_months=months)
    before = SessionFactory(partnership=partnership, course=session.course, starts_at=at(f"{day} 09:30"))
    BookingFactory(session=before, person=person, status=BookingStatus.ATTENDED)
    assert ("You have done this course" in look(session, person)) is warned


class TestClash:
    @pytest.mark.parametrize(
        ("start", "end", "clashes"),
        [
            ("09:00", "09:30", False),
            ("09:00", "09:31", True),
            ("12:00", "13:00", True),
            ("16:29", "18:00", True),
            ("16:30", "18:00", False),
        ],
    )
    def test_another_booking_at_the_same_time_is_a_warning(
        self, partnership: Partnership, person: Person, start: str, end: str, clashes: bool
    ) -> None:
        other = SessionFactory(
            partnership=partnership, starts_at=at(f"2026-03-12 {start}"), ends_at=at(f"2026-03-12 {end}")
        )
        BookingFactory(session=other, person=person)
        check = look(session_of(partnership), person).get("You have another booking at that time")
        assert (check is not None) is clashes
        assert check is None or check.state == WARNING

    def test_days_between_the_parts_of_a_session_are_free(self, partnership: Partnership, person: Person) -> None:
        parts = [(at(f"2026-03-{day} 09:30"), at(f"2026-03-{day} 16:30")) for day in (11, 13)]
        other = SessionFactory(partnership=partnership, starts_at=parts[0][0], ends_at=parts[1][1], parts=parts)
        BookingFactory(session=other, person=person)
        assert "You have another booking at that time" not in look(session_of(partnership), person)

    def test_a_cancelled_booking_is_no_clash(self, partnership: Partnership, person: Person) -> None:
        other = SessionFactory(partnership=partnership, starts_at=at("2026-03-12 09:30"))
        BookingFactory(session=other, person=person, status=BookingStatus.CANCELLED)
        assert "You have another booking at that time" not in look(session_of(partnership), person)


@pytest.mark.parametrize("number", [1, 3])
def test_the_checks_cost_the_same_few_statements(
    partnership: Partnership, person: Person, number: int, django_assert_num_queries: Any
) -> None:
    framework = FrameworkFactory(partnership=partnership)
    groups = [GroupFactory(framework=framework) for _ in range(number)]
    earlier = [CourseFactory(partnership=partnership) for _ in range(number)]
    person.employments.get().groups.set(groups)
    session = session_of(partnership, groups=groups, prerequisites=earlier)
    for n in range(number):
        BookingFactory(session=session_of(partnership, day=f"2026-04-1{n}"), person=person)
    fresh = CourseSession.objects.select_related("course", "partnership").get(pk=session.pk)
    with django_assert_num_queries(8):
        checks_before_booking(session=fresh, person=person, now=NOW)
