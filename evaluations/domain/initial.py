"""Stage 1: who may evaluate a course, and what sending the evaluation does (R64, R68)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from bookings.domain.certificates import may_release, release_certificate
from bookings.enums import ATTENDED_IN_FULL, HOLDS_A_PLACE, PRESENCES
from bookings.models import Booking
from core.audit import record
from core.outbox import withdraw_messages
from evaluations.emails import INITIAL_INVITED, INITIAL_REMINDER
from evaluations.models import InitialEvaluation, InitialRequest, IntendedAction

from .errors import DidNotAttend, NotHeldYet, RegisterNotFinished
from .plan import plan_for
from .questionnaires import EVALUATION, mark_link_used

MOST_ACTIONS = 3


def may_evaluate(booking: Booking) -> bool:
    """Whether the register says that the learner came: in full, which earns a certificate, or in part (R64, T9)."""
    return booking.status in PRESENCES


def refuse_unless_evaluable(*, booking: Booking, now: dt.datetime) -> None:
    """Hold the order of things: session, register, evaluation, certificate (A5).

    Raises NotHeldYet, RegisterNotFinished or DidNotAttend.
    """
    if may_evaluate(booking):
        return
    if booking.status not in HOLDS_A_PLACE:
        raise DidNotAttend
    raise NotHeldYet if booking.session.starts_at > now else RegisterNotFinished


def send_initial_evaluation(
    *, booking: Booking, answers: Mapping[str, Any], actions: Sequence[str], by: User | None, now: dt.datetime
) -> InitialEvaluation:
    """Take a learner's evaluation of the course, once, and release the certificate it unlocks (R64, R68).

    ``answers`` are the fields of InitialEvaluation, ``actions`` up to three things the learner will do differently.
    Sending again changes nothing and gives the first evaluation. ``by`` is None for the holder of a one-time link.
    The trail says that it was sent, never what it says. Raises the errors of ``refuse_unless_evaluable``.
    """
    with transaction.atomic():
        booking = _locked(booking)
        first = InitialEvaluation.objects.filter(booking=booking).first()
        if first is not None:
            return first
        refuse_unless_evaluable(booking=booking, now=now)
        evaluation = InitialEvaluation.objects.create(booking=booking, sent_at=now, **answers)
        _keep_actions(evaluation, actions)
        _stop_asking(booking, now=now)
        details = {"partnership": booking.partnership, "by": by, "now": now, "reference": booking.reference}
        record("initial_evaluation.sent", evaluation, **details)
        release_what_is_unlocked(booking=booking, by=by, now=now)
    return evaluation


def release_what_is_unlocked(*, booking: Booking, by: User | None, now: dt.datetime) -> None:
    """Release the certificate where attendance earns one: in full, booked or as a walk-in (R64, T9)."""
    if may_release(booking):
        release_certificate(booking=booking, by=by, now=now)


def unlocks_certificate(booking: Booking) -> bool:
    """Whether sending the evaluation is what the learner's certificate waits for."""
    return booking.status in ATTENDED_IN_FULL and plan_for(booking.session).initial_gates_certificate


def _locked(booking: Booking) -> Booking:
    """The booking as it is now, held until commit: of two who send at once the second finds the first one's answer."""
    rows = Booking.objects.select_related("session__course", "session__partnership", "person", "agency", "partnership")
    held: Booking = rows.select_for_update(of=("self",), no_key=True).get(pk=booking.pk)
    return held


def _keep_actions(evaluation: InitialEvaluation, actions: Sequence[str]) -> None:
    written = [text.strip() for text in actions if text.strip()][:MOST_ACTIONS]
    IntendedAction.objects.bulk_create(
        IntendedAction(evaluation=evaluation, position=position, text=text) for position, text in enumerate(written, 1)
    )


def _stop_asking(booking: Booking, *, now: dt.datetime) -> None:
    InitialRequest.objects.filter(booking=booking).update(answered_at=now, next_reminder_on=None)
    withdraw_messages(about=booking, kinds=[INITIAL_INVITED.name, INITIAL_REMINDER.name])
    mark_link_used(questionnaire=EVALUATION, object_id=booking.pk, now=now)
