"""Sessions that were held, people who attended them, and full sets of answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from bookings.enums import BookingStatus
from bookings.models import Booking, Register
from core.links import token_of
from core.models import OneTimeLink, OutboxMessage, Partnership
from courses.enums import SessionStatus
from courses.models import CourseSession
from evaluations.domain.follow_ups import create_due_follow_ups
from evaluations.domain.impact import invite_due
from evaluations.domain.initial_requests import ask_for_initial_evaluations
from evaluations.domain.questionnaires import IMPACT_SURVEY, links_for
from evaluations.models import ImpactFollowUp
from evaluations.models.initial import AGREEMENT
from tests.factories import BookingFactory, PartnershipFactory, SessionFactory, at

SCORES = {"recognise": 8, "act": 7, "agencies": 9}
INITIAL_ANSWERS: dict[str, Any] = {
    **SCORES,
    "before": 4,
    **dict.fromkeys(AGREEMENT, 5),
    "overall": 4,
    "recommend": 9,
    "helped_most": "Hearing how other agencies see it",
}
ACTIONS = ["Use the threshold document", "Ask about children in every visit"]
IMPACT_ANSWERS: dict[str, Any] = {
    **SCORES,
    "used": "often",
    "changes": ["recording", "listening"],
    "example": "A plan was agreed two weeks earlier",
    "shared": True,
    "may_contact": True,
}
INITIAL_FORM: dict[str, Any] = {**INITIAL_ANSWERS, "action_1": ACTIONS[0], "action_2": ACTIONS[1], "may_quote": "on"}
SURVEY_FORM: dict[str, Any] = {**IMPACT_ANSWERS, "shared": "yes", "may_contact": "on"}


def held_session(
    day: str | dt.datetime = "2026-03-12", *, partnership: Partnership | None = None, **details: Any
) -> CourseSession:
    """A session of one day, 9:30am to 4:30pm, whose register was finished."""
    starts_at = day if isinstance(day, dt.datetime) else at(f"{day} 09:30")
    owner = partnership or PartnershipFactory()
    session = SessionFactory(partnership=owner, starts_at=starts_at, status=SessionStatus.HELD, **details)
    Register.objects.create(session=session, finished_at=session.ends_at)
    return session


def attendance(session: CourseSession, status: str = BookingStatus.ATTENDED, **details: Any) -> Booking:
    return BookingFactory(session=session, status=status, **details)


def asked_to_evaluate(session: CourseSession, *, now: dt.datetime | None = None, **details: Any) -> Booking:
    """Someone who attended and was asked by mail."""
    booking = attendance(session, **details)
    ask_for_initial_evaluations(session=session, by=None, now=now or session.ends_at)
    return booking


def invited_survey(session: CourseSession, *, now: dt.datetime, **details: Any) -> ImpactFollowUp:
    """Someone who attended and was invited to the impact survey at ``now``, inside sending hours."""
    booking = attendance(session, **details)
    create_due_follow_ups(now)
    invite_due(now)
    follow_up = ImpactFollowUp.objects.get(booking=booking)
    assert follow_up.invited_at == now
    return follow_up


def open_survey(booking: Booking) -> ImpactFollowUp:
    """A survey that is open today, whatever day that is, with its link: for tests of pages that read the clock."""
    today = timezone.localdate()
    follow_up = ImpactFollowUp.objects.create(
        partnership=booking.partnership,
        booking=booking,
        due_on=today - dt.timedelta(days=2),
        closes_on=today + dt.timedelta(days=80),
        invited_at=timezone.now() - dt.timedelta(days=2),
    )
    links_for([follow_up], questionnaire=IMPACT_SURVEY, partnership=booking.partnership)
    return follow_up


def token_for(purpose: str, object_id: int) -> str:
    return token_of(OneTimeLink.objects.get(purpose=purpose, object_id=object_id))


def queued(kind: str, **filters: Any) -> list[OutboxMessage]:
    """Mails of one kind in the order in which they are due."""
    return list(OutboxMessage.objects.filter(kind=kind, **filters).order_by("due_at", "pk"))
