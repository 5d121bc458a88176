"""What is due about bookings: registers asked for, free places given, needs wiped."""

import pytest

from bookings.enums import BookingStatus
from bookings.kept import wipe_needs
from bookings.models import Booking, BookingNeeds
from bookings.sweeps import fill_free_places, remind_of_registers
from core.mail import render_mail
from core.models import OutboxMessage
from courses.enums import SessionStatus
from courses.models import CourseSession
from tests.factories import (
    BookingFactory,
    EmploymentFactory,
    NeedsFactory,
    PersonFactory,
    SessionFactory,
    at,
    deliver,
)
from trainers.enums import DeliveryRole

pytestmark = pytest.mark.django_db


class TestRegisters:
    @pytest.fixture
    def session(self) -> CourseSession:
        """Thursday before Easter: two working days later is Wednesday 8 April."""
        made = SessionFactory(starts_at=at("2026-04-02 09:30"))
        for role in (DeliveryRole.LEAD, DeliveryRole.CO, DeliveryRole.OBSERVER):
            deliver(made, PersonFactory(partnership=made.partnership, first_name=role.label), role)
        return made

    @pytest.mark.parametrize(
        ("now", "mails"), [("2026-04-07 23:59", 0), ("2026-04-08 00:00", 2), ("2026-05-01 09:00", 2)]
    )
    def test_those_who_deliver_are_asked_two_working_days_later(
        self, session: CourseSession, now: str, mails: int
    ) -> None:
        assert remind_of_registers(at(now)) == mails
        assert OutboxMessage.objects.filter(kind="register_due").count() == mails

    def test_they_are_asked_once(self, session: CourseSession) -> None:
        assert remind_of_registers(at("2026-04-08 09:00")) == 2
        assert remind_of_registers(at("2026-04-09 09:00")) == 0

    def test_the_mail_leads_to_the_register(self, session: CourseSession) -> None:
        remind_of_registers(at("2026-04-08 07:00"))
        message = OutboxMessage.objects.filter(kind="register_due").first()
        assert message is not None
        assert message.due_at == at("2026-04-08 08:00")
        assert f"/deliver/{session.ref}/register/" in render_mail(message).text

    @pytest.mark.parametrize("status", [SessionStatus.HELD, SessionStatus.CANCELLED])
    def test_a_finished_register_and_a_cancelled_session_ask_nobody(self, session: CourseSession, status: str) -> None:
        CourseSession.objects.update(status=status)
        assert remind_of_registers(at("2026-04-08 09:00")) == 0

    def test_after_two_months_nobody_is_asked_any_more(self, session: CourseSession) -> None:
        assert remind_of_registers(at("2026-06-10 09:00")) == 0


@pytest.mark.rule("R44")
class TestFreePlaces:
    def waiting(self, session: CourseSession) -> Booking:
        job = EmploymentFactory(person__partnership=session.partnership)
        return BookingFactory(
            session=session, person=job.person, agency=job.agency, status=BookingStatus.WAITING, never_held_place=True
        )

    def test_a_raised_capacity_goes_down_the_waiting_list(self) -> None:
        session = SessionFactory(starts_at=at("2026-03-12 09:30"), capacity=2)
        BookingFactory(session=session)
        people = [self.waiting(session) for _ in range(2)]
        assert fill_free_places(at("2026-02-02 10:00")) == 1
        assert fill_free_places(at("2026-02-02 10:01")) == 0
        assert [Booking.objects.get(pk=one.pk).status for one in people] == ["booked", "waiting"]

    @pytest.mark.parametrize(
        ("now", "change"),
        [("2026-03-11 09:00", {}), ("2026-03-12 09:30", {}), ("2026-02-02 10:00", {"status": SessionStatus.CANCELLED})],
    )
    def test_nobody_is_booked_unasked_at_the_last_moment_or_for_a_cancelled_date(self, now: str, change: dict) -> None:
        session = SessionFactory(starts_at=at("2026-03-12 09:30"), capacity=2)
        self.waiting(session)
        CourseSession.objects.update(**change or {"capacity": 2})
        assert fill_free_places(at(now)) == 0


@pytest.mark.rule("R51")
@pytest.mark.parametrize(("now", "left"), [("2026-04-11 23:59", 1), ("2026-04-12 00:00", 0)])
def test_what_people_need_is_wiped_30_days_after_the_last_day(now: str, left: int) -> None:
    session = SessionFactory(starts_at=at("2026-03-12 09:30"))
    NeedsFactory(booking=BookingFactory(session=session))
    later = SessionFactory(partnership=session.partnership, starts_at=at("2026-05-12 09:30"))
    NeedsFactory(booking=BookingFactory(session=later))
    wipe_needs(at(now))
    assert BookingNeeds.objects.filter(booking__session=session).count() == left
    assert BookingNeeds.objects.filter(booking__session=later).exists()
    assert wipe_needs(at(now)) == 0
