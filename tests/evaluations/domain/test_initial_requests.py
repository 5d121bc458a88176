"""Stage 1, asking: the mail after the register, and its reminders."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test.utils import CaptureQueriesContext

from bookings.domain.attendance import finish_register, mark_attendance
from bookings.enums import BookingStatus
from bookings.models import Booking, Certificate
from bookings.signals import attendance_recorded, register_finished
from core.models import OneTimeLink
from courses.models import CourseSession
from evaluations.domain.initial import send_initial_evaluation
from evaluations.domain.initial_requests import ask_for_initial_evaluations, remind_of_initial_evaluations
from evaluations.models import EvaluationPlan, InitialRequest
from tests.evaluations.builders import INITIAL_ANSWERS, asked_to_evaluate, attendance, held_session, queued
from tests.factories import BookingFactory, PersonFactory, SessionFactory, at

pytestmark = pytest.mark.django_db
FINISHED = at("2026-03-12 16:40")  # ten minutes after the end
INVITED, REMINDER = "initial_evaluation_invited", "initial_evaluation_reminder"


def finish(session: CourseSession, now: dt.datetime = FINISHED) -> None:
    register_finished.send(sender=CourseSession, session=session, by=None, now=now)


@pytest.mark.rule("R68")
def test_a_finished_register_asks_everyone_who_attended_in_full_and_has_an_address() -> None:
    session = held_session()
    booked, walk_in = attendance(session), attendance(session, BookingStatus.WALK_IN)
    attendance(session, BookingStatus.PART)
    attendance(session, BookingStatus.DID_NOT_ATTEND)
    attendance(session, person=PersonFactory(partnership=session.partnership, email=""))
    finish(session)
    assert [mail.recipient for mail in queued(INVITED)] == [booked.person.email, walk_in.person.email]
    assert InitialRequest.objects.count() == 2


def test_the_trainer_s_register_leads_to_the_mail_and_the_evaluation_to_the_certificate() -> None:
    session = SessionFactory(starts_at=at("2026-03-12 09:30"))
    here, absent = BookingFactory(session=session), BookingFactory(session=session)
    mark_attendance(booking=here, mark="here", by=None, now=at("2026-03-12 10:00"))
    finish_register(session=session, by=None, now=FINISHED, rest_absent=True)
    assert [mail.recipient for mail in queued(INVITED)] == [here.person.email]
    send_initial_evaluation(booking=here, answers=INITIAL_ANSWERS, actions=[], by=None, now=at("2026-03-12 18:00"))
    assert Certificate.objects.get().booking == here
    absent.refresh_from_db()
    assert absent.status == BookingStatus.DID_NOT_ATTEND


@pytest.mark.parametrize(
    ("finished", "due"),
    [
        ("2026-03-12 16:00", "2026-03-12 17:30"),
        ("2026-03-12 17:29", "2026-03-12 17:30"),
        ("2026-03-12 17:31", "2026-03-12 17:31"),
        ("2026-03-15 11:00", "2026-03-15 11:00"),
    ],
)
def test_the_mail_leaves_an_hour_after_the_end_or_when_the_register_is_finished(finished: str, due: str) -> None:
    session = held_session()
    attendance(session)
    finish(session, at(finished))
    assert [mail.due_at for mail in queued(INVITED)] == [at(due)]


def test_finishing_and_correcting_the_register_ask_nobody_twice() -> None:
    session = held_session()
    booking = attendance(session)
    finish(session)
    finish(session)
    attendance_recorded.send(sender=Booking, bookings=[booking], by=None, now=FINISHED)
    assert len(queued(INVITED)) == 1
    assert OneTimeLink.objects.filter(purpose="evaluation").count() == 1


def test_whoever_is_corrected_to_attended_is_asked_then() -> None:
    session = held_session()
    booking = attendance(session, BookingStatus.DID_NOT_ATTEND)
    finish(session)
    booking.status = BookingStatus.ATTENDED
    booking.save()
    attendance_recorded.send(sender=Booking, bookings=[booking], by=None, now=at("2026-03-16 10:00"))
    assert [mail.due_at for mail in queued(INVITED)] == [at("2026-03-16 10:00")]


def test_who_evaluated_as_attended_in_part_gets_the_certificate_when_that_is_corrected() -> None:
    session = held_session()
    booking = attendance(session, BookingStatus.PART)
    send_initial_evaluation(booking=booking, answers=INITIAL_ANSWERS, actions=[], by=None, now=FINISHED)
    assert not Certificate.objects.exists()
    booking.status = BookingStatus.ATTENDED
    booking.save()
    attendance_recorded.send(sender=Booking, bookings=[booking], by=None, now=at("2026-03-16 10:00"))
    assert Certificate.objects.get().booking == booking
    assert queued(INVITED) == []


def test_without_the_gate_certificates_are_released_with_the_register() -> None:
    session = held_session()
    EvaluationPlan.objects.create(partnership=session.partnership, initial_gates_certificate=False)
    booking = attendance(session)
    attendance(session, BookingStatus.PART)
    finish(session)
    assert Certificate.objects.get().booking == booking
    assert [mail.facts["unlocks"] for mail in queued(INVITED)] == [False]


def test_the_mail_holds_no_token_but_the_id_of_its_link() -> None:
    booking = asked_to_evaluate(held_session())
    link = OneTimeLink.objects.get(purpose="evaluation", object_id=booking.pk)
    (mail,) = queued(INVITED)
    assert mail.facts["link_id"] == link.pk
    assert link.expires_at.date() == dt.date(2026, 9, 8)


@pytest.mark.parametrize("people", [1, 3])
def test_asking_costs_the_same_for_one_and_for_many(
    people: int, django_assert_num_queries: type[CaptureQueriesContext]
) -> None:
    session = held_session()
    for _ in range(people):
        attendance(session)
    session = CourseSession.objects.select_related("partnership").get(pk=session.pk)
    with django_assert_num_queries(10):
        ask_for_initial_evaluations(session=session, by=None, now=FINISHED)


def reminders_on(*moments: str) -> list[tuple[int, list[str]]]:
    """For each moment how many reminders left, and the stages queued so far."""
    seen = []
    for moment in moments:
        left = remind_of_initial_evaluations(at(moment))
        seen.append((left, [mail.key.split(":")[2] for mail in queued(REMINDER, state="waiting")]))
    return seen


def test_reminders_after_1_7_and_14_days_and_then_none() -> None:
    asked_to_evaluate(held_session(), now=at("2026-03-12 17:30"))
    assert reminders_on(
        "2026-03-12 17:59",
        "2026-03-13 07:59",
        "2026-03-13 08:00",
        "2026-03-13 08:01",
        "2026-03-18 12:00",
        "2026-03-19 08:00",
        "2026-03-26 08:00",
        "2026-04-10 08:00",
    ) == [
        (0, []),
        (0, []),
        (1, ["reminder-1"]),
        (0, ["reminder-1"]),
        (0, ["reminder-1"]),
        (1, ["reminder-1", "reminder-2"]),
        (1, ["reminder-1", "reminder-2", "reminder-3"]),
        (0, ["reminder-1", "reminder-2", "reminder-3"]),
    ]


@pytest.mark.parametrize("moment", ["2026-03-13 07:59", "2026-03-13 18:00", "2026-03-14 10:00", "2026-04-06 10:00"])
def test_no_reminder_leaves_outside_working_hours(moment: str) -> None:
    asked_to_evaluate(held_session(), now=at("2026-03-12 17:30"))
    assert remind_of_initial_evaluations(at(moment)) == 0


def test_reminders_stop_when_the_evaluation_is_sent() -> None:
    booking = asked_to_evaluate(held_session(), now=at("2026-03-12 17:30"))
    send_initial_evaluation(booking=booking, answers=INITIAL_ANSWERS, actions=[], by=None, now=at("2026-03-12 20:00"))
    assert remind_of_initial_evaluations(at("2026-03-13 08:00")) == 0


def test_reminders_stop_when_the_register_is_corrected_to_not_attended() -> None:
    booking = asked_to_evaluate(held_session(), now=at("2026-03-12 17:30"))
    booking.status = BookingStatus.DID_NOT_ATTEND
    booking.save()
    assert remind_of_initial_evaluations(at("2026-03-13 08:00")) == 0


def test_a_person_with_two_evaluations_to_send_gets_one_reminder_a_day() -> None:
    first = held_session("2026-03-11")
    second = held_session("2026-03-12", partnership=first.partnership)
    person = PersonFactory(partnership=first.partnership)
    asked_to_evaluate(first, now=at("2026-03-12 17:00"), person=person)
    asked_to_evaluate(second, now=at("2026-03-12 17:30"), person=person)
    days = ["2026-03-13 08:00", "2026-03-13 17:00", "2026-03-16 08:00", "2026-03-17 08:00"]
    assert [remind_of_initial_evaluations(at(day)) for day in days] == [1, 0, 1, 0]


def test_every_reminder_shows_the_link_of_the_first_mail() -> None:
    asked_to_evaluate(held_session(), now=at("2026-03-12 17:30"))
    remind_of_initial_evaluations(at("2026-03-13 08:00"))
    assert queued(REMINDER)[0].facts["link_id"] == queued(INVITED)[0].facts["link_id"]


@pytest.mark.parametrize(
    ("back_at_work", "sent", "missed"),
    [
        ("2026-03-16 08:00", ["reminder-1"], []),  # 3 days late
        ("2026-03-20 09:00", ["reminder-2"], ["reminder-1"]),  # 8 days of outage
        ("2026-04-23 09:00", [], ["reminder-1", "reminder-2", "reminder-3"]),  # 40 days
    ],
)
def test_after_an_outage_late_reminders_are_marked_missed(
    back_at_work: str, sent: list[str], missed: list[str]
) -> None:
    asked_to_evaluate(held_session(), now=at("2026-03-12 17:30"))
    assert remind_of_initial_evaluations(at(back_at_work)) == len(sent)
    assert [mail.key.split(":")[2] for mail in queued(REMINDER, state="waiting")] == sent
    assert [mail.key.split(":")[2] for mail in queued(REMINDER, state="missed")] == missed
    assert remind_of_initial_evaluations(at(back_at_work)) == 0
