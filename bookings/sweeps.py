"""What is due about bookings: found by asking the tables on the day, safe to run twice."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Exists, F, OuterRef, Q

from bookings import emails
from bookings.domain.locking import session_locked
from bookings.domain.waiting_list import promote_from_waiting_list
from bookings.enums import HOLDS_A_PLACE, BookingStatus
from core.models import OutboxMessage, Partnership
from core.periods import london_day, start_of_day
from core.sweeps import register_sweep
from core.working_days import add_working_days
from courses.enums import SessionStatus
from courses.models import CourseSession
from trainers.domain.pool import trainers_of

REGISTER_WORKING_DAYS = 2
# After that nobody remembers who came; the administrator's list still shows the session.
REMIND_WITHIN = dt.timedelta(days=60)


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


def fill_free_places(now: dt.datetime) -> int:
    """Give places that came free without a cancellation (a capacity raised, a file brought in) to those who wait (R44).

    Returns how many people got a place.
    """
    held = Count("bookings", filter=Q(bookings__status__in=HOLDS_A_PLACE))
    waiting = Count("bookings", filter=Q(bookings__status=BookingStatus.WAITING))
    sessions = CourseSession.objects.filter(status=SessionStatus.SCHEDULED, starts_at__gt=now)
    with_room = sessions.annotate(held=held, waiting=waiting).filter(waiting__gt=0, held__lt=F("capacity"))
    promoted = 0
    for session in with_room.select_related("course", "venue", "partnership"):
        with session_locked(session) as locked:
            promoted += len(promote_from_waiting_list(session=locked, by=None, now=now))
    return promoted


register_sweep("registers", "{n} trainers asked for a register", remind_of_registers, order=300)
register_sweep("waiting_lists", "{n} people given a free place", fill_free_places, order=250)
