"""Stage 1: who may evaluate, and what sending an evaluation does."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from bookings.enums import BookingStatus
from bookings.models import Booking, Certificate
from core.links import make_link
from core.models import AuditEvent, OneTimeLink
from evaluations.domain.errors import DidNotAttend, NotHeldYet, RegisterNotFinished
from evaluations.domain.initial import send_initial_evaluation
from evaluations.models import EvaluationPlan, InitialEvaluation, InitialRequest
from tests.evaluations.builders import ACTIONS, INITIAL_ANSWERS, asked_to_evaluate, attendance, held_session, queued
from tests.factories import BookingFactory, SessionFactory, at

pytestmark = pytest.mark.django_db
NOW = at("2026-03-12 18:00")


def send(booking: Booking, **answers: object) -> InitialEvaluation:
    return send_initial_evaluation(
        booking=booking, answers={**INITIAL_ANSWERS, **answers}, actions=ACTIONS, by=None, now=NOW
    )


@pytest.mark.rule("R64")
def test_sending_the_evaluation_releases_the_certificate_and_mails_it() -> None:
    booking = attendance(held_session())
    assert not Certificate.objects.exists()
    send(booking)
    assert Certificate.objects.get().booking == booking
    assert [mail.recipient for mail in queued("certificate_ready")] == [booking.person.email]


@pytest.mark.rule("R68")
def test_the_answers_and_up_to_three_actions_are_kept() -> None:
    booking = attendance(held_session())
    evaluation = send_initial_evaluation(
        booking=booking, answers=INITIAL_ANSWERS, actions=[" one ", "", "two", "three", "four"], by=None, now=NOW
    )
    assert evaluation.sent_at == NOW
    assert (evaluation.recognise, evaluation.before, evaluation.aims_met, evaluation.overall) == (8, 4, 5, 4)
    assert [(action.position, action.text) for action in evaluation.actions.all()] == [
        (1, "one"),
        (2, "two"),
        (3, "three"),
    ]


def test_sending_twice_gives_the_first_answer() -> None:
    booking = attendance(held_session())
    first = send(booking, recognise=3)
    second = send(booking, recognise=9)
    assert second == first
    assert InitialEvaluation.objects.get().recognise == 3
    assert first.actions.count() == 2
    assert AuditEvent.objects.filter(action="initial_evaluation.sent").count() == 1
    assert Certificate.objects.count() == 1


def test_the_trail_says_that_it_was_sent_and_not_what_it_says() -> None:
    booking = attendance(held_session())
    send(booking, helped_most="Zebraquartz")
    sent = AuditEvent.objects.get(action="initial_evaluation.sent")
    assert (sent.reference, sent.at, sent.before, sent.after) == (booking.reference, NOW, {}, {})
    assert not any("Zebraquartz" in str(event.after) + event.reason for event in AuditEvent.objects.all())


@pytest.mark.parametrize(
    ("status", "certificates"),
    [(BookingStatus.ATTENDED, 1), (BookingStatus.WALK_IN, 1), (BookingStatus.PART, 0)],
)
def test_whoever_came_may_evaluate_but_only_full_attendance_earns_a_certificate(status: str, certificates: int) -> None:
    send(attendance(held_session(), status))
    assert Certificate.objects.count() == certificates


@pytest.mark.parametrize(
    "status",
    [
        BookingStatus.DID_NOT_ATTEND,
        BookingStatus.REFUSED_LATE,
        BookingStatus.CANCELLED,
        BookingStatus.LATE_CANCELLED,
        BookingStatus.WAITING,
        BookingStatus.SUBSTITUTED,
        BookingStatus.SESSION_CANCELLED,
    ],
)
def test_whoever_did_not_come_is_refused(status: str) -> None:
    with pytest.raises(DidNotAttend):
        send(attendance(held_session(), status))
    assert not InitialEvaluation.objects.exists()


def test_the_register_comes_first() -> None:
    booking = BookingFactory(session=SessionFactory(starts_at=at("2026-03-12 09:30")))
    with pytest.raises(RegisterNotFinished, match="Your trainer has not finished the register"):
        send(booking)


def test_the_session_comes_before_the_register() -> None:
    booking = BookingFactory(session=SessionFactory(starts_at=at("2026-03-13 09:30")))
    with pytest.raises(NotHeldYet):
        send(booking)


def test_sending_ends_the_asking() -> None:
    booking = asked_to_evaluate(held_session(), now=at("2026-03-12 16:45"))
    send(booking)
    request = InitialRequest.objects.get(booking=booking)
    assert (request.answered_at, request.next_reminder_on) == (NOW, None)
    assert [mail.state for mail in queued("initial_evaluation_invited")] == ["withdrawn"]
    assert OneTimeLink.objects.get(purpose="evaluation", object_id=booking.pk).used_at == NOW


def test_a_link_used_before_keeps_its_first_use() -> None:
    booking = attendance(held_session())
    link = make_link(
        partnership=booking.partnership, purpose="evaluation", object_id=booking.pk, expires_at=at("2026-09-12 18:00")
    )
    send(booking)
    send_initial_evaluation(booking=booking, answers=INITIAL_ANSWERS, actions=[], by=None, now=at("2026-03-13 18:00"))
    link.refresh_from_db()
    assert link.used_at == NOW


def test_under_a_plan_without_the_gate_the_certificate_is_there_already_and_stays_one() -> None:
    session = held_session()
    EvaluationPlan.objects.create(partnership=session.partnership, initial_gates_certificate=False)
    booking = asked_to_evaluate(session)
    number = Certificate.objects.get().number
    send(booking)
    assert Certificate.objects.get().number == number


@pytest.mark.parametrize(("field", "score"), [("recognise", 11), ("before", 11), ("aims_met", 0), ("overall", 6)])
def test_no_score_lies_off_its_scale_whoever_writes_it(field: str, score: int) -> None:
    booking = attendance(held_session())
    with pytest.raises(IntegrityError), transaction.atomic():
        send(booking, **{field: score})
