"""What is looked at before someone books: shown on the page of the date, and refused only where it must be (R43-R45).

Warnings may be passed by whoever books; only a date that is over, cancelled or not published, a booking that exists,
and a person whose agency is unknown are refused.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import F

from agencies.models import Employment, Person
from agencies.models.person import EmploymentQuerySet
from bookings.enums import ATTENDED_IN_FULL, LIVE, REGISTERED, BookingStatus
from bookings.models import Booking
from competencies.models import Group
from core.errors import RuleBroken
from core.periods import add_months, london_day
from core.templatetags.archway import london_date, long_date, plural_count
from courses.enums import CourseState, SessionStatus
from courses.models import Course, CourseSession, SessionPart

from .places import free_places_of

MET, WARNING, REFUSED = "met", "warning", "refused"


class NotOpenForBooking(RuleBroken):
    default_message = "This date is not open for booking."


class NoAgencyKnown(RuleBroken):
    default_message = (
        "We do not know which agency you work for, so we cannot book you. "
        "Ask the training team to add it to your details."
    )


@dataclass(frozen=True)
class Check:
    """One thing looked at. ``state`` is met, warning or refused; ``link`` a path that helps, or empty."""

    state: str
    title: str
    detail: str = ""
    link: str = ""

    @property
    def is_met(self) -> bool:
        return self.state == MET


def why_not_open(*, session: CourseSession, now: dt.datetime) -> str:
    """Why nobody may book this date any more, as a sentence; empty while it is open."""
    if session.status == SessionStatus.CANCELLED:
        return "This date was cancelled."
    if session.status == SessionStatus.HELD or now >= session.starts_at:
        return "This date has passed or has begun already."
    if session.course.state != CourseState.PUBLISHED:
        return "This course is not open for booking."
    return ""


def refuse_unless_open(*, session: CourseSession, now: dt.datetime) -> None:
    """Raises ``NotOpenForBooking`` when the session is over, cancelled or not published."""
    if reason := why_not_open(session=session, now=now):
        raise NotOpenForBooking(f"{reason} Choose another date.")


def current_employment(*, person: Person, on: dt.date) -> Employment:
    """The job someone books from: the one begun last of those that run on ``on`` (T11). Raises ``NoAgencyKnown``."""
    job = find_employment(person=person, on=on)
    if job is None:
        raise NoAgencyKnown
    return job


def find_employment(*, person: Person, on: dt.date) -> Employment | None:
    """As ``current_employment``, or None."""
    return _jobs(person, on).select_related("agency", "manager").first()


def agency_and_manager(*, person: Person, on: dt.date) -> tuple[int | None, str]:
    """The id of the agency someone books for, and their line manager's address: all that a booking needs of
    ``current_employment``, without reading the rest. Either may be missing.
    """
    job = _jobs(person, on).values_list("agency_id", "manager_email", "manager__email").first()
    if job is None:
        return None, ""
    agency, manager_email, known_manager = job
    return agency, manager_email or known_manager or ""


def _jobs(person: Person, on: dt.date) -> EmploymentQuerySet:
    """Someone's jobs on a day, the one begun last first."""
    jobs = Employment.objects.current(on=on).filter(person=person)
    return jobs.order_by(F("start_date").desc(nulls_last=True), "-pk")


def checks_before_booking(*, session: CourseSession, person: Person, now: dt.datetime) -> list[Check]:
    """What the page of a date shows someone before they book, in the order shown (R43-R45). At most 8 statements.

    With a refused check the booking would be refused too; warnings are for the person to weigh.
    """
    if reason := why_not_open(session=session, now=now):
        return [Check(REFUSED, "You cannot book this date", reason)]
    mine = list(
        Booking.objects.filter(person=person, status__in=LIVE)
        .select_related("session__course")
        .order_by("session__starts_at")
    )
    job = find_employment(person=person, on=london_day(now))
    found = [
        _already_booked(session, mine),
        _agency(job),
        _places(session),
        _role(session.course, job),
        *_prerequisites(session.course, mine),
        _still_valid(session, mine),
        _clash(session, mine),
    ]
    return [check for check in found if check is not None]


def may_book(checks: list[Check]) -> bool:
    """Whether nothing looked at refuses the booking."""
    return all(check.state != REFUSED for check in checks)


def _already_booked(session: CourseSession, mine: list[Booking]) -> Check | None:
    booking = next((one for one in mine if one.session_id == session.pk), None)
    if booking is None:
        return None
    words = (
        "You are on the waiting list" if booking.status == BookingStatus.WAITING else "You have a booking for this date"
    )
    return Check(REFUSED, words, f"Your reference is {booking.reference}.", f"/my/bookings/{booking.reference}/")


def _agency(job: Employment | None) -> Check:
    if job is None:
        return Check(REFUSED, "We do not know your agency", str(NoAgencyKnown()))
    return Check(MET, "You book for your agency", job.agency.name)


def _places(session: CourseSession) -> Check:
    free = len(free_places_of(session))
    if free:
        return Check(MET, "There is a place", f"{plural_count(free, 'place')} left of {session.capacity}.")
    return Check(WARNING, "This date is full", "You can join the waiting list. We book you when a place comes free.")


def _role(course: Course, job: Employment | None) -> Check | None:
    groups = {group.pk: group for group in course.groups.select_related("framework")}
    if not groups or job is None:
        return None
    mine = list(job.groups.select_related("framework"))
    if not mine:
        return Check(
            WARNING, "We do not know your role group", f"This course is for {_list_groups(list(groups.values()))}."
        )
    shared = [group for group in mine if group.pk in groups]
    if shared:
        return Check(MET, "This course is for your role", f"You are in {_list_groups(shared)}: {shared[0].name}.")
    detail = f"It is for {_list_groups(list(groups.values()))}. You are in {_list_groups(mine)}."
    return Check(WARNING, "This course is for other roles", detail)


def _list_groups(groups: list[Group]) -> str:
    """``Group 3``, ``Group 3 and Group 4``."""
    names = [f"{group.framework.tier_word} {group.code}" for group in groups]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _prerequisites(course: Course, mine: list[Booking]) -> list[Check]:
    checks = []
    for earlier in course.prerequisites.all():
        done = [one for one in mine if one.session.course_id == earlier.pk and one.status in ATTENDED_IN_FULL]
        if done:
            detail = f"You attended it on {long_date(done[-1].session.ends_at)}."
            checks.append(Check(MET, f"You have done {earlier.title}", detail))
        else:
            detail = "We have no record that you attended it. If you did so elsewhere, you may book."
            checks.append(Check(WARNING, f"Do {earlier.title} first", detail, f"/training/courses/{earlier.code}/"))
    return checks


def _still_valid(session: CourseSession, mine: list[Booking]) -> Check | None:
    months = session.course.refresh_months
    same = [one for one in mine if one.session.course_id == session.course_id and one.status in ATTENDED_IN_FULL]
    if not months or not same:
        return None
    done = london_day(max(one.session.ends_at for one in same))
    until = add_months(done, months)
    if until <= session.first_day:
        return None
    detail = f"You attended on {long_date(done)} and need not renew before {long_date(until)}."
    return Check(WARNING, "You have done this course", detail)


def _clash(session: CourseSession, mine: list[Booking]) -> Check | None:
    others = [one.session_id for one in mine if one.session_id != session.pk and one.status not in REGISTERED]
    parts = list(session.parts.all())
    near = SessionPart.objects.filter(session__in=others, starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
    for other in near.select_related("session__course"):
        if any(part.starts_at < other.ends_at and other.starts_at < part.ends_at for part in parts):
            detail = f"You are booked on {other.session.course.title} on {london_date(other.starts_at)}."
            return Check(WARNING, "You have another booking at that time", detail, "/my/")
    return None
