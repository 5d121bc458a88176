"""Giving up a booking, and sessions cancelled by us."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.domain.cancellation import CannotCancel, cancel_booking, cancels_late
from bookings.domain.placing import place_booking
from bookings.enums import BookingStatus, ChargeState
from bookings.models import Booking, Charge
from core.models import AuditEvent, OutboxMessage, Partnership
from courses.domain.cancelling import CannotCancelSession, cancel_session
from courses.enums import SessionStatus
from courses.models import CourseSession
from tests.factories import (
    BookingFactory,
    EmploymentFactory,
    PartnershipFactory,
    PersonFactory,
    PolicyFactory,
    SessionFactory,
    at,
)

pytestmark = pytest.mark.django_db
S = BookingStatus


@pytest.fixture
def partnership() -> Partnership:
    made = PartnershipFactory()
    PolicyFactory(partnership=made)
    return made


@pytest.fixture
def session(partnership: Partnership) -> CourseSession:
    """Thursday 12 March 2026; the last free day is Thursday 5 March."""
    return SessionFactory(partnership=partnership, capacity=2, starts_at=at("2026-03-12 09:30"))


def booked(session: CourseSession, now: str = "2026-02-02 10:00") -> Booking:
    person = EmploymentFactory(person=PersonFactory(partnership=session.partnership)).person
    return place_booking(session=session, person=person, by=None, now=at(now))


def cancel(booking: Booking, now: str) -> Booking:
    return cancel_booking(booking=booking, by=None, now=at(now))


@pytest.mark.rule("R53")
@pytest.mark.parametrize(
    ("now", "status", "charged"),
    [
        ("2026-02-20 10:00", S.CANCELLED, []),
        ("2026-03-05 23:59", S.CANCELLED, []),
        ("2026-03-06 00:00", S.LATE_CANCELLED, [Decimal("50")]),
        ("2026-03-10 10:00", S.LATE_CANCELLED, [Decimal("50")]),
        ("2026-03-12 09:29", S.LATE_CANCELLED, [Decimal("50")]),
    ],
)
def test_cancelling_is_in_time_or_late_and_only_late_proposes_a_charge(
    session: CourseSession, now: str, status: str, charged: list[Decimal]
) -> None:
    booking = cancel(booked(session), now)
    assert (booking.status, booking.cancelled_at, booking.place_number) == (status, at(now), None)
    assert list(Charge.objects.values_list("amount", flat=True)) == charged


def test_a_late_cancellation_says_why_it_costs_what_it_costs(session: CourseSession) -> None:
    cancel(booked(session), "2026-03-10 10:00")
    charge = Charge.objects.get()
    assert charge.explanation == "Cancelled 2 working days before; 5 needed. Full day £50."
    assert (charge.state, charge.kind) == (ChargeState.PROPOSED, "absence")


@pytest.mark.rule("R57")
def test_the_policy_the_booking_keeps_decides_and_not_a_later_one(session: CourseSession) -> None:
    booking = booked(session, "2026-01-20 10:00")
    PolicyFactory(partnership=session.partnership, effective_from=dt.date(2026, 2, 1), notice_days=10)
    assert cancel(booking, "2026-03-05 12:00").status == S.CANCELLED


def test_cancelling_again_changes_nothing(session: CourseSession) -> None:
    booking = cancel(booked(session), "2026-02-20 10:00")
    before = AuditEvent.objects.count()
    again = cancel(booking, "2026-03-10 10:00")
    assert (again.status, again.cancelled_at) == (S.CANCELLED, at("2026-02-20 10:00"))
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("now", ["2026-03-12 09:30", "2026-03-12 12:00", "2026-03-20 12:00"])
def test_once_the_session_has_begun_the_register_decides(session: CourseSession, now: str) -> None:
    with pytest.raises(CannotCancel, match="has begun"):
        cancel(booked(session), now)


@pytest.mark.parametrize("status", [S.ATTENDED, S.DID_NOT_ATTEND, S.PART, S.REFUSED_LATE, S.WALK_IN])
def test_what_the_register_recorded_cannot_be_cancelled(session: CourseSession, status: str) -> None:
    with pytest.raises(CannotCancel, match="register"):
        cancel(BookingFactory(session=session, status=status), "2026-03-10 10:00")


class TestWaitingList:
    @pytest.mark.rule("R44")
    def test_the_place_goes_to_whoever_waits_longest(self, session: CourseSession) -> None:
        first, _, third, fourth = [booked(session, f"2026-02-02 10:0{n}") for n in range(4)]
        cancel(first, "2026-02-20 10:00")
        third.refresh_from_db()
        fourth.refresh_from_db()
        assert (third.status, third.place_number, third.promoted_at) == (S.BOOKED, 1, at("2026-02-20 10:00"))
        assert (third.never_held_place, fourth.status) == (False, S.WAITING)
        assert OutboxMessage.objects.get(kind="place_free").recipient == third.person.email

    def test_someone_who_left_the_agency_they_applied_from_is_passed_over(self, session: CourseSession) -> None:
        first, _, third, fourth = [booked(session, f"2026-02-02 10:0{n}") for n in range(4)]
        third.person.employments.update(end_date=dt.date(2026, 2, 10))
        cancel(first, "2026-02-20 10:00")
        third.refresh_from_db()
        fourth.refresh_from_db()
        assert (third.status, fourth.status) == (S.WAITING, S.BOOKED)

    def test_leaving_the_list_is_never_late_and_frees_nothing(self, session: CourseSession) -> None:
        _, _, third, fourth = [booked(session, f"2026-02-02 10:0{n}") for n in range(4)]
        assert cancel(third, "2026-03-11 10:00").status == S.CANCELLED
        fourth.refresh_from_db()
        assert fourth.status == S.WAITING
        assert not Charge.objects.exists()

    def test_whoever_only_waited_never_counts_as_booked(self, session: CourseSession) -> None:
        first, second, third = [booked(session, f"2026-02-02 10:0{n}") for n in range(3)]
        cancel(third, "2026-02-20 10:00")
        assert set(Booking.objects.filter(session=session).ever_booked()) == {first, second}

    @pytest.mark.parametrize(
        ("now", "status"),
        [("2026-03-10 23:59", S.BOOKED), ("2026-03-11 00:00", S.WAITING), ("2026-03-12 08:00", S.WAITING)],
    )
    def test_from_the_last_working_day_on_nobody_is_booked_unasked(
        self, session: CourseSession, now: str, status: str
    ) -> None:
        first, _, third = [booked(session, f"2026-02-02 10:0{n}") for n in range(3)]
        cancel(first, now)
        third.refresh_from_db()
        assert third.status == status

    def test_a_place_that_came_after_the_last_free_day_can_be_handed_back_free(self, session: CourseSession) -> None:
        first, _, third = [booked(session, f"2026-02-02 10:0{n}") for n in range(3)]
        cancel(first, "2026-03-09 10:00")
        assert cancel(third, "2026-03-12 08:00").status == S.CANCELLED

    def test_a_place_that_came_in_time_is_cancelled_late_like_any_other(self, session: CourseSession) -> None:
        first, _, third = [booked(session, f"2026-02-02 10:0{n}") for n in range(3)]
        cancel(first, "2026-03-05 10:00")
        assert cancel(third, "2026-03-06 08:00").status == S.LATE_CANCELLED

    def test_many_places_freed_at_once_go_down_the_list(self, session: CourseSession) -> None:
        made = [booked(session, f"2026-02-02 10:0{n}") for n in range(5)]
        CourseSession.objects.filter(pk=session.pk).update(capacity=4)
        cancel(made[0], "2026-02-20 10:00")
        statuses = [Booking.objects.get(pk=one.pk).status for one in made]
        assert statuses == [S.CANCELLED, S.BOOKED, S.BOOKED, S.BOOKED, S.BOOKED]


class TestCancelledByUs:
    @pytest.mark.rule("R53")
    def test_everyone_is_told_and_nobody_pays(self, session: CourseSession) -> None:
        """Worked example 9, at two days' notice, with someone who had cancelled late."""
        late = cancel(booked(session), "2026-03-09 10:00")
        made = [booked(session) for _ in range(3)]
        cancel_session(session=session, reason="The trainer is ill", by=None, now=at("2026-03-10 10:00"))
        assert {Booking.objects.get(pk=one.pk).status for one in made} == {S.SESSION_CANCELLED}
        assert Booking.objects.get(pk=late.pk).status == S.LATE_CANCELLED
        assert not Charge.objects.exists()
        mails = OutboxMessage.objects.filter(kind="cancelled_by_us")
        assert sorted(mail.facts["had_place"] for mail in mails) == [False, True, True]
        assert {mail.facts["reason"] for mail in mails} == {"The trainer is ill"}

    def test_a_charge_confirmed_already_is_waived(self, session: CourseSession) -> None:
        cancel(booked(session), "2026-03-09 10:00")
        Charge.objects.update(state=ChargeState.CONFIRMED)
        cancel_session(session=session, reason="Snow", by=None, now=at("2026-03-10 10:00"))
        assert list(Charge.objects.values_list("state", "decision_reason")) == [
            (ChargeState.WAIVED, "The partnership cancelled the session.")
        ]

    def test_it_happens_once(self, session: CourseSession) -> None:
        booked(session)
        for _ in range(2):
            cancel_session(session=session, reason="Snow", by=None, now=at("2026-03-10 10:00"))
        assert AuditEvent.objects.filter(action="session.cancelled").count() == 1
        assert OutboxMessage.objects.filter(kind="cancelled_by_us").count() == 1

    def test_a_session_that_was_held_stays_held(self, session: CourseSession) -> None:
        CourseSession.objects.update(status=SessionStatus.HELD)
        with pytest.raises(CannotCancelSession):
            cancel_session(session=session, reason="", by=None, now=at("2026-03-13 10:00"))


@pytest.mark.rule("R53")
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 60 * 24 * 30), st.integers(0, 60 * 24 * 30))
def test_cancelling_later_is_never_cheaper(partnership: Partnership, minutes: int, more: int) -> None:
    session = CourseSession(partnership=partnership, starts_at=at("2026-05-05 09:30"))
    policy = partnership_policy(partnership)
    booking = Booking(session=session, policy=policy, status=S.BOOKED)
    later = session.starts_at - dt.timedelta(minutes=minutes)
    assert cancels_late(booking, now=later) or not cancels_late(booking, now=later - dt.timedelta(minutes=more))


def partnership_policy(partnership: Partnership) -> Any:
    from bookings.domain.policies import policy_for

    return policy_for(partnership, dt.date(2026, 1, 1))
