"""500 people for 25 places, one person fifty times, and people who come while others go.

Each with the guard and, to show that the test can see what it looks for, the first one without it.
"""

from __future__ import annotations

import functools
import uuid
from typing import Any

import pytest

from agencies.models import Person
from bookings.domain.cancellation import cancel_booking
from bookings.domain.placing import place_booking
from bookings.enums import HOLDS_A_PLACE, BookingStatus
from bookings.models import Booking
from core.models import AuditEvent, OutboxMessage, Partnership
from courses.models import CourseSession
from tests.factories import SessionFactory, at

from .conftest import at_once, errors_of

pytestmark = pytest.mark.races
NOW, PLACES = at("2026-02-02 10:00"), 25


def new_session(partnership: Partnership) -> CourseSession:
    return SessionFactory(partnership=partnership, capacity=PLACES, starts_at=at("2026-03-12 09:30"))


def book(session: CourseSession, person: Person) -> Booking:
    return place_booking(session=session, person=person, by=None, now=NOW, submission_id=uuid.uuid4())


def everyone_books(session: CourseSession, crowd: list[Person]) -> list[Any]:
    return at_once([functools.partial(book, session, person) for person in crowd])


def held(session: CourseSession) -> int:
    return Booking.objects.filter(session=session, status__in=HOLDS_A_PLACE).count()


@pytest.mark.rule("R43")
def test_500_at_once_fill_25_places_and_the_rest_wait_in_order(partnership: Partnership, crowd: list[Person]) -> None:
    session = new_session(partnership)
    assert errors_of(everyone_books(session, crowd)) == []
    booked = Booking.objects.filter(session=session, status=BookingStatus.BOOKED)
    assert sorted(booked.values_list("place_number", flat=True)) == list(range(1, PLACES + 1))
    waiting = list(Booking.objects.filter(session=session).waiting().values_list("pk", flat=True))
    positions = dict(OutboxMessage.objects.filter(kind="waiting").values_list("about_id", "facts__position"))
    assert [positions[pk] for pk in waiting] == list(range(1, len(crowd) - PLACES + 1))
    assert OutboxMessage.objects.filter(kind="booked", about_id__in=booked.values("pk")).count() == PLACES


def test_without_the_guard_the_same_crowd_overbooks(
    partnership: Partnership, crowd: list[Person], settings: Any
) -> None:
    settings.UNSAFE_TEST_SWITCHES = frozenset({"no_session_lock"})
    session = new_session(partnership)
    everyone_books(session, crowd)
    assert held(session) > PLACES


@pytest.mark.rule("R43")
def test_one_person_who_sends_the_form_50_times_has_one_booking(partnership: Partnership, crowd: list[Person]) -> None:
    for person in crowd[:10]:
        session = new_session(partnership)
        answers = at_once([functools.partial(book, session, person)] * 50)
        assert errors_of(answers) == []
        assert {(answer.pk, answer.status) for answer in answers} == {(answers[0].pk, BookingStatus.BOOKED)}
        assert OutboxMessage.objects.filter(kind="booked", about_id=answers[0].pk).count() == 1
        assert AuditEvent.objects.filter(action="booking.placed", object_id=answers[0].pk).count() == 1


@pytest.mark.rule("R44")
def test_who_comes_and_who_goes_never_leave_a_place_free_while_someone_waits(
    partnership: Partnership, crowd: list[Person]
) -> None:
    session = new_session(partnership)
    placed = [book(session, person) for person in crowd[:85]]  # 25 booked, 60 waiting
    goes = [functools.partial(cancel_booking, booking=one, by=None, now=NOW) for one in placed[:60]]
    comes = [functools.partial(book, session, person) for person in crowd[85:200]]
    mixed = [call for pair in zip(goes, comes, strict=False) for call in pair] + comes[len(goes) :]
    assert errors_of(at_once(mixed)) == []
    assert held(session) == PLACES
    order = list(Booking.objects.filter(session=session).exclude(status="cancelled").order_by("booked_at", "pk"))
    statuses = [booking.status for booking in order]
    assert statuses == ["booked"] * PLACES + ["waiting"] * (len(order) - PLACES)
