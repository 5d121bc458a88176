"""Named reads: one's own questionnaires, what is still to do, and answers as they are read back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from bookings.enums import ATTENDED_IN_FULL
from bookings.models import Booking, Certificate
from core.models import Partnership
from core.periods import london_day

from .domain.plan import last_day, plans_of
from .models import ImpactAnswer, ImpactFollowUp, InitialEvaluation, IntendedAction
from .models.initial import AGREEMENT, CONFIDENCE, question

AGREE = {1: "Strongly disagree", 2: "Disagree", 3: "Neither", 4: "Agree", 5: "Strongly agree"}


def with_session(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """Bookings with what the evaluation's page shows of them."""
    return bookings.select_related("session__course", "session__partnership", "person")


def my_booking(user: Any, partnership: Partnership | None, *, reference: str) -> Booking | None:
    """One's own booking by its reference. An administrator's wider view does not count: nobody answers for another."""
    if partnership is None:
        return None
    mine = Booking.objects.visible_to(user, partnership).filter(person__user=user, reference=reference)
    return with_session(mine).first()


def with_course(follow_ups: QuerySet[ImpactFollowUp]) -> QuerySet[ImpactFollowUp]:
    """Follow-ups with what the survey's page shows of them."""
    return follow_ups.select_related("booking__session__course", "booking__person", "partnership")


def my_follow_up(user: Any, partnership: Partnership | None, *, reference: str) -> ImpactFollowUp | None:
    """One's own survey by the booking's reference."""
    if partnership is None:
        return None
    mine = ImpactFollowUp.objects.visible_to(user, partnership).filter(
        booking__person__user=user, booking__reference=reference, stage=ImpactFollowUp.Stage.LEARNER
    )
    return with_course(mine).first()


def reference_of_booking(booking_id: int) -> str | None:
    return Booking.objects.filter(pk=booking_id).values_list("reference", flat=True).first()


def reference_of_survey(follow_up_id: int) -> str | None:
    """The reference of the booking that a survey is about."""
    found = ImpactFollowUp.objects.filter(pk=follow_up_id)
    return found.values_list("booking__reference", flat=True).first()


def evaluation_of(booking: Booking) -> InitialEvaluation | None:
    return InitialEvaluation.objects.filter(booking=booking).first()


def has_certificate(booking: Booking) -> bool:
    """Whether the learner has a certificate of the booking that was not withdrawn."""
    return Certificate.objects.filter(booking=booking, withdrawn_at__isnull=True).exists()


def answer_of(follow_up: ImpactFollowUp) -> ImpactAnswer | None:
    return ImpactAnswer.objects.select_related("follow_up").filter(follow_up=follow_up).first()


def actions_of(booking: Booking) -> list[IntendedAction]:
    """What the learner meant to do differently, in the order they wrote it."""
    return list(IntendedAction.objects.filter(evaluation__booking=booking))


@dataclass(frozen=True)
class Line:
    """A question and its answer in words, as a summary list shows it."""

    key: str
    value: str


def _lines(pairs: list[tuple[str, str]]) -> list[Line]:
    """Lines without the questions that were left out."""
    return [Line(key, value) for key, value in pairs if value]


def readable_evaluation(evaluation: InitialEvaluation) -> dict[str, Any]:
    """An evaluation for the learner who sent it: when, and question by question."""
    out_of_ten = (*CONFIDENCE, "before", "recommend")
    scores = [(question(InitialEvaluation, name), f"{getattr(evaluation, name)} out of 10") for name in out_of_ten]
    agreed = [(question(InitialEvaluation, name), AGREE[getattr(evaluation, name)]) for name in AGREEMENT]
    actions = [(f"What you will do: {action.position}", action.text) for action in evaluation.actions.all()]
    rest = [
        ("Overall, how was the course?", evaluation.Rating(evaluation.overall).label),
        ("Likely to stop you", evaluation.get_barrier_display()),
        ("What helped most", evaluation.helped_most),
        ("What we should change", evaluation.should_change),
        ("May we quote you without your name?", "Yes" if evaluation.may_quote else "No"),
    ]
    return {"sent_at": evaluation.sent_at, "rows": _lines([*scores, *agreed, *actions, *rest])}


def readable_answer(answer: ImpactAnswer) -> dict[str, Any]:
    """A survey's answer for the learner who gave it: when, and question by question."""
    scores = [(question(ImpactAnswer, name), f"{getattr(answer, name)} out of 10") for name in CONFIDENCE]
    planned = [(action.text, action.get_outcome_display()) for action in actions_of(answer.follow_up.booking)]
    changes = dict(ImpactAnswer.Change.choices)
    rest = [
        ("Have you used what you learned?", answer.get_used_display()),
        ("What has changed", "; ".join(changes.get(code, code) for code in answer.changes)),
        ("How it has changed", answer.changed_how),
        ("Example", answer.example),
        ("Shared with your team", "Yes" if answer.shared else "No"),
        ("How you shared it", answer.shared_how),
        ("What made it hard", answer.made_it_hard),
        ("Further learning", answer.further_learning),
        ("May we contact you?", "Yes" if answer.may_contact else "No"),
    ]
    return {"sent_at": answer.follow_up.answered_at, "rows": _lines([*scores, *planned, *rest])}


@dataclass(frozen=True)
class Due:
    """Something a person is asked for: about which booking, and until when."""

    booking: Booking
    until: dt.date
    overdue: bool = False
    unlocks_certificate: bool = False


def evaluations_due(person: Any, *, now: dt.datetime) -> list[Due]:
    """The evaluations that a person has yet to send, the latest session first; due by the day of the last reminder."""
    bookings = Booking.objects.filter(
        person=person.pk, status__in=ATTENDED_IN_FULL, initial_evaluation__isnull=True
    ).select_related("session__course")
    plans = plans_of(person.partnership)
    found = []
    for booking in bookings.order_by("-session__ends_at"):
        ended = last_day(booking.session)
        plan = plans.on(ended)
        until = ended + dt.timedelta(days=max(plan.initial_reminder_days, default=0))
        found.append(Due(booking, until, until < london_day(now), plan.initial_gates_certificate))
    return found


def surveys_open(person: Any, *, now: dt.datetime) -> list[Due]:
    """The impact surveys that a person was asked to answer and still may."""
    waiting = ImpactFollowUp.objects.awaiting_answer(on=london_day(now)).filter(
        booking__person=person.pk, booking__status__in=ATTENDED_IN_FULL, stage=ImpactFollowUp.Stage.LEARNER
    )
    return [Due(each.booking, each.closes_on) for each in with_course(waiting)]
