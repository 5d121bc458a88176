"""My training: what is coming up, what to renew, what to do, and the record."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from bookings.domain.certificates import may_release
from bookings.domain.pathway import PathwayStep, pathway_of
from bookings.enums import BookingStatus
from bookings.models import Booking
from bookings.queries import bookings_of
from core.access import signed_in
from core.panels import panels_for
from core.templatetags.archway import long_date
from courses.enums import Mode

from .shared import partnership_of
from .words import TONES, certificate_words, steps_of

TODO_PANELS = "bookings:my_training_todo"  # subject: the person
FEW = 5
RECORD_PANELS = "bookings:record_action"  # subject: a booking that has no certificate yet


@signed_in
def my_training(request: HttpRequest) -> HttpResponse:
    """The personal page. Someone whom the partnership does not know yet is asked for their details first."""
    partnership_of(request)
    person = request.person  # type: ignore[attr-defined]
    if not person:
        return redirect(f"{reverse('agencies:my_details')}?next={request.path}")
    now = timezone.now()
    coming, done = bookings_of(person, now=now)
    groups, steps = pathway_of(person=person, bookings=[*coming, *done], today=timezone.localdate(now))
    context = {
        "coming": [_coming(booking, now) for booking in coming],
        "groups": groups,
        **_pathway(steps),
        "todo": panels_for(TODO_PANELS, request, person),
        "record": [_record_row(request, booking) for booking in done],
    }
    return render(request, "bookings/my_training.html", context)


def _coming(booking: Booking, now: dt.datetime) -> dict[str, Any]:
    session = booking.session
    tags = [{"text": booking.get_status_display(), "tone": TONES[booking.status], "icon": _icon(booking)}]
    return {
        "booking": booking,
        "session": session,
        "online": session.mode != Mode.IN_PERSON,
        "tags": tags,
        "steps": steps_of(booking, now=now),
        "may_cancel": now < session.starts_at,
    }


def _icon(booking: Booking) -> str:
    return "check" if booking.status == BookingStatus.BOOKED else ""


def _pathway(steps: list[PathwayStep]) -> dict[str, Any]:
    """What has been done, booked or runs out stands open; a long list of other courses is folded away below it."""
    other = [step for step in steps if step.state == "to_do"]
    shown = steps if len(other) <= FEW else [step for step in steps if step.state != "to_do"]
    return {
        "pathway": [_pathway_item(step) for step in shown],
        "other_courses": [_pathway_item(step) for step in other] if len(other) > FEW else [],
    }


def _pathway_item(step: PathwayStep) -> dict[str, Any]:
    """A course of the pathway for ``components/checks.html``."""
    tags = {
        "valid": ("Up to date", "good"),
        "due": ("Due soon", "warn"),
        "overdue": ("Overdue", "bad"),
        "booked": ("Booked", "info"),
        "to_do": ("To do", "warn"),
    }
    tag, tone = tags[step.state]
    item = {"met": step.state == "valid", "text": step.title, "tag": tag, "tone": tone}
    if step.valid_until:
        item["detail"] = f"{'Expired' if step.state == 'overdue' else 'Expires'} {long_date(step.valid_until)}"
    elif step.state == "valid":
        item["detail"] = "Does not expire"
    if step.state in ("to_do", "due", "overdue"):
        words = "See the course" if step.mode == Mode.E_LEARNING else "See dates"
        item |= {"url": reverse("bookings:course", args=[step.code]), "link": words}
    return item


def _record_row(request: HttpRequest, booking: Booking) -> dict[str, Any]:
    certificate = getattr(booking, "certificate", None)
    waits = certificate is None and may_release(booking)
    return {
        "booking": booking,
        "session": booking.session,
        "result": booking.get_status_display() if booking.status != BookingStatus.BOOKED else "Register not finished",
        "tone": TONES[booking.status] if booking.status != BookingStatus.BOOKED else "info",
        "certificate": certificate if certificate and not certificate.withdrawn_at else None,
        "actions": panels_for(RECORD_PANELS, request, booking) if waits else [],
        "words": certificate_words(booking, certificate),
    }
