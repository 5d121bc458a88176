"""What is due about bookings: found by asking the tables on the day, safe to run twice."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef

from bookings import emails
from bookings.models import BookingNeeds
from core.models import OutboxMessage, Partnership
from core.periods import london_day, start_of_day
from core.sweeps import register_sweep
from core.working_days import add_working_days
from courses.enums import SessionStatus
from courses.models import CourseSession
from trainers.domain.pool import trainers_of

NEEDS_KEPT_DAYS = 30
REGISTER_WORKING_DAYS = 2
# After that nobody remembers who came; the administrator's list still shows the session.
REMIND_WITHIN = dt.timedelta(days=60)


def wipe_needs(now: dt.datetime) -> int:
    """Delete access and dietary needs 30 days after the session's last day (R51, R152). Returns how many."""
    before = start_of_day(london_day(now) - dt.timedelta(days=NEEDS_KEPT_DAYS))
    wiped, _ = BookingNeeds.objects.filter(booking__session__ends_at__lt=before).delete()
    return wiped


def remind_of_registers(now: dt.datetime) -> int:
    """Ask trainers for registers not finished 2 working days after the session (mail 24). Returns how many mails,
    each once.
    """
    asked = 0
    reminded = OutboxMessage.objects.filter(
        kind=emails.REGISTER_DUE.name, about_type=CourseSession._meta.label_lower, about_id=OuterRef("pk")
    )
    for partnership in Partnership.objects.all():
        last_day = add_working_days(london_day(now), -REGISTER_WORKING_DAYS, nation=partnership.nation)
        ended = start_of_day(last_day + dt.timedelta(days=1))
        open_registers = CourseSession.objects.of(partnership).filter(
            ~Exists(reminded), status=SessionStatus.SCHEDULED, ends_at__lt=ended, ends_at__gte=now - REMIND_WITHIN
        )
        for session in open_registers.select_related("course", "venue", "partnership"):
            for trainer in trainers_of(session):
                emails.queue_register_due(session, trainer=trainer, now=now)
                asked += 1
    return asked


register_sweep("needs", "{n} access and dietary needs wiped", wipe_needs, order=800)
register_sweep("registers", "{n} trainers asked for a register", remind_of_registers, order=300)
