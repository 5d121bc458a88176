"""Reminders: at most one mail a person and day, none after its moment has passed by more than three days (FAULT10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.mail import MailKind
from core.models import OutboxMessage, Partnership
from core.outbox import queue_many
from core.periods import london_day, start_of_day
from core.working_days import next_sending_time, next_working_day
from evaluations.models import ImpactFollowUp, InitialRequest
from evaluations.models.asking import AskedQuerySet

from .plan import last_day, plans_of
from .questionnaires import Questionnaire, links_for, mail_to

Changes = list[tuple[Any, dict[str, Any]]]
BATCH = 500
TOO_LATE_AFTER_DAYS = 3


def may_send(now: dt.datetime, *, partnership: Partnership) -> bool:
    """Whether surveys and reminders may leave now: 8am to 6pm London time on working days of the nation."""
    return next_sending_time(now, partnership.nation) == now


def locked_for_asking(partnership: Partnership) -> bool:
    """Take the right to ask this partnership's people until commit; False when another process is at work with it."""
    mine = Partnership.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=partnership.pk)
    return mine.first() is not None


def not_asked_today(asked: AskedQuerySet, *, partnership: Partnership, now: dt.datetime) -> AskedQuerySet:
    """``asked`` without those whose person had, or will have, another mail of ours today."""
    today = start_of_day(london_day(now))
    for model in (InitialRequest, ImpactFollowUp):
        people = model.objects.of(partnership).asked_since(today).values("booking__person")
        asked = asked.exclude(booking__person__in=people)
    return asked


def one_for_each_person(asked: AskedQuerySet, *, limit: int) -> list[Any]:
    """The first of each person among the first ``limit``, with all that a mail tells of it."""
    chosen: dict[int, Any] = {}
    for each in asked.select_related("partnership", "booking__person", "booking__session__course")[:limit]:
        chosen.setdefault(each.booking.person_id, each)
    return list(chosen.values())


@dataclass(frozen=True)
class ReminderStep:
    """What a day brings: the numbers of the reminders missed, the one to send (from 1), and when to look again."""

    missed: tuple[int, ...]
    send: int | None
    next_on: dt.date | None

    @property
    def done(self) -> int:
        """How many reminders have been dealt with after this step."""
        return max((*self.missed, self.send or 0), default=0)


def reminder_day(*, invited_on: dt.date, days: int, nation: str) -> dt.date:
    """The working day on which the reminder ``days`` calendar days after the invitation goes out."""
    return next_working_day(invited_on + dt.timedelta(days=days), nation=nation)


def next_reminder_step(
    *, invited_on: dt.date, days: Sequence[int], done: int, today: dt.date, nation: str
) -> ReminderStep:
    """What becomes of the plan's reminders (``days`` after the invitation) beyond the first ``done``.

    The latest whose day has come is sent unless that was more than three days ago; the earlier ones are missed, so that
    nobody gets several at once (FAULT10).
    """
    left = list(enumerate(days, 1))[done:]
    dated = [(number, reminder_day(invited_on=invited_on, days=after, nation=nation)) for number, after in left]
    passed = [(number, day) for number, day in dated if day <= today]
    later = [day for _, day in dated if day > today]
    next_on = later[0] if later else None
    if not passed:
        return ReminderStep((), None, next_on)
    missed = tuple(number for number, _ in passed[:-1])
    number, day = passed[-1]
    if (today - day).days > TOO_LATE_AFTER_DAYS:
        return ReminderStep((*missed, number), None, next_on)
    return ReminderStep(missed, number, next_on)


def send_reminders(
    asked: AskedQuerySet, *, questionnaire: Questionnaire, partnership: Partnership, now: dt.datetime
) -> int:
    """Queue the reminders among ``asked`` that are due now, and write down those that were missed.

    Safe to run twice and by several processes at once: a reminder that was dealt with moves its row on to the next.
    Returns how many leave.
    """
    if not may_send(now, partnership=partnership):
        return 0
    sent = 0
    while True:
        with transaction.atomic():
            if not locked_for_asking(partnership):
                return sent
            due = not_asked_today(asked.to_remind(on=london_day(now)), partnership=partnership, now=now)
            batch = one_for_each_person(due.order_by("next_reminder_on", "pk"), limit=BATCH)
            if not batch:
                return sent
            sent += _remind(batch, questionnaire=questionnaire, partnership=partnership, now=now)


def _remind(batch: list[Any], *, questionnaire: Questionnaire, partnership: Partnership, now: dt.datetime) -> int:
    """Move each of ``batch`` one step on, and queue what the step says."""
    plans = plans_of(partnership)
    links = links_for(batch, questionnaire=questionnaire, partnership=partnership)
    messages: list[OutboxMessage] = []
    changes: Changes = []
    for each in batch:
        plan = plans.on(last_day(each.booking.session))
        step = next_reminder_step(
            invited_on=london_day(each.invited_at),
            days=questionnaire.reminder_days(plan),
            done=each.reminders_done,
            today=london_day(now),
            nation=partnership.nation,
        )
        details = {"plan": plan, "link_id": links[each.link_object_id], "due_at": now}
        messages += _messages(each, step, kind=questionnaire.reminder, **details)
        asked_now = {"last_asked_at": now} if step.send else {}
        done = max(each.reminders_done, step.done)
        changes.append((each, {"reminders_done": done, "next_reminder_on": step.next_on, **asked_now}))
    write_changes(changes)
    queue_many(messages)
    return sum(message.state == OutboxMessage.State.WAITING for message in messages)


def write_changes(changes: Changes) -> None:
    """Save what changed of rows of one model: a statement for each different change, not for each row."""
    groups: dict[tuple[tuple[str, Any], ...], list[Any]] = {}
    for row, values in changes:
        groups.setdefault(tuple(values.items()), []).append(row)
    for pairs, rows in groups.items():
        type(rows[0]).objects.filter(pk__in=[row.pk for row in rows]).update(**dict(pairs))


def _messages(asked: Any, step: ReminderStep, *, kind: MailKind, **details: Any) -> list[OutboxMessage]:
    """The reminder to send, and those missed: kept in the log of messages as too late."""
    useful_until = min(details["due_at"] + dt.timedelta(days=TOO_LATE_AFTER_DAYS), asked.link_expires_at)
    messages = []
    for number in (*step.missed, *filter(None, [step.send])):
        message = mail_to(asked, kind, stage=f"reminder-{number}", useful_until=useful_until, **details)
        if number in step.missed:
            message.state = OutboxMessage.State.MISSED
        messages.append(message)
    return messages
