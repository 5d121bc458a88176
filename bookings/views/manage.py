"""The administrator's lists: dates with their registers and costs, bookings, proposed charges."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from bookings.enums import BookingStatus, ChargeState
from bookings.models import Booking, Charge
from bookings.queries import with_places
from core.access import needs
from core.panels import panels_for
from core.periods import london_day, start_of_day
from courses.enums import SessionStatus
from courses.models import CourseSession

from .shared import partnership_of, times_of
from .words import tag_of

ROWS = 50
SESSION_PANELS = "bookings:manage_session"  # subject: the session
WHEN = {"coming": "Coming up", "to_finish": "Register to finish", "past": "Past", "cancelled": "Cancelled"}


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:100]


def _chosen(request: HttpRequest, name: str, known: dict[str, Any], default: str) -> str:
    value = request.GET.get(name, "")
    return value if value in known else default


def _tabs(request: HttpRequest, name: str, labels: dict[str, str], chosen: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"{request.path}?{name}={key}", "current": key == chosen}
        for key, label in labels.items()
    ]


def _subnav(current: str) -> list[dict[str, Any]]:
    pages = [("Dates", "manage_sessions"), ("Bookings", "manage_bookings")]
    return [{"label": label, "url": reverse(f"bookings:{name}"), "current": name == current} for label, name in pages]


@needs("bookings.manage")
def manage_sessions(request: HttpRequest) -> HttpResponse:
    """Every date, with its places and whether its register is finished."""
    chosen = _chosen(request, "when", WHEN, "coming")
    sessions = _sessions_when(CourseSession.objects.of(partnership_of(request)), chosen)
    for word in _words(request).split():
        sessions = sessions.filter(
            Q(ref__icontains=word)
            | Q(course__title__icontains=word)
            | Q(course__code__icontains=word)
            | Q(venue__name__icontains=word)
        )
    page = Paginator(with_places(sessions).select_related("course", "venue"), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "words": _words(request),
        "when": chosen,
        "choices": [{"value": key, "label": label, "chosen": key == chosen} for key, label in WHEN.items()],
        "subnav": _subnav("manage_sessions"),
    }
    return render(request, "bookings/manage_sessions.html", context)


def _sessions_when(sessions: QuerySet[CourseSession], chosen: str) -> QuerySet[CourseSession]:
    today = start_of_day(london_day(timezone.now()))
    if chosen == "cancelled":
        return sessions.filter(status=SessionStatus.CANCELLED).order_by("-starts_at")
    if chosen == "to_finish":
        return sessions.filter(status=SessionStatus.SCHEDULED, starts_at__lt=timezone.now()).order_by("starts_at")
    if chosen == "past":
        return sessions.filter(starts_at__lt=today).exclude(status=SessionStatus.CANCELLED).order_by("-starts_at")
    return sessions.filter(starts_at__gte=today).exclude(status=SessionStatus.CANCELLED).order_by("starts_at")


@needs("bookings.manage")
def manage_session(request: HttpRequest, ref: str) -> HttpResponse:
    """One date: its bookings, waiting list, register and costs."""
    sessions = with_places(CourseSession.objects.of(partnership_of(request))).select_related(
        "course", "venue", "register"
    )
    session: Any = get_object_or_404(sessions, ref=ref)
    bookings = list(Booking.objects.filter(session=session).select_related("person", "agency", "charge", "certificate"))
    waiting = [booking for booking in bookings if booking.status == BookingStatus.WAITING]
    costs = [
        ("Trainers", session.trainer_cost),
        ("Venue", session.venue_cost),
        ("Refreshments", session.refreshment_cost),
    ]
    context = {
        "session": session,
        "times": times_of(session),
        "bookings": [_booking_row(booking) for booking in bookings if booking not in waiting],
        "waiting": waiting,
        "costs": costs,
        "total_cost": sum(cost for _, cost in costs),
        "panels": panels_for(SESSION_PANELS, request, session),
    }
    return render(request, "bookings/manage_session.html", context)


def _booking_row(booking: Booking) -> dict[str, Any]:
    return {
        "booking": booking,
        "tag": tag_of(booking),
        "charge": getattr(booking, "charge", None),
        "certificate": getattr(booking, "certificate", None),
    }


@needs("bookings.manage")
def manage_bookings(request: HttpRequest) -> HttpResponse:
    """Every booking, by name, reference or date, and by what became of it."""
    status = _chosen(request, "status", dict(BookingStatus.choices), "")
    bookings = Booking.objects.visible_to(request.user, partnership_of(request))
    if status:
        bookings = bookings.filter(status=status)
    for word in _words(request).split():
        person = (
            Q(person__first_name__icontains=word) | Q(person__last_name__icontains=word) | Q(person__email__iexact=word)
        )
        bookings = bookings.filter(person | Q(reference__iexact=word) | Q(session__ref__iexact=word))
    shown = bookings.select_related("person", "agency", "session__course").order_by("-booked_at", "-pk")
    page = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [{"booking": booking, "tag": tag_of(booking)} for booking in page],
        "words": _words(request),
        "statuses": [{"value": key, "label": label, "chosen": key == status} for key, label in BookingStatus.choices],
        "subnav": _subnav("manage_bookings"),
    }
    return render(request, "bookings/manage_bookings.html", context)


@needs("charges.manage")
def manage_charges(request: HttpRequest) -> HttpResponse:
    """The charges proposed, confirmed or waived, with the rule that led to each."""
    labels = dict(ChargeState.choices)
    state = _chosen(request, "state", labels, ChargeState.PROPOSED)
    charges = Charge.objects.of(partnership_of(request))
    counted = charges.values_list("state").annotate(number=Count("pk"), total=Sum("amount")).order_by()
    sums = {found: (number, total) for found, number, total in counted}
    shown = charges.filter(state=state).select_related("agency", "booking__person", "booking__session__course")
    number, total = sums.get(state, (0, 0))
    context = {
        "page": Paginator(shown, ROWS).get_page(request.GET.get("page")),
        "tabs": _tabs(
            request, "state", {key: f"{label} ({sums.get(key, (0, 0))[0]})" for key, label in labels.items()}, state
        ),
        "state": labels[state],
        "number": number,
        "total": total,
    }
    return render(request, "bookings/manage_charges.html", context)
