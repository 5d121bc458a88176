"""What training a person's role asks for, and whether it is up to date (R20, R21, R23)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from agencies.models import Employment, Person
from bookings.enums import ATTENDED_IN_FULL, HOLDS_A_PLACE
from bookings.models import Booking
from competencies.models import Group
from core.periods import add_months, london_day
from courses.models import Course

DUE_SOON_DAYS = 90


@dataclass(frozen=True)
class PathwayStep:
    """One course of a pathway. ``state`` is valid, due, overdue, booked or to_do."""

    course: Course
    state: str
    valid_until: dt.date | None = None


def pathway_of(*, person: Person, bookings: Iterable[Booking], today: dt.date) -> tuple[list[Group], list[PathwayStep]]:
    """The groups of the person's current work and the published courses these ask for, each with how it stands on
    ``today``.

    ``bookings`` are the person's, with session and course. What was attended in full stays valid for the course's
    refresh months from the last day of the session, for ever without any; it is due within 90 days of running out.
    Two statements.
    """
    jobs = Employment.objects.current(on=today).filter(person=person)
    groups = list(Group.objects.filter(employments__in=jobs).select_related("framework").distinct())
    courses = Course.objects.of(person.partnership).published().filter(groups__in=groups).distinct().order_by("title")
    known = list(bookings)
    return groups, [_step(course, known, today) for course in courses] if groups else []


def _step(course: Course, bookings: list[Booking], today: dt.date) -> PathwayStep:
    mine = [booking for booking in bookings if booking.session.course_id == course.pk]
    done = [london_day(one.session.ends_at) for one in mine if one.status in ATTENDED_IN_FULL]
    booked = any(one.status in HOLDS_A_PLACE and london_day(one.session.ends_at) >= today for one in mine)
    until = valid_until(course=course, done_on=max(done)) if done else None
    if done and (until is None or until > today + dt.timedelta(days=DUE_SOON_DAYS)):
        return PathwayStep(course, "valid", until)
    if booked:
        return PathwayStep(course, "booked", until)
    if until is None:
        return PathwayStep(course, "to_do")
    return PathwayStep(course, "due" if until >= today else "overdue", until)


def valid_until(*, course: Course, done_on: dt.date) -> dt.date | None:
    """The last day on which training done on ``done_on`` counts; None when it never runs out (R20, R23)."""
    return add_months(done_on, course.refresh_months) if course.refresh_months else None
