"""The courses of the programme and their dates, by name, by month and as a calendar feed."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from bookings.calendars import programme_feed
from bookings.queries import with_my_booking, with_places
from competencies.models import Group
from core.access import public
from core.periods import add_months, start_of_day
from courses.enums import CourseState, Mode, SessionStatus
from courses.models import Course, CourseSession

from .shared import (
    browse_tabs,
    course_labels,
    level_words,
    levels_of,
    partnership_of,
    renewal_words,
    session_card,
    with_course,
)


def _with_groups(courses: QuerySet[Course]) -> QuerySet[Course]:
    return courses.prefetch_related(Prefetch("groups", Group.objects.select_related("framework")))


def _line(course: Any) -> dict[str, Any]:
    """A course as the lists show it."""
    return {
        "code": course.code,
        "title": course.title,
        "aim": course.aim,
        "level": ", ".join(level_words(levels_of(course))),
        "labels": course_labels(course, course.mode),
        "dates": getattr(course, "dates", 0),
        "next_date": getattr(course, "next_date", None),
    }


@public
def courses(request: HttpRequest) -> HttpResponse:
    """The published courses from A to Z, each with its number of dates and the next one."""
    now = timezone.now()
    still_open = Q(sessions__status=SessionStatus.SCHEDULED, sessions__starts_at__gt=now)
    shown = Course.objects.of(partnership_of(request)).published().exclude(mode=Mode.E_LEARNING)
    shown = shown.annotate(
        dates=Count("sessions", filter=still_open), next_date=Min("sessions__starts_at", filter=still_open)
    )
    lines = [_line(course) for course in _with_groups(shown).order_by("title")]
    letters = [(letter, list(under)) for letter, under in groupby(lines, key=lambda line: line["title"][:1].upper())]
    return render(request, "bookings/courses.html", {"letters": letters, "tabs": browse_tabs("courses")})


@public
def course(request: HttpRequest, code: str) -> HttpResponse:
    """One course with its open dates. A retired one keeps its page and says so."""
    known = _with_groups(Course.objects.of(partnership_of(request)).exclude(state=CourseState.DRAFT))
    shown: Course = get_object_or_404(known, code=code)
    dates = with_my_booking(
        with_places(shown.sessions.open_for_booking(now=timezone.now())),  # type: ignore[attr-defined]
        request.person,  # type: ignore[attr-defined]
    )
    context = {
        "course": shown,
        "tags": _tags(shown),
        "cards": [session_card(date) for date in with_course(dates).order_by("starts_at")],
        "retired": shown.state == CourseState.RETIRED,
        "prerequisites": shown.prerequisites.all(),
        "leads_to": shown.leads_to.published(),
    }
    return render(request, "bookings/course.html", context)


def _tags(shown: Course) -> list[str]:
    tags = level_words(levels_of(shown)) + course_labels(shown, shown.mode)
    return tags + ([renewal_words(shown.refresh_months)] if shown.refresh_months else [])


@public
def e_learning(request: HttpRequest) -> HttpResponse:
    """The courses people work through by themselves."""
    shown = Course.objects.of(partnership_of(request)).published().filter(mode=Mode.E_LEARNING).order_by("title")
    context = {"lines": [_line(course) for course in _with_groups(shown)], "tabs": browse_tabs("e_learning")}
    return render(request, "bookings/e_learning.html", context)


@public
def calendar(request: HttpRequest) -> HttpResponse:
    """The open dates of one month as a list; ``month=2026-03`` chooses it, the month of the next date unless told."""
    open_dates = CourseSession.objects.of(partnership_of(request)).open_for_booking(now=timezone.now())
    months = [timezone.localtime(month).date() for month in open_dates.datetimes("starts_at", "month")]
    month = _chosen_month(request.GET.get("month", ""), months)
    number = months.index(month) if month else 0
    shown = with_my_booking(with_places(_in_month(open_dates, month)), request.person)  # type: ignore[attr-defined]
    context = {
        "month": month,
        "earlier": months[number - 1] if number else None,
        "later": months[number + 1] if number + 1 < len(months) else None,
        "cards": [session_card(date) for date in with_course(shown).order_by("starts_at")],
        "tabs": browse_tabs("calendar"),
    }
    return render(request, "bookings/calendar.html", context)


def _chosen_month(text: str, months: list[dt.date]) -> dt.date | None:
    """The month asked for if it has dates, else the first one that does; None without any."""
    return next((month for month in months if f"{month:%Y-%m}" == text), months[0] if months else None)


def _in_month(dates: QuerySet[CourseSession], month: dt.date | None) -> QuerySet[CourseSession]:
    if month is None:
        return dates.none()
    return dates.filter(starts_at__gte=start_of_day(month), starts_at__lt=start_of_day(add_months(month, 1)))


@public
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """The open dates as a calendar that programs subscribe to."""
    partnership, now = partnership_of(request), timezone.now()
    dates = CourseSession.objects.of(partnership).open_for_booking(now=now).select_related("course", "venue")
    feed = programme_feed(sessions=dates.prefetch_related("parts"), partnership=partnership, now=now)
    headers = {"Content-Disposition": 'inline; filename="training.ics"', "Cache-Control": "public, max-age=3600"}
    return HttpResponse(feed, content_type="text/calendar; charset=utf-8", headers=headers)
