"""How long what people tell us for the day of a session is kept (R51, R152)."""

from __future__ import annotations

import datetime as dt

from bookings.models import BookingNeeds
from core.periods import london_day, start_of_day
from core.retention import RetentionRule, delete_in_batches, register_retention

NEEDS_DAYS = 30


def wipe_needs(now: dt.datetime) -> int:
    """Delete access and dietary needs 30 days after the session's last day (R51, R152). Returns how many."""
    before = start_of_day(london_day(now) - dt.timedelta(days=NEEDS_DAYS))
    return delete_in_batches(BookingNeeds.objects.filter(booking__session__ends_at__lt=before))


register_retention(
    RetentionRule("What people need on the day: access and food", "30 days after the session", "Deleted", wipe_needs)
)
