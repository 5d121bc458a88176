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
from courses.enums import CourseState

DUE_SOON_DAYS = 90


@dataclass(frozen=True)
class PathwayStep:
    """One course of a pathway. ``state`` is valid, due, overdue, booked or to_do."""

    code: str
    title: str
    mode: str
    state: str
    valid_until: dt.date | None = None


def pathway_of(*, person: Person, bookings: Iterable[Booking], today: dt.date) -> tuple[list[str], list[PathwayStep]]:
    """The groups of the person's current work in words, and the published courses these ask for, each as it stands.

    ``bookings`` are the person's, with session and course. What was attended in full stays valid for the course's
    refresh months from the last day of the session, for ever without any; it is due within 90 days of running out
    (R20, R21). One statement.
    """
    jobs = Employment.objects.current(on=today).filter(person=person)
    rows = Group.objects.filter(employments__in=jobs).values_list(
        "framework__tier_word",
        "code",
        "name",
        "courses__pk",
        "courses__code",
        "courses__title",
        "courses__mode",
        "courses__refresh_months",
        "courses__state",
    )
    found = list(rows.order_by("framework", "order"))
    groups = [f"{word} {code}: {name}" for word, code, name, *_ in found]
    courses = {row[3]: row[3:8] for row in found if row[8] == CourseState.PUBLISHED}
    known = list(bookings)
    steps = [_step(*course, bookings=known, today=today) for course in courses.values()]
    return list(dict.fromkeys(groups)), sorted(steps, key=lambda step: step.title)


def _step(
    pk: int, code: str, title: str, mode: str, refresh_months: int | None, *, bookings: list[Booking], today: dt.date
) -> PathwayStep:
    mine = [booking for booking in bookings if booking.session.course_id == pk]
    done = [london_day(one.session.ends_at) for one in mine if one.status in ATTENDED_IN_FULL]
    booked = any(one.status in HOLDS_A_PLACE and london_day(one.session.ends_at) >= today for one in mine)
    until = valid_until(done_on=max(done), refresh_months=refresh_months) if done else None
    return PathwayStep(code, title, mode, _state(done=bool(done), until=until, booked=booked, today=today), until)


def _state(*, done: bool, until: dt.date | None, booked: bool, today: dt.date) -> str:
    if done and (until is None or until > today + dt.timedelta(days=DUE_SOON_DAYS)):
        return "valid"
    if booked:
        return "booked"
    if until is None:
        return "to_do"
    return "due" if until >= today else "overdue"


def valid_until(*, done_on: dt.date, refresh_months: int | None) -> dt.date | None:
    """The last day on which training done on ``done_on`` counts; None when it never runs out (R20, R23)."""
    return add_months(done_on, refresh_months) if refresh_months else None
