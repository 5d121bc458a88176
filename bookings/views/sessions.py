"""The page of one date: what it is, whether one may book it, what it costs, and other dates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from agencies.models import Employment, Person
from bookings.domain.eligibility import Check, checks_before_booking, find_employment, may_book, why_not_open
from bookings.enums import BookingStatus
from bookings.queries import terms_of_booking, with_my_booking, with_places
from core.access import public
from core.periods import london_day
from core.templatetags.archway import london_date, time_range
from courses.enums import CourseState, SessionStatus
from courses.models import CourseSession
from trainers.enums import DeliveryRole
from trainers.models import Delivery

from .facts import days_of, panel_facts
from .shared import course_labels, level_words, levels_of, partnership_of, renewal_words, with_course

OTHER_DATES = 5


@public
def session(request: HttpRequest, ref: str) -> HttpResponse:
    """One date of a course."""
    now, person = timezone.now(), request.person or None  # type: ignore[attr-defined]
    shown = get_object_or_404(_public_sessions(request, person), ref=ref)
    closed = why_not_open(session=shown, now=now)
    asks = person and not closed and not shown.my_status
    checks = checks_before_booking(session=shown, person=person, now=now) if asks else []
    context = {
        "session": shown,
        "tags": _tags(shown),
        "banner": _banner(shown, closed),
        "checks": [as_item(check) for check in checks],
        "panel": {**_when(shown), **_button(shown, closed, checks)},
        "facts": [] if closed else _facts(shown, person, now),
        "on_the_day": _on_the_day(shown, now),
        "other_dates": other_dates(shown, now),
    }
    return render(request, "bookings/session.html", context)


def _facts(shown: CourseSession, person: Person | None, now: dt.datetime) -> list[dict[str, Any]]:
    """Where, cost, cancelling and approval, by what the person's own agency pays."""
    job = find_employment(person=person, on=london_day(now)) if person else None
    terms = terms_of_booking(session=shown, agency=job.agency if job else None, now=now)
    return panel_facts(shown, terms, now=now)


def _public_sessions(request: HttpRequest, person: Person | None) -> QuerySet[CourseSession]:
    sessions = CourseSession.objects.of(partnership_of(request)).exclude(course__state=CourseState.DRAFT)
    with_all = with_my_booking(with_places(with_course(sessions)), person)
    return with_all.select_related("course", "venue", "partnership").prefetch_related("parts")


def _tags(shown: CourseSession) -> list[str]:
    course = shown.course
    tags = level_words(levels_of(course)) + course_labels(course, shown.mode)
    return tags + ([renewal_words(course.refresh_months)] if course.refresh_months else [])


def _banner(shown: CourseSession, closed: str) -> dict[str, str]:
    """What stands on top of a date that nobody can book any more."""
    if shown.status == SessionStatus.CANCELLED:
        return {"heading": closed, "text": shown.cancelled_reason}
    return {"heading": closed} if closed else {}


def as_item(check: Check) -> dict[str, Any]:
    """A check for ``components/checks.html``: a met one, one to weigh, or one that stands in the way."""
    item = {"met": check.is_met, "text": check.title, "detail": check.detail}
    if check.link:
        item |= {"url": check.link, "link": "More about this"}
    if check.state == "refused":
        item |= {"tag": "Not met", "tone": "bad"}
    elif not check.is_met:
        item |= {"tag": "Check", "tone": "warn"}
    return item


def _when(shown: Any) -> dict[str, Any]:
    """Day, time and places of the panel. The day stands in full, for a date block says nothing to a screen reader."""
    parts = days_of(shown)
    times = time_range(shown.starts_at, shown.ends_at)
    return {
        "heading": london_date(shown.starts_at),
        "sub": f"and {len(parts) - 1} more day{'s' if len(parts) > 2 else ''}" if parts else times,
        "days": parts,
    }


def _button(shown: Any, closed: str, checks: list[Check]) -> dict[str, Any]:
    """The one thing to do: book, wait, or look at the booking one has."""
    if shown.my_status:
        words = "You are on the waiting list" if shown.my_status == BookingStatus.WAITING else "You are booked"
        address = reverse("bookings:booking", args=[shown.my_reference])
        return {"note": f"{words}.", "button": {"url": address, "text": "View your booking"}}
    if closed:
        return {}
    full = shown.taken >= shown.capacity
    note = f"{_people(shown.waiting)} waiting." if full and shown.waiting else ""
    words = "Join the waiting list" if full else "Book your place"
    if checks and not may_book(checks):
        return {"note": "You cannot book this date. “Before you book” says why."}
    return {"note": note, "button": {"url": reverse("bookings:book", args=[shown.ref]), "text": words}}


def _people(number: int) -> str:
    return "1 person is" if number == 1 else f"{number} people are"


def _on_the_day(shown: CourseSession, now: dt.datetime) -> list[dict[str, Any]]:
    """Key and value of what people ask about the day; what is not known is left out."""
    venue, course = shown.venue, shown.course
    food = "Refreshments are provided. Tell us about allergies when you book." if shown.refreshment_cost else ""
    rows = [
        ("Dates", days_of(shown)),
        ("Trainers", _trainers(shown, now)),
        ("Travel", venue.travel if venue else ""),
        ("Access", f"{venue.access} You can tell us what you need when you book." if venue and venue.access else ""),
        ("Food", food),
        ("Content", course.content_note),
        ("Certificate", "Download it when you have attended the whole course and sent your evaluation"),
    ]
    return [{"key": key, "value": value, "id": _ids(key, rows)} for key, value in rows if value]


def _ids(key: str, rows: list[tuple[str, Any]]) -> str:
    """ "Travel and access" of the panel leads to the first of the two rows that is there."""
    present = [name for name, value in rows if value and name in ("Travel", "Access")]
    return "travel" if present and key == present[0] else ""


def _trainers(shown: CourseSession, now: dt.datetime) -> str:
    """``2 trainers, from Wrenshire Council and Wrenbury Hospitals``: agencies, not names."""
    people = (
        Delivery.objects.filter(session=shown)
        .exclude(role=DeliveryRole.OBSERVER)
        .values_list("trainer__person", flat=True)
    )
    jobs = Employment.objects.current(on=london_day(now)).filter(person__in=list(people)).select_related("agency")
    agencies = sorted({job.agency.name for job in jobs})
    if not people:
        return ""
    count = "1 trainer" if len(people) == 1 else f"{len(people)} trainers"
    named = " and ".join(filter(None, [", ".join(agencies[:-1]), agencies[-1]])) if agencies else ""
    return f"{count}, from {named}" if named else count


def other_dates(shown: CourseSession, now: dt.datetime) -> list[CourseSession]:
    """The next open dates of the same course."""
    others = CourseSession.objects.of(shown.partnership).open_for_booking(now=now)
    same = others.filter(course=shown.course).exclude(pk=shown.pk).select_related("venue")
    return list(with_places(same).order_by("starts_at")[:OTHER_DATES])
