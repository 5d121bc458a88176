"""Stage 2, in time: which attendances are followed up, from which day and until when (R69)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from bookings.enums import ATTENDED_IN_FULL
from bookings.models import Booking
from core.audit import record
from core.models import Partnership
from core.periods import add_months, end_of_day, london_day, start_of_day
from courses.enums import SessionStatus
from courses.models import CourseSession
from evaluations.models import ImpactFollowUp
from evaluations.models.impact import ImpactQuerySet

from .plan import Plans, impact_closes_on, impact_due_on, last_day, plans_of

# Months differ in length, so the window that the database searches is a little wider than the plan's.
MARGIN = dt.timedelta(days=4)
LEARNER = ImpactFollowUp.Stage.LEARNER


def is_followed_up(booking: Booking) -> bool:
    """Whether a booking is one whose learner is asked about impact: came for the whole of a session that was held,
    booked or not (R69). Who came in part has not had the course whose impact is asked about."""
    return booking.status in ATTENDED_IN_FULL and booking.session.status == SessionStatus.HELD


def follow_up_window(*, session: CourseSession, course_code: str, plans: Plans) -> tuple[dt.date, dt.date] | None:
    """The days on which the survey of a session is due and closes; None when the plan does not follow the course up."""
    ended = last_day(session)
    plan = plans.on(ended)
    if not plan.follows_up(course_code):
        return None
    due_on = impact_due_on(last_day=ended, plan=plan, nation=plans.partnership.nation)
    return due_on, impact_closes_on(last_day=ended, plan=plan)


def create_due_follow_ups(now: dt.datetime) -> int:
    """Open the follow-up of every attendance whose day has come and whose window is still open (R69).

    Found by the ends of sessions, a few hundred rows however many bookings there are; each attendance has one
    follow-up at most, whoever runs this and however often. Returns how many were opened.
    """
    today = london_day(now)
    return sum(_create(plans_of(partnership), today=today) for partnership in Partnership.objects.all())


@transaction.atomic
def _create(plans: Plans, *, today: dt.date) -> int:
    follow_ups = []
    for session, course_code, booking_ids in _attendances_to_follow_up(plans, today=today):
        window = follow_up_window(session=session, course_code=course_code, plans=plans)
        if window is None or not window[0] <= today <= window[1]:
            continue
        due_on, closes_on = window
        follow_ups += [
            ImpactFollowUp(partnership=plans.partnership, booking_id=pk, due_on=due_on, closes_on=closes_on)
            for pk in booking_ids
        ]
    ImpactFollowUp.objects.bulk_create(follow_ups, ignore_conflicts=True, batch_size=1000)
    return len(follow_ups)


def _attendances_to_follow_up(plans: Plans, *, today: dt.date) -> list[tuple[CourseSession, str, list[int]]]:
    """Sessions that ended within the window, each with its attendances that have no follow-up yet."""
    known = ImpactFollowUp.objects.filter(booking=OuterRef("pk"), stage=LEARNER)
    attendances = Booking.objects.filter(
        ~Exists(known),
        status__in=ATTENDED_IN_FULL,
        session__partnership=plans.partnership,
        session__status=SessionStatus.HELD,
        session__ends_at__gte=start_of_day(add_months(today, -plans.longest_close()) - MARGIN),
        session__ends_at__lte=end_of_day(add_months(today, -plans.earliest_invitation()) + MARGIN),
    )
    by_session: dict[int, list[int]] = {}
    for session_id, pk in attendances.order_by().values_list("session_id", "pk"):
        by_session.setdefault(session_id, []).append(pk)
    sessions = CourseSession.objects.filter(pk__in=by_session).select_related("course")
    return [(session, session.course.code, by_session[session.pk]) for session in sessions]


@transaction.atomic
def remove_mistaken_follow_ups(*, plans: Plans, now: dt.datetime) -> int:
    """Take back the follow-ups nobody was asked about yet whose attendance was corrected or whose session moved.

    One that is due again under its new date is opened anew by ``create_due_follow_ups``. Returns how many were removed.
    """
    waiting = ImpactFollowUp.objects.of(plans.partnership).to_invite(on=london_day(now)).filter(stage=LEARNER)
    mistaken = waiting.filter(_mistaken(waiting, plans=plans)).select_related("booking")
    wrong = list(mistaken.select_for_update(of=("self",), skip_locked=True))
    for follow_up in wrong:
        details = {"partnership": plans.partnership, "by": None, "now": now, "reference": follow_up.booking.reference}
        record("impact_follow_up.removed", follow_up, before={"due_on": str(follow_up.due_on)}, **details)
    ImpactFollowUp.objects.filter(pk__in=[follow_up.pk for follow_up in wrong]).delete()
    return len(wrong)


def _mistaken(waiting: ImpactQuerySet, *, plans: Plans) -> Q:
    """What makes a waiting follow-up wrong: attendance that no longer stands, or days that are not the session's."""
    wrong = ~Q(booking__status__in=ATTENDED_IN_FULL) | ~Q(booking__session__status=SessionStatus.HELD)
    windows = set(waiting.order_by().values_list("booking__session", "due_on", "closes_on").distinct())
    sessions = CourseSession.objects.select_related("course").in_bulk({session for session, _, _ in windows})
    for pk, due_on, closes_on in windows:
        right = follow_up_window(session=sessions[pk], course_code=sessions[pk].course.code, plans=plans)
        if right != (due_on, closes_on):
            wrong |= Q(booking__session=pk, due_on=due_on, closes_on=closes_on)
    return wrong


def learners_to_ask(partnership: Partnership) -> ImpactQuerySet:
    """Follow-ups of attendances that still stand, whose learner has an address."""
    standing: ImpactQuerySet = ImpactFollowUp.objects.of(partnership).filter(
        stage=LEARNER, booking__status__in=ATTENDED_IN_FULL, booking__session__status=SessionStatus.HELD
    )
    return standing.exclude(booking__person__email="")
