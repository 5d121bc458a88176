"""The words and tones of a booking's states, the same on every page; where a booking has got to."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bookings.domain.certificates import may_release
from bookings.enums import ABSENCES, BookingStatus
from bookings.models import Booking, Certificate

S = BookingStatus
TONES: dict[str, str] = {
    S.REQUESTED: "warn",
    S.BOOKED: "good",
    S.WAITING: "info",
    S.OFFERED: "warn",
    S.DECLINED: "bad",
    S.CANCELLED: "info",
    S.LATE_CANCELLED: "bad",
    S.ATTENDED: "good",
    S.WALK_IN: "good",
    S.PART: "warn",
    S.DID_NOT_ATTEND: "bad",
    S.REFUSED_LATE: "bad",
    S.SUBSTITUTED: "info",
    S.TRANSFERRED: "info",
    S.SESSION_CANCELLED: "bad",
}


def steps_of(booking: Booking, *, now: dt.datetime) -> list[dict[str, str]]:
    """Where a booking has got to: booked, attended, evaluated, certificate. The first not done is the current one."""
    attended = may_release(booking)
    has_certificate = getattr(booking, "certificate", None) is not None
    done = [
        ("Booked", booking.status != S.WAITING),
        ("Attend", attended),
        ("Evaluate", has_certificate),
        ("Certificate", has_certificate),
    ]
    if booking.status == S.WAITING:
        done.insert(0, ("Waiting list", False))
    steps, reached = [], False
    for text, is_done in done:
        state = "done" if is_done and not reached else "later" if reached else "now"
        reached = reached or not is_done
        steps.append({"text": text, "state": state})
    return steps


def certificate_words(booking: Booking, certificate: Certificate | None) -> str:
    """What the record says where there is nothing to download."""
    if certificate is not None and certificate.withdrawn_at:
        return f"Withdrawn: {certificate.withdrawn_reason}"
    if may_release(booking):
        return "After your evaluation"
    if booking.status == S.PART:
        return "None: only for the whole session"
    return "None" if booking.status in ABSENCES else "After the register"


def tag_of(booking: Booking) -> dict[str, Any]:
    """The state of a booking as a tag."""
    return {"text": booking.get_status_display(), "tone": TONES[booking.status]}
