"""The administrator's lists: dates with their registers and costs, bookings, proposed charges."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from bookings.enums import BookingStatus, ChargeState
from bookings.filters import BookingListFilter, ChargeListFilter, SessionListFilter
from bookings.models import Booking, Charge
from bookings.queries import with_places
from core.access import needs
from core.panels import panels_for
from courses.models import CourseSession

from .shared import partnership_of, times_of
from .words import tag_of

ROWS = 50
SESSION_PANELS = "bookings:manage_session"  # subject: the session


def _subnav(current: str) -> list[dict[str, Any]]:
    pages = [("Dates", "manage_sessions"), ("Bookings", "manage_bookings")]
    return [{"label": label, "url": reverse(f"bookings:{name}"), "current": name == current} for label, name in pages]


@needs("bookings.manage")
def manage_sessions(request: HttpRequest) -> HttpResponse:
    """Every date, with its places and whether its register is finished."""
    chosen = SessionListFilter(request.GET, CourseSession.objects.of(partnership_of(request)))
    shown = with_places(chosen.qs).select_related("course", "venue")
    page = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "filter": chosen.form, "subnav": _subnav("manage_sessions")}
    return render(request, "bookings/manage_sessions.html", context)


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
    chosen = BookingListFilter(request.GET, Booking.objects.visible_to(request.user, partnership_of(request)))
    shown = chosen.qs.select_related("person", "agency", "session__course").order_by("-booked_at", "-pk")
    page = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    rows = [{"booking": booking, "tag": tag_of(booking)} for booking in page]
    context = {"page": page, "rows": rows, "filter": chosen.form, "subnav": _subnav("manage_bookings")}
    return render(request, "bookings/manage_bookings.html", context)


@needs("charges.manage")
def manage_charges(request: HttpRequest) -> HttpResponse:
    """The charges proposed, confirmed or waived, with the rule that led to each."""
    charges = Charge.objects.of(partnership_of(request))
    chosen = ChargeListFilter(request.GET, charges)
    shown = chosen.qs.select_related("agency", "booking__person", "booking__session__course")
    state, sums = chosen.form.cleaned_data["state"], _sums(charges)
    context = {
        "page": Paginator(shown, ROWS).get_page(request.GET.get("page")),
        "tabs": [
            {"label": f"{label} ({sums[key][0]})", "url": f"?state={key}", "current": key == state}
            for key, label in ChargeState.choices
        ],
        "state": ChargeState(state).label,
        "number": sums[state][0],
        "total": sums[state][1],
    }
    return render(request, "bookings/manage_charges.html", context)


def _sums(charges: QuerySet[Charge]) -> dict[str, tuple[int, Decimal]]:
    """How many charges each state has, and how much they are together."""
    counted = charges.values_list("state").annotate(number=Count("pk"), total=Sum("amount")).order_by()
    found = {state: (number, total) for state, number, total in counted}
    return dict.fromkeys(ChargeState.values, (0, Decimal(0))) | found
