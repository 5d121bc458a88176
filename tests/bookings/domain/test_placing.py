"""Taking a place, or one on the waiting list."""

import datetime as dt
import uuid
from typing import Any

import pytest

from agencies.models import Person
from bookings.domain.eligibility import NoAgencyKnown, NotOpenForBooking
from bookings.domain.places import free_places
from bookings.domain.placing import FormAlreadyUsed, place_booking
from bookings.enums import BookingStatus
from bookings.models import Booking, BookingNeeds
from core.models import AuditEvent, OutboxMessage, Partnership
from courses.enums import CourseState, SessionStatus
from courses.models import CourseSession
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    CourseFactory,
    EmploymentFactory,
    PartnershipFactory,
    PersonFactory,
    PolicyFactory,
    SessionFactory,
    at,
)

pytestmark = pytest.mark.django_db
NOW = at("2026-02-02 10:00")


@pytest.fixture
def partnership() -> Partnership:
    made = PartnershipFactory()
    PolicyFactory(partnership=made)
    return made


@pytest.fixture
def session(partnership: Partnership) -> CourseSession:
    return SessionFactory(partnership=partnership, capacity=2, starts_at=at("2026-03-12 09:30"))


def someone(partnership: Partnership) -> Person:
    return EmploymentFactory(person=PersonFactory(partnership=partnership)).person


def place(session: CourseSession, person: Person, **details: Any) -> Booking:
    return place_booking(session=session, person=person, by=None, **{"now": NOW, **details})


@pytest.mark.parametrize(
    ("capacity", "taken", "free"),
    [
        (3, [], [1, 2, 3]),
        (3, [1, 3], [2]),
        (3, [1, 2, 3], []),
        (3, [None], [1, 2]),
        (2, [None, None], []),
        (3, [2, None], [1]),
        (1, [1, 2, 3], []),
        (0, [], []),
    ],
)
def test_free_places_are_the_lowest_numbers_and_never_more_than_are_left(
    capacity: int, taken: list[int | None], free: list[int]
) -> None:
    assert free_places(capacity=capacity, taken=taken) == free


@pytest.mark.rule("R43")
def test_the_first_gets_the_lowest_free_place(session: CourseSession) -> None:
    booking = place(session, someone(session.partnership))
    assert (booking.status, booking.place_number, booking.never_held_place) == (BookingStatus.BOOKED, 1, False)
    assert booking.booked_at == NOW


@pytest.mark.rule("R44")
def test_a_full_session_puts_people_on_the_waiting_list_in_order(session: CourseSession) -> None:
    statuses = [place(session, someone(session.partnership)).status for _ in range(4)]
    assert statuses == ["booked", "booked", "waiting", "waiting"]
    assert [booking.place_number for booking in Booking.objects.filter(session=session)] == [1, 2, None, None]
    positions = OutboxMessage.objects.filter(kind="waiting").order_by("pk").values_list("facts__position", flat=True)
    assert list(positions) == [1, 2]


def test_a_freed_number_in_the_middle_is_given_again(session: CourseSession) -> None:
    first, _ = place(session, someone(session.partnership)), place(session, someone(session.partnership))
    Booking.objects.filter(pk=first.pk).update(status=BookingStatus.CANCELLED, place_number=None)
    assert place(session, someone(session.partnership)).place_number == 1


def test_whoever_waits_never_stands_before_those_who_waited_already(session: CourseSession) -> None:
    """Requests reach the lock in another order than their clocks say."""
    session.capacity = 0
    session.save()
    first = place(session, someone(session.partnership), now=at("2026-02-02 10:01"))
    second = place(session, someone(session.partnership), now=at("2026-02-02 10:00"))
    assert list(Booking.objects.filter(session=session).waiting()) == [first, second]


@pytest.mark.rule("R57")
@pytest.mark.parametrize(("now", "notice"), [("2026-01-31 23:59", 5), ("2026-02-01 00:00", 7)])
def test_the_booking_keeps_the_policy_in_force_on_its_day(session: CourseSession, now: str, notice: int) -> None:
    PolicyFactory(partnership=session.partnership, effective_from=dt.date(2026, 2, 1), notice_days=7)
    booking = place(session, someone(session.partnership), now=at(now))
    assert booking.policy is not None
    assert booking.policy.notice_days == notice


def test_the_booking_keeps_the_agency_of_the_day(session: CourseSession) -> None:
    person = someone(session.partnership)
    old = person.employments.get()
    old.start_date, old.end_date = dt.date(2020, 1, 1), dt.date(2026, 1, 31)
    old.save()
    new = EmploymentFactory(person=person, start_date=dt.date(2026, 2, 1))
    assert place(session, person, now=at("2026-01-31 12:00")).agency == old.agency
    other = SessionFactory(partnership=session.partnership, starts_at=at("2026-03-19 09:30"))
    assert place(other, person, now=at("2026-02-01 12:00")).agency == new.agency


def test_of_two_jobs_the_one_begun_last_counts(session: CourseSession) -> None:
    person = PersonFactory(partnership=session.partnership)
    for start in (None, dt.date(2024, 5, 1), dt.date(2021, 5, 1)):
        EmploymentFactory(person=person, start_date=start, agency=AgencyFactory(partnership=session.partnership))
    assert place(session, person).agency == person.employments.get(start_date=dt.date(2024, 5, 1)).agency


@pytest.mark.parametrize(
    ("changes", "now"),
    [
        ({"status": SessionStatus.CANCELLED}, NOW),
        ({"status": SessionStatus.HELD}, NOW),
        ({}, at("2026-03-12 09:30")),
        ({}, at("2026-03-13 09:30")),
    ],
)
def test_a_date_that_is_over_or_cancelled_is_refused(session: CourseSession, changes: dict, now: dt.datetime) -> None:
    CourseSession.objects.filter(pk=session.pk).update(**changes)
    with pytest.raises(NotOpenForBooking, match="Choose another date"):
        place(session, someone(session.partnership), now=now)
    assert not Booking.objects.exists()


def test_a_place_may_be_taken_until_the_session_starts(session: CourseSession) -> None:
    assert place(session, someone(session.partnership), now=at("2026-03-12 09:29")).status == BookingStatus.BOOKED


def test_a_course_that_is_not_published_is_refused(partnership: Partnership) -> None:
    draft = CourseFactory(partnership=partnership, state=CourseState.DRAFT)
    with pytest.raises(NotOpenForBooking):
        place(SessionFactory(partnership=partnership, course=draft), someone(partnership))


def test_someone_whose_agency_is_unknown_is_refused(session: CourseSession) -> None:
    with pytest.raises(NoAgencyKnown):
        place(session, PersonFactory(partnership=session.partnership))


def test_booking_twice_gives_the_booking_that_exists(session: CourseSession) -> None:
    person = someone(session.partnership)
    first = place(session, person, submission_id=uuid.uuid4())
    assert place(session, person, submission_id=uuid.uuid4()) == first
    assert OutboxMessage.objects.count() == AuditEvent.objects.count() == 1


def test_a_form_sent_again_shows_its_first_result_whatever_happened_since(session: CourseSession) -> None:
    person, form = someone(session.partnership), uuid.uuid4()
    first = place(session, person, submission_id=form)
    Booking.objects.filter(pk=first.pk).update(status=BookingStatus.CANCELLED, place_number=None)
    again = place(session, person, submission_id=form)
    assert (again, again.status) == (first, BookingStatus.CANCELLED)


def test_a_form_serves_one_booking_only(session: CourseSession) -> None:
    form, other = uuid.uuid4(), SessionFactory(partnership=session.partnership, starts_at=at("2026-03-19 09:30"))
    person = someone(session.partnership)
    place(session, person, submission_id=form)
    with pytest.raises(FormAlreadyUsed):
        place(other, person, submission_id=form)
    with pytest.raises(FormAlreadyUsed):
        place(session, someone(session.partnership), submission_id=form)


def test_after_cancelling_one_may_book_again(session: CourseSession) -> None:
    person = someone(session.partnership)
    first = place(session, person)
    Booking.objects.filter(pk=first.pk).update(status=BookingStatus.CANCELLED, place_number=None)
    assert place(session, person) != first


def test_someone_waiting_who_asks_again_gets_a_place_that_is_open_to_all(session: CourseSession) -> None:
    """Within the last working day nobody is booked unasked."""
    others = [place(session, someone(session.partnership)) for _ in range(2)]
    waiting = place(session, person := someone(session.partnership))
    Booking.objects.filter(pk=others[1].pk).update(status=BookingStatus.CANCELLED, place_number=None)
    again = place(session, person, now=at("2026-03-11 16:00"))
    assert (again, again.status, again.place_number) == (waiting, BookingStatus.BOOKED, 2)
    assert not again.never_held_place


@pytest.mark.rule("R51")
def test_needs_are_kept_with_the_booking_and_only_when_there_are_any(session: CourseSession) -> None:
    told = place(session, someone(session.partnership), needs={"access": ["large_print"], "other": "", "diet": "Halal"})
    none = place(session, someone(session.partnership), needs={"access": [], "other": "", "diet": ""})
    assert (told.needs.access, told.needs.diet) == (["large_print"], "Halal")
    assert not BookingNeeds.objects.filter(booking=none).exists()


def test_the_trail_says_who_booked_what(session: CourseSession) -> None:
    booking = place(session, someone(session.partnership))
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id, event.reference) == ("booking.placed", booking.pk, booking.reference)
    assert event.after == {"status": "booked", "session": session.ref, "place": 1}
    assert (event.partnership, event.actor_id, event.at) == (session.partnership, 0, NOW)


def test_nothing_is_left_behind_when_the_mail_cannot_be_queued(
    session: CourseSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("bookings.emails.queue_many", fail)
    with pytest.raises(RuntimeError):
        place(session, someone(session.partnership))
    assert not Booking.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("others", [1, 3])
def test_booking_costs_the_same_few_statements_however_many_are_booked(
    session: CourseSession, others: int, django_assert_num_queries: Any
) -> None:
    CourseSession.objects.filter(pk=session.pk).update(capacity=10)
    for _ in range(others):
        BookingFactory(session=session)
    person = someone(session.partnership)
    # savepoint and its release, session, bookings, employment, policy, booking, needs, audit, outbox
    with django_assert_num_queries(10):
        place(session, person, needs={"access": ["large_print"]}, submission_id=uuid.uuid4())


def test_waiting_costs_one_statement_more(session: CourseSession, django_assert_num_queries: Any) -> None:
    for _ in range(2):
        BookingFactory(session=session)
    person = someone(session.partnership)
    with django_assert_num_queries(10):  # no needs, but the length of the list
        place(session, person)


def test_bookings_brought_in_without_a_number_take_places_too(session: CourseSession) -> None:
    for _ in range(2):
        BookingFactory(session=session, place_number=None)
    assert place(session, someone(session.partnership)).status == BookingStatus.WAITING
