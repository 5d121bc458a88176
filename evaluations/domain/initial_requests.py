"""Stage 1, asking: who is asked to evaluate when a register is finished, and reminding them (R68; mails 15 and 16)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from bookings.enums import ATTENDED_IN_FULL
from bookings.models import Booking
from core.models import Partnership
from core.outbox import queue_many
from core.periods import london_day
from courses.models import CourseSession
from evaluations.models import EvaluationPlan, InitialRequest

from .initial import release_what_is_unlocked
from .plan import plan_for
from .questionnaires import EVALUATION, links_for, mail_to
from .reminding import reminder_day, send_reminders

AFTER_THE_END = dt.timedelta(hours=1)


@transaction.atomic
def ask_for_initial_evaluations(*, session: CourseSession, by: User | None, now: dt.datetime) -> int:
    """Ask everyone who attended in full, walk-ins too, to evaluate the session: an hour after its end, or now if that
    has passed (R68, mail 15). Returns how many were asked; nobody is asked twice and nobody who has already sent it.

    Certificates that wait for no evaluation are released: all of them under a plan that does not make it a condition,
    else those of people who sent theirs before the register counted them as attended in full.
    """
    plan = plan_for(session)
    attended = Booking.objects.filter(session=session, status__in=ATTENDED_IN_FULL)
    attended = attended.select_related("person", "session__course", "session__partnership", "agency", "partnership")
    ready = attended.filter(certificate__isnull=True)
    if plan.initial_gates_certificate:
        ready = ready.filter(initial_evaluation__isnull=False)
    for booking in ready:
        release_what_is_unlocked(booking=booking, by=by, now=now)
    unasked = attended.filter(initial_evaluation__isnull=True, initial_request__isnull=True)
    return _ask(list(unasked.exclude(person__email="")), plan=plan, due_at=max(session.ends_at + AFTER_THE_END, now))


def _ask(bookings: list[Booking], *, plan: EvaluationPlan, due_at: dt.datetime) -> int:
    requests = [_request(booking, plan=plan, due_at=due_at) for booking in bookings]
    if not requests:
        return 0
    InitialRequest.objects.bulk_create(requests)
    links = links_for(requests, questionnaire=EVALUATION, partnership=bookings[0].partnership)
    kind = EVALUATION.invitation
    queue_many([mail_to(each, kind, plan=plan, link_id=links[each.link_object_id], due_at=due_at) for each in requests])
    return len(requests)


def _request(booking: Booking, *, plan: EvaluationPlan, due_at: dt.datetime) -> InitialRequest:
    nation, days = booking.partnership.nation, plan.initial_reminder_days
    return InitialRequest(
        partnership=booking.partnership,
        booking=booking,
        invited_at=due_at,
        last_asked_at=due_at,
        next_reminder_on=reminder_day(invited_on=london_day(due_at), days=days[0], nation=nation) if days else None,
    )


def remind_of_initial_evaluations(now: dt.datetime) -> int:
    """Send the reminders of evaluations that are due now, as the plan says (+1, +7 and +14 days; mail 16). Returns how
    many."""
    unsent = InitialRequest.objects.filter(booking__initial_evaluation__isnull=True)
    attended = unsent.filter(booking__status__in=ATTENDED_IN_FULL)
    return sum(
        send_reminders(attended.of(partnership), questionnaire=EVALUATION, partnership=partnership, now=now)
        for partnership in Partnership.objects.all()
    )
