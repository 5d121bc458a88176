"""The mails of bookings: what each says, to whom, with which calendar file."""

from typing import Any

import icalendar
import pytest

from bookings.domain.attendance import finish_register
from bookings.domain.cancellation import cancel_booking
from bookings.domain.certificates import release_certificate
from bookings.domain.placing import place_booking
from bookings.enums import BookingStatus
from bookings.models import Booking, ChargingPolicy
from core.mail import render_mail
from core.models import OutboxMessage, Partnership
from courses.domain.cancelling import cancel_session
from courses.models import CourseSession
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EmploymentFactory,
    PartnershipFactory,
    PersonFactory,
    PolicyFactory,
    SessionFactory,
    at,
    host_for,
)

pytestmark = pytest.mark.django_db
MANAGER = "mo.manager@oakfield.example"


@pytest.fixture
def partnership() -> Partnership:
    made = PartnershipFactory()
    host_for(made, "training.wrenshire.example")
    PolicyFactory(partnership=made)
    return made


@pytest.fixture
def session(partnership: Partnership) -> CourseSession:
    course = CourseFactory(partnership=partnership, title="Neglect: see & act", code="NE1")
    return SessionFactory(partnership=partnership, course=course, capacity=1, starts_at=at("2026-03-12 09:30"))


def booked(session: CourseSession, now: str = "2026-02-02 10:00", **person: Any) -> Booking:
    job = EmploymentFactory(person=PersonFactory(partnership=session.partnership, **person))
    return place_booking(session=session, person=job.person, by=None, now=at(now))


def mail(kind: str) -> OutboxMessage:
    return OutboxMessage.objects.get(kind=kind)


def test_booked_says_when_where_and_until_when_cancelling_is_free(session: CourseSession) -> None:
    booking = booked(session)
    message = mail("booked")
    assert (message.recipient, message.copy_to) == (booking.person.email, MANAGER)
    sent = render_mail(message)
    assert sent.subject == "Booked: Neglect: see & act, Thu 12 March"
    for words in (
        "You are booked on Neglect: see & act.",
        "Day: Thursday 12 March 2026",
        "Time: 9:30am to 4:30pm",
        f"Place: {session.where}, Mill Lane, Wrenbury WR4 2DN",
        f"Reference: {booking.reference}",
        "cancel free until the end of Thursday 5 March 2026",
        f"training.wrenshire.example:8000/my/bookings/{booking.reference}/",
        "Declining the calendar invitation does not cancel your place.",
    ):
        assert words in sent.text
    assert "Neglect: see &amp; act" in sent.html


def test_where_nothing_is_ever_charged_the_mail_does_not_speak_of_it(session: CourseSession) -> None:
    ChargingPolicy.objects.all().delete()
    booked(session)
    assert "cancel free" not in render_mail(mail("booked")).text


def test_waiting_tells_the_position_and_does_not_trouble_the_manager(session: CourseSession) -> None:
    booked(session)
    booked(session)
    message = mail("waiting")
    assert (message.copy_to, message.calendar) == ("", "")
    assert render_mail(message).subject == "Waiting list: you are number 1 for Neglect: see & act, Thu 12 March"


def test_someone_without_an_address_is_reached_through_their_manager(session: CourseSession) -> None:
    booked(session, email="")
    booked(session, email="")
    assert [(one.recipient, one.copy_to) for one in OutboxMessage.objects.all()] == [(MANAGER, ""), (MANAGER, "")]


def test_where_neither_has_an_address_nothing_is_queued(session: CourseSession) -> None:
    job = EmploymentFactory(person__partnership=session.partnership, person__email="", manager_email="")
    place_booking(session=session, person=job.person, by=None, now=at("2026-02-02 10:00"))
    assert not OutboxMessage.objects.exists()


def test_the_manager_known_as_a_person_is_copied_where_no_address_is_written(session: CourseSession) -> None:
    boss = PersonFactory(partnership=session.partnership, email="boss@oakfield.example")
    job = EmploymentFactory(person__partnership=session.partnership, manager=boss, manager_email="")
    place_booking(session=session, person=job.person, by=None, now=at("2026-02-02 10:00"))
    assert mail("booked").copy_to == "boss@oakfield.example"


@pytest.mark.parametrize(
    ("cancelled", "words"),
    [
        ("2026-03-03 10:00", "You can cancel free until the end of Thursday 5 March 2026."),
        ("2026-03-09 10:00", "so you can hand this place back without charge until the session starts"),
    ],
)
def test_a_place_come_free_says_how_it_can_be_given_up(session: CourseSession, cancelled: str, words: str) -> None:
    first = booked(session)
    second = booked(session)
    cancel_booking(booking=first, by=None, now=at(cancelled))
    message = mail("place_free")
    assert (message.recipient, message.copy_to) == (second.person.email, MANAGER)
    sent = render_mail(message)
    assert sent.subject == "A place has come free: you are booked on Neglect: see & act, Thu 12 March"
    assert words in sent.text


def test_cancelled_in_time_says_that_nothing_is_charged(session: CourseSession) -> None:
    cancel_booking(booking=booked(session), by=None, now=at("2026-02-20 10:00"))
    sent = render_mail(mail("cancelled_by_learner"))
    assert sent.subject == "Cancelled: Neglect: see & act, Thu 12 March"
    assert "There is no charge." in sent.text
    assert "/training/courses/NE1/" in sent.text


def test_leaving_the_waiting_list_takes_nothing_out_of_a_calendar(session: CourseSession) -> None:
    booked(session)
    cancel_booking(booking=booked(session), by=None, now=at("2026-02-20 10:00"))
    message = mail("cancelled_by_learner")
    assert (message.calendar, message.copy_to) == ("", "")
    assert "no longer on the waiting list" in render_mail(message).text


def test_cancelled_late_names_the_charge_its_reason_and_that_it_is_a_proposal(session: CourseSession) -> None:
    cancel_booking(booking=booked(session), by=None, now=at("2026-03-10 10:00"))
    message = mail("cancelled_late")
    sent = render_mail(message)
    assert message.copy_to == MANAGER
    assert "We propose to charge your agency £50: Cancelled 2 working days before; 5 needed. Full day £50." in sent.text
    assert "after Thursday 5 March 2026, the last day to cancel free" in sent.text
    assert "Nothing is charged before the training team has looked at it." in sent.text


def test_cancelled_by_us_gives_the_reason_and_other_dates(session: CourseSession) -> None:
    booked(session)
    cancel_session(session=session, reason="The trainer is ill.", by=None, now=at("2026-03-10 10:00"))
    sent = render_mail(mail("cancelled_by_us"))
    assert sent.subject == "Cancelled by us: Neglect: see & act, Thu 12 March"
    assert "Why: The trainer is ill." in sent.text
    assert "there is no charge" in sent.text


def test_did_not_attend_asks_for_the_reason_before_anything_is_charged(session: CourseSession) -> None:
    booked(session)
    finish_register(session=session, by=None, now=at("2026-03-12 16:40"), rest_absent=True)
    sent = render_mail(mail("did_not_attend"))
    assert sent.subject == "You did not attend: Neglect: see & act, Thu 12 March"
    assert "tell us by Friday 20 March 2026" in sent.text
    assert "£50: Did not attend. Full day £50." in sent.text
    assert "Your manager gets a copy" in sent.text


def test_the_certificate_mail_leads_to_the_file(session: CourseSession) -> None:
    booking = BookingFactory(session=session, status=BookingStatus.ATTENDED)
    certificate = release_certificate(booking=booking, by=None, now=at("2026-03-13 10:00"))
    sent = render_mail(mail("certificate_ready"))
    assert f"/my/certificates/{certificate.number}.pdf" in sent.text
    assert certificate.grouped_number in sent.text


class TestCalendar:
    def read(self, kind: str) -> tuple[icalendar.Calendar, list[Any]]:
        calendar = icalendar.Calendar.from_ical(mail(kind).calendar)
        return calendar, calendar.walk("VEVENT")

    def test_an_invitation_with_londons_rules(self, session: CourseSession) -> None:
        booking = booked(session)
        calendar, [event] = self.read("booked")
        assert (calendar["METHOD"], event["STATUS"], int(event["SEQUENCE"])) == ("REQUEST", "CONFIRMED", 0)
        assert event["UID"] == f"booking-{booking.reference}-1@localhost"
        assert event.decoded("DTSTART") == session.starts_at
        assert event["DTSTART"].params["TZID"] == "Europe/London"
        assert str(event["SUMMARY"]) == "Neglect: see & act"
        assert "does not cancel your place" in event["DESCRIPTION"]
        assert event["ATTENDEE"] == f"mailto:{booking.person.email}"
        assert "\r\n" in mail("booked").calendar

    def test_summer_and_winter_are_told_apart(self, partnership: Partnership) -> None:
        for day in ("2026-03-27 09:30", "2026-03-30 09:30"):
            booked(SessionFactory(partnership=partnership, starts_at=at(day)))
        for message in OutboxMessage.objects.filter(kind="booked"):
            [zone] = icalendar.Calendar.from_ical(message.calendar).walk("VTIMEZONE")
            [event] = icalendar.Calendar.from_ical(message.calendar).walk("VEVENT")
            local = event.decoded("DTSTART").replace(tzinfo=None)
            assert zone.to_tz().utcoffset(local) == at(f"{local:%Y-%m-%d %H:%M}").utcoffset()

    def test_a_cancellation_takes_the_same_event_out(self, session: CourseSession) -> None:
        booking = cancel_booking(booking=booked(session), by=None, now=at("2026-02-20 10:00"))
        invitation = self.read("booked")[1][0]
        calendar, [event] = self.read("cancelled_by_learner")
        assert (calendar["METHOD"], event["STATUS"], int(event["SEQUENCE"])) == ("CANCEL", "CANCELLED", 1)
        assert event["UID"] == invitation["UID"]
        assert booking.calendar_sequence == 1

    def test_a_session_of_several_days_has_an_event_for_each(self, partnership: Partnership) -> None:
        parts = [(at(f"2026-03-{day} 09:30"), at(f"2026-03-{day} 16:30")) for day in (12, 19)]
        session = SessionFactory(partnership=partnership, starts_at=parts[0][0], ends_at=parts[1][1], parts=parts)
        booked(session)
        _, events = self.read("booked")
        assert [(event.decoded("DTSTART"), event.decoded("DTEND")) for event in events] == parts
        assert len({event["UID"] for event in events}) == 2
        assert "Thursday 12 March 2026 to Thursday 19 March 2026" in render_mail(mail("booked")).text
