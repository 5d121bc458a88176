"""One's own booking: its confirmation, its details, its calendar file, giving it up."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from bookings.calendars import calendar_file
from bookings.domain.cancellation import cancel_booking, cancels_late
from bookings.enums import AccessNeed, BookingStatus
from bookings.models import Booking, BookingNeeds
from bookings.queries import COMING, Terms, terms_of, waiting_position
from core.access import signed_in
from core.errors import RuleBroken
from core.templatetags.archway import date_and_time, london_date, money
from courses.enums import Mode

from .facts import cancelling, where
from .sessions import other_dates
from .shared import partnership_of, posted, times_of
from .words import steps_of, tag_of

WAITING = BookingStatus.WAITING


def booking_of(request: HttpRequest, reference: str) -> Booking:
    """One's own booking; another's answers 404 like a missing one."""
    seen = Booking.objects.visible_to(request.user, partnership_of(request))
    mine = seen.filter(person__user=request.user).select_related(
        "session__course", "session__venue", "session__partnership", "agency", "person", "policy", "certificate"
    )
    booking: Booking = get_object_or_404(mine, reference=reference)
    return booking


@signed_in
def book_done(request: HttpRequest, reference: str) -> HttpResponse:
    """The end of booking: booked, or which number on the waiting list, and what happens next."""
    booking, now = booking_of(request, reference), timezone.now()
    position = waiting_position(booking)
    terms = terms_of(booking)
    context = {
        "booking": booking,
        "times": times_of(booking.session),
        "title": f"You are number {position} on the waiting list" if position else "You are booked",
        "position": position,
        "last_place_gone": position and request.GET.get("last-place") == "gone",
        "other_dates": other_dates(booking.session, now) if position else [],
        "events": _waiting_events() if position else _events(booking),
        "facts": [where(booking.session)] + ([] if position else [cancelling(terms, now=now)]),
        "button": None if position else {"url": _calendar_address(booking), "text": "Add to my calendar"},
    }
    return render(request, "bookings/book_done.html", context)


def _calendar_address(booking: Booking) -> str:
    return reverse("bookings:booking_calendar", args=[booking.reference])


def _waiting_events() -> list[dict[str, str]]:
    return [
        {
            "title": "A place comes free",
            "text": "The person who has waited longest gets it. We book you and email you at once.",
        },
        {
            "title": "You decide",
            "text": "If you no longer want the place, leave the list or cancel from your booking page.",
        },
        {"title": "You book another date instead", "text": "You may wait here and book another date at the same time."},
    ]


def _events(booking: Booking) -> list[dict[str, str]]:
    """What happens next, with the dates written out."""
    session = booking.session
    attend = f"On {times_of(session)}."
    if session.course.content_note:
        attend = f"{attend} {session.course.content_note}"
    return [
        {"title": "You attend", "text": attend},
        {
            "title": "You evaluate",
            "text": "We email you when the trainer has finished the register. It takes 5 minutes.",
        },
        {"title": "You get your certificate", "text": "It is ready as soon as you send the evaluation."},
        {"title": "We ask what changed", "text": "A 3-minute survey some months later, without signing in."},
    ]


@signed_in
def booking(request: HttpRequest, reference: str) -> HttpResponse:
    """The details of a booking."""
    shown, now = booking_of(request, reference), timezone.now()
    position = waiting_position(shown)
    coming = shown.status in COMING and now < shown.session.starts_at
    context = {
        "booking": shown,
        "session": shown.session,
        "tag": tag_of(shown),
        "position": position,
        "times": times_of(shown.session),
        "steps": steps_of(shown, now=now) if coming or shown.holds_a_place else [],
        "rows": _rows(shown, position, coming, now),
        "may_cancel": coming,
        "certificate": _valid_certificate(shown),
    }
    return render(request, "bookings/booking.html", context)


def _valid_certificate(shown: Booking) -> Any:
    certificate = getattr(shown, "certificate", None)
    return certificate if certificate and not certificate.withdrawn_at else None


def _rows(shown: Booking, position: int, coming: bool, now: dt.datetime) -> list[dict[str, str]]:
    session, venue = shown.session, shown.session.venue
    rows = [("When", times_of(session)), ("Where", session.where)]
    if venue:
        rows += [("Address", venue.address), ("Travel", venue.travel), ("Access", venue.access)]
    rows += [("Reference", shown.reference), ("Booked", date_and_time(shown.booked_at)), ("Agency", shown.agency.name)]
    if session.mode != Mode.IN_PERSON and coming and not position:
        rows.insert(2, ("Link to join", _link(session.joining_link)))
    if coming:
        rows += [("What you need", _needs(shown)), ("Cancelling", _cancelling(shown, position, now))]
    if shown.cancelled_at:
        rows.append(("Cancelled", date_and_time(shown.cancelled_at)))
    return [{"key": key, "value": value} for key, value in rows if value]


def _link(address: str) -> str:
    """The address of an online session as a link; only the web's own kind is followed."""
    if not address.startswith(("https://", "http://")):
        return "Not known yet. Look here again before the day."
    return format_html('<a class="govuk-link app-wrap" href="{0}">{0}</a>', address)


def _needs(shown: Booking) -> str:
    kept = BookingNeeds.objects.filter(booking=shown).first()
    return "; ".join(needs_words(kept)) if kept else "Nothing arranged"


def needs_words(kept: BookingNeeds) -> list[str]:
    """Access needs in words; what is not in the list stands as it was written."""
    words = [str(AccessNeed(one).label) if one in AccessNeed.values else str(one) for one in kept.access]
    return [*words, *filter(None, [kept.other, kept.diet])]


def _cancelling(shown: Booking, position: int, now: dt.datetime) -> str:
    if position:
        return "You can leave the waiting list at any time. It costs nothing."
    fact = cancelling(terms_of(shown), now=now)
    return f"{fact['heading']}. {fact['text']}"


@signed_in
def booking_calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """The calendar file of a booking."""
    shown = booking_of(request, reference)
    text = calendar_file(booking=shown, now=timezone.now(), cancelled=shown.status not in COMING)
    headers = {"Content-Disposition": f'attachment; filename="booking-{shown.reference}.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)


@signed_in
def booking_cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Give up a place or leave the waiting list, after reading what it costs."""
    shown, now = booking_of(request, reference), timezone.now()
    form = Form(posted(request))
    if form.is_valid():
        try:
            ended = cancel_booking(booking=shown, by=request.user, now=now)  # type: ignore[arg-type]
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _what_happened(ended, was_waiting=shown.status == WAITING))
            return redirect("bookings:my_training")
    elif shown.status not in COMING or now >= shown.session.starts_at:
        return redirect("bookings:booking", reference)
    return render(request, "bookings/booking_cancel.html", {"form": form, **_price_of_cancelling(shown, now)})


def _price_of_cancelling(shown: Booking, now: dt.datetime) -> dict[str, Any]:
    """What the page says before someone cancels: the exact last free day and the exact sum."""
    terms, late = terms_of(shown), cancels_late(shown, now=now)
    waiting = shown.status == WAITING
    owed = money(terms.absence) if late and terms.absence else ""
    return {
        "booking": shown,
        "times": times_of(shown.session),
        "waiting": waiting,
        "owed": owed,
        "text": _cost_words(terms, owed),
    }


def _cost_words(terms: Terms, owed: str) -> str:
    if terms.free_until is None:
        return "Your agency is not charged."
    day = london_date(terms.free_until)
    if owed:
        return f"The last day to cancel free was {day}. If you cancel now, your agency will be charged {owed}."
    return f"You can cancel free until {day}, so your agency is not charged."


def _what_happened(ended: Booking, *, was_waiting: bool) -> str:
    course = ended.session.course.title
    if was_waiting:
        return f"You have left the waiting list for {course}."
    charge = getattr(ended, "charge", None)
    if charge is None:
        return f"Your place on {course} is cancelled. There is no charge."
    return f"Your place on {course} is cancelled. Your agency will be charged {money(charge.amount)}."
