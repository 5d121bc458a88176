"""What several pages of bookings need: the partnership they are for, and a session as people read it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from bookings.enums import BookingStatus
from competencies.models import Group
from core.models import Partnership
from core.periods import london_day
from core.templatetags.archway import london_date, time_range
from courses.enums import CourseState, Mode, SessionStatus
from courses.models import Course, CourseSession


def partnership_of(request: HttpRequest) -> Partnership:
    """The partnership of the request; 404 where the host leads to none."""
    partnership: Partnership | None = request.partnership  # type: ignore[attr-defined]
    if partnership is None:
        raise Http404
    return partnership


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the data sent, or nothing while it is only shown."""
    return request.POST if request.method == "POST" else None


def session_of(request: HttpRequest, ref: str) -> CourseSession:
    """A session of the partnership that the public may see: drafts answer 404 like anything missing."""
    sessions = CourseSession.objects.of(partnership_of(request)).exclude(course__state=CourseState.DRAFT)
    session: CourseSession = get_object_or_404(sessions.select_related("course", "venue", "partnership"), ref=ref)
    return session


def _listed(codes: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(codes[:-1]), codes[-1]]))


class Level(NamedTuple):
    """A group or level of a framework as labels show it; sorts as the framework has it."""

    framework_id: int
    order: int
    word: str
    code: str


def levels_of(course: Course) -> list[Level]:
    """The groups of a course, which must be prefetched with their framework."""
    groups = course.groups.all()
    return [Level(group.framework_id, group.order, group.framework.tier_word, group.code) for group in groups]


def level_words(levels: Iterable[Level]) -> list[str]:
    """``Group 3`` or ``Groups 3, 4 and 5``, once for each framework."""
    words = []
    for _, members in groupby(sorted(levels), key=lambda level: level.framework_id):
        of_framework = list(members)
        codes = [level.code for level in of_framework]
        words.append(f"{of_framework[0].word}{'s' if len(codes) > 1 else ''} {_listed(codes)}")
    return words


def course_labels(course: Course, mode: str) -> list[str]:
    """How it is given and how long it takes, as two labels."""
    length = course.length_label
    return [Mode(mode).label] + ([length] if length != Mode(mode).label else [])


def browse_tabs(current: str) -> list[dict[str, Any]]:
    """The ways to look at the programme."""
    tabs = [("By date", "catalogue"), ("By course", "courses"), ("Calendar", "calendar"), ("E-learning", "e_learning")]
    return [{"label": label, "url": reverse(f"bookings:{name}"), "current": name == current} for label, name in tabs]


def with_course(sessions: QuerySet[CourseSession]) -> QuerySet[CourseSession]:
    """Sessions with what a card shows of course and venue: one statement more for any number."""
    groups = Prefetch("course__groups", Group.objects.select_related("framework"))
    return sessions.select_related("course", "venue").prefetch_related(groups)


def renewal_words(months: int) -> str:
    """``Renew every 3 years``, or every so many months where they make no whole years."""
    if months % 12:
        return f"Renew every {months} months"
    return "Renew every year" if months == 12 else f"Renew every {months // 12} years"


def times_of(session: CourseSession) -> str:
    """``Thursday 12 March 2026, 9:30am to 4:30pm``; over several days the first and the last day."""
    if london_day(session.ends_at) == session.first_day:
        return f"{london_date(session.starts_at)}, {time_range(session.starts_at, session.ends_at)}"
    return f"{london_date(session.starts_at)} to {london_date(session.ends_at)}"


def session_card(session: Any, levels: Iterable[Level] | None = None) -> dict[str, Any]:
    """A date for ``components/session_card.html``. Needs places and one's own booking (``bookings.queries``)."""
    course, mine = session.course, session.my_status
    full = session.taken >= session.capacity and not mine
    return {
        "url": reverse("bookings:session", args=[session.ref]),
        "title": course.title,
        "starts_at": timezone.localtime(session.starts_at),
        "ends_at": timezone.localtime(session.ends_at),
        "place": session.where,
        "online": session.mode != Mode.IN_PERSON,
        "level": ", ".join(level_words(levels_of(course) if levels is None else levels)),
        "labels": course_labels(course, session.mode),
        "booked": bool(mine),
        "booked_text": "You are on the waiting list" if mine == BookingStatus.WAITING else "",
        "booking_url": reverse("bookings:booking", args=[session.my_reference]) if mine else "",
        "cancelled": session.status == SessionStatus.CANCELLED,
        "full": full,
        "waiting": session.waiting,
        "waiting_url": reverse("bookings:book", args=[session.ref]) if full else "",
        "taken": session.taken,
        "capacity": session.capacity,
    }
