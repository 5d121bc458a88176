"""A quarter with a little of everything, for the tests of reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from agencies.enums import Sector
from agencies.models import Agency
from bookings.enums import BookingStatus as S
from bookings.models import Booking
from core.models import Partnership
from core.periods import Quarter
from courses.enums import SessionStatus
from courses.models import Course, CourseSession
from evaluations.models import ImpactAnswer, ImpactFollowUp, InitialEvaluation
from tests.factories import AgencyFactory, BookingFactory, CourseFactory, PolicyFactory, SessionFactory, at

QUARTER = Quarter(2025, 1)
NOW = at("2025-07-10 08:30")
RATINGS = dict.fromkeys(
    (
        "aims_met",
        "relevant",
        "pace",
        "trainers_knew",
        "trainers_involved",
        "learned_from_others",
        "child_at_centre",
        "difference_respected",
        "place_worked",
        "overall",
    ),
    4,
)


def held(partnership: Partnership, when: str = "2025-05-09 09:30", **details: Any) -> CourseSession:
    """A session that was held at a London moment."""
    return SessionFactory(**{"partnership": partnership, "starts_at": at(when), "status": SessionStatus.HELD} | details)


def booked(session: CourseSession, status: str, count: int = 1, agency: Agency | None = None) -> list[Booking]:
    """``count`` bookings that ended in ``status``, all of one agency."""
    agency = agency or AgencyFactory(partnership=session.partnership)
    return [BookingFactory(session=session, status=status, agency=agency) for _ in range(count)]


def evaluate(booking: Booking, *, before: int = 5, after: int = 8) -> InitialEvaluation:
    scores = {"recognise": after, "act": after, "agencies": after, "before": before, "recommend": 9}
    return InitialEvaluation.objects.create(booking=booking, sent_at=booking.session.ends_at, **scores, **RATINGS)


def follow_up(booking: Booking, due_on: dt.date, *, later: int | None = None) -> ImpactFollowUp:
    """A survey the learner was asked to answer; answered where ``later`` is given."""
    asked = ImpactFollowUp.objects.create(
        partnership=booking.partnership,
        booking=booking,
        due_on=due_on,
        closes_on=due_on + dt.timedelta(days=90),
        invited_at=NOW,
        answered_at=NOW if later is not None else None,
    )
    if later is not None:
        ImpactAnswer.objects.create(follow_up=asked, recognise=later, act=later, agencies=later, used="often")
    return asked


def a_full_quarter(partnership: Partnership) -> Course:
    """One course, one held session with 12 who came and one each of what else can happen, and a cancelled session."""
    PolicyFactory(partnership=partnership)
    course = CourseFactory(partnership=partnership, code="CP301", title="Core Working Together", priorities=["Neglect"])
    session = held(partnership, course=course, capacity=20, trainer_cost=300, venue_cost=120, refreshment_cost=40)
    school = AgencyFactory(
        partnership=partnership, code="SCH", name="Oakfield Primary School", sector=Sector.EDUCATION_STATE
    )
    for booking in booked(session, S.ATTENDED, 12, school):
        evaluate(booking)
    for status in (S.CANCELLED, S.LATE_CANCELLED, S.DID_NOT_ATTEND, S.REFUSED_LATE, S.PART, S.SUBSTITUTED):
        booked(session, status, 1, school)
    for status in (S.TRANSFERRED, S.WALK_IN, S.WAITING, S.DECLINED):
        booked(session, status, 1, school)
    off = held(partnership, "2025-06-02 09:30", course=course, status=SessionStatus.CANCELLED, trainer_cost=50)
    booked(off, S.SESSION_CANCELLED, 3, school)
    return course
