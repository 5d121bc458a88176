"""What evaluations shows on the pages of bookings."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core.panels import Panel, register_panel
from core.templatetags.archway import long_date

from .queries import Due, evaluations_due, surveys_open


def to_do(request: HttpRequest, subject: Any) -> dict[str, Any] | None:
    """The signed-in person's evaluations and surveys that wait for them; None when there are none."""
    person, now = request.person, timezone.now()  # type: ignore[attr-defined]
    if not person:
        return None
    tasks = [_evaluation(due) for due in evaluations_due(person, now=now)]
    tasks += [_survey(due) for due in surveys_open(person, now=now)]
    return {"tasks": tasks} if tasks else None


def _evaluation(due: Due) -> dict[str, str]:
    return {
        "text": f"Evaluate {due.booking.session.course}",
        "url": reverse("evaluations:initial", args=[due.booking.reference]),
        "hint": "5 minutes, unlocks your certificate" if due.unlocks_certificate else "5 minutes",
        "status": "Overdue" if due.overdue else f"Due {long_date(due.until)}",
        "tone": "bad" if due.overdue else "warn",
    }


def _survey(due: Due) -> dict[str, str]:
    return {
        "text": f"Impact survey: {due.booking.session.course}",
        "url": reverse("evaluations:my_survey", args=[due.booking.reference]),
        "hint": "3 minutes: what has changed since?",
        "status": f"Open until {long_date(due.until)}",
        "tone": "info",
    }


def unlock(request: HttpRequest, subject: Any) -> dict[str, Any] | None:
    """The way to the certificate of one attended booking in the training record. Asks the database nothing."""
    return {"booking": subject, "address": reverse("evaluations:initial", args=[subject.reference])}


register_panel("bookings:my_training_todo", Panel("evaluations/todo.html", to_do, order=100))
register_panel("bookings:record_action", Panel("evaluations/record_action.html", unlock, order=100))
