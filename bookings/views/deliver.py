"""My delivery: the sessions a trainer delivers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bookings.queries import with_places
from core.access import needs
from core.periods import london_day, start_of_day
from courses.enums import SessionStatus
from courses.models import CourseSession
from trainers.enums import DeliveryRole

from .shared import partnership_of, times_of

PAST_SHOWN = 20


@needs("trainers.deliver")
def deliver(request: HttpRequest) -> HttpResponse:
    """The sessions of a trainer: registers to finish first, then what is coming, then the latest past ones."""
    today = london_day(timezone.now())
    mine = _delivered_by(request)
    coming = (
        mine.filter(starts_at__gte=start_of_day(today)).exclude(status=SessionStatus.CANCELLED).order_by("starts_at")
    )
    past = mine.filter(starts_at__lt=start_of_day(today)).order_by("-starts_at")[:PAST_SHOWN]
    rows = [_row(session, today) for session in past]
    context = {
        "due": [row for row in rows if row["state"] == "due"],
        "coming": [_row(session, today) for session in coming],
        "past": [row for row in rows if row["state"] != "due"],
    }
    return render(request, "bookings/deliver.html", context)


def _delivered_by(request: HttpRequest) -> QuerySet[CourseSession]:
    sessions = CourseSession.objects.of(partnership_of(request)).filter(
        deliveries__trainer__person__user=request.user, deliveries__role__in=[DeliveryRole.LEAD, DeliveryRole.CO]
    )
    return with_places(sessions).select_related("course", "venue")


def _row(session: Any, today: dt.date) -> dict[str, Any]:
    states = {SessionStatus.HELD: "finished", SessionStatus.CANCELLED: "cancelled"}
    scheduled = "due" if session.first_day < today else "today" if session.first_day == today else "coming"
    state = states.get(session.status, scheduled)
    return {"session": session, "times": times_of(session), "state": state, "taken": session.taken}
