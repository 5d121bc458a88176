"""The two questionnaires that are asked by mail, and what their mails and one-time links have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.links import new_link
from core.mail import MailKind
from core.models import OneTimeLink, OutboxMessage, Partnership
from core.outbox import new_message
from core.templatetags.archway import london_date, long_date
from evaluations.emails import IMPACT_INVITED, IMPACT_REMINDER, INITIAL_INVITED, INITIAL_REMINDER
from evaluations.models import EvaluationPlan, ImpactFollowUp, InitialRequest

from .plan import last_day

AskedOne = InitialRequest | ImpactFollowUp


@dataclass(frozen=True)
class Questionnaire:
    """``purpose`` is that of its links; ``reminder_days`` reads the plan."""

    purpose: str
    invitation: MailKind
    reminder: MailKind
    reminder_days: Callable[[EvaluationPlan], Sequence[int]]


EVALUATION = Questionnaire("evaluation", INITIAL_INVITED, INITIAL_REMINDER, lambda plan: plan.initial_reminder_days)
IMPACT_SURVEY = Questionnaire("impact_survey", IMPACT_INVITED, IMPACT_REMINDER, lambda plan: plan.impact_reminder_days)


def links_for(asked: Iterable[AskedOne], *, questionnaire: Questionnaire, partnership: Partnership) -> dict[int, int]:
    """The id of each one's one-time link by its object; makes those that are missing. The same link in every mail."""
    wanted = {each.link_object_id: each.link_expires_at for each in asked}
    existing = OneTimeLink.objects.filter(purpose=questionnaire.purpose, object_id__in=wanted)
    found = dict(existing.values_list("object_id", "pk"))
    missing = [
        new_link(partnership=partnership, purpose=questionnaire.purpose, object_id=object_id, expires_at=expires_at)
        for object_id, expires_at in wanted.items()
        if object_id not in found
    ]
    if missing:
        OneTimeLink.objects.bulk_create(missing, ignore_conflicts=True)
        found = dict(existing.all().values_list("object_id", "pk"))
    return found


def mark_link_used(*, questionnaire: Questionnaire, object_id: int, now: dt.datetime) -> None:
    """Note when a questionnaire was answered; the link goes on showing the answer until it expires."""
    links = OneTimeLink.objects.filter(purpose=questionnaire.purpose, object_id=object_id, used_at__isnull=True)
    links.update(used_at=now)


def mail_to(
    asked: AskedOne, kind: MailKind, *, plan: EvaluationPlan, link_id: int, due_at: dt.datetime, **more: Any
) -> OutboxMessage:
    """One unsaved mail to the learner; ``more`` may hold ``stage`` and ``useful_until`` as for ``new_message``."""
    booking = asked.booking
    facts = {
        "name": booking.person.first_name,
        "course": booking.session.course.title,
        "day": london_date(last_day(booking.session)),
        "reference": booking.reference,
        "unlocks": plan.initial_gates_certificate,
        "closes": long_date(asked.closes_on) if isinstance(asked, ImpactFollowUp) else "",
        "link_id": link_id,
    }
    details: dict[str, Any] = {"useful_until": asked.link_expires_at, "facts": facts, **more}
    about = asked if isinstance(asked, ImpactFollowUp) else booking
    to: dict[str, Any] = {"partnership": asked.partnership, "about": about, "recipient": booking.person.email}
    return new_message(kind=kind.name, due_at=due_at, **to, **details)
