"""Stage 2: inviting learners to the impact survey, reminding them and taking their answer (R69; mail 20)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from core.audit import event, record, record_many
from core.models import Partnership
from core.outbox import queue_many, withdraw_messages
from core.periods import london_day
from evaluations.emails import IMPACT_INVITED, IMPACT_REMINDER
from evaluations.models import EvaluationPlan, ImpactAnswer, ImpactFollowUp, IntendedAction

from .errors import SurveyClosed, SurveyNotOpen
from .follow_ups import is_followed_up, learners_to_ask, remove_mistaken_follow_ups
from .plan import Plans, last_day, plans_of
from .questionnaires import IMPACT_SURVEY, links_for, mail_to, mark_link_used
from .reminding import (
    BATCH,
    locked_for_asking,
    may_send,
    not_asked_today,
    one_for_each_person,
    reminder_day,
    send_reminders,
    write_changes,
)


def invite_due(now: dt.datetime) -> int:
    """Invite everyone whose impact survey is due and still open, between 8am and 6pm on working days (R69, mail 20).

    After an outage the invitations inside the window still go; a person gets one mail a day, the next one the day
    after. Safe to run twice and by several processes at once. Returns how many were invited.
    """
    return sum(_invite_all(plans_of(partnership), now=now) for partnership in Partnership.objects.all())


def _invite_all(plans: Plans, *, now: dt.datetime) -> int:
    if not may_send(now, partnership=plans.partnership):
        return 0
    remove_mistaken_follow_ups(plans=plans, now=now)
    invited = 0
    while True:
        with transaction.atomic():
            if not locked_for_asking(plans.partnership):
                return invited
            uninvited = learners_to_ask(plans.partnership).to_invite(on=london_day(now))
            due = not_asked_today(uninvited, partnership=plans.partnership, now=now)
            batch = one_for_each_person(due.order_by("due_on", "pk"), limit=BATCH)
            if not batch:
                return invited
            _invite(batch, plans=plans, now=now)
            invited += len(batch)


def _invite(batch: list[ImpactFollowUp], *, plans: Plans, now: dt.datetime) -> None:
    """Invite each of ``batch``: the row, its link, its mail and its audit event, all in the caller's transaction."""
    links = links_for(batch, questionnaire=IMPACT_SURVEY, partnership=plans.partnership)
    messages, changes = [], []
    for each in batch:
        plan = plans.on(last_day(each.booking.session))
        reminder = _first_reminder(now, plan=plan, nation=plans.partnership.nation)
        changes.append((each, {"invited_at": now, "last_asked_at": now, "next_reminder_on": reminder}))
        messages.append(mail_to(each, IMPACT_SURVEY.invitation, plan=plan, link_id=links[each.pk], due_at=now))
    write_changes(changes)
    queue_many(messages)
    details: dict[str, Any] = {"partnership": plans.partnership, "by": None, "now": now}
    record_many([event("impact_survey.sent", each, reference=each.booking.reference, **details) for each in batch])


def _first_reminder(now: dt.datetime, *, plan: EvaluationPlan, nation: str) -> dt.date | None:
    days = plan.impact_reminder_days
    return reminder_day(invited_on=london_day(now), days=days[0], nation=nation) if days else None


def remind_of_impact_surveys(now: dt.datetime) -> int:
    """Send the reminders of impact surveys that are due now, as the plan says (+14 and +28 days), while the survey is
    open (mail 20). Returns how many."""
    sent = 0
    for partnership in Partnership.objects.all():
        still_open = learners_to_ask(partnership).awaiting_answer(on=london_day(now))
        sent += send_reminders(still_open, questionnaire=IMPACT_SURVEY, partnership=partnership, now=now)
    return sent


def refuse_unless_open(*, follow_up: ImpactFollowUp, now: dt.datetime) -> None:
    """A survey is answered after its invitation and up to its last day, by someone who attended.

    Raises SurveyClosed or SurveyNotOpen.
    """
    if london_day(now) > follow_up.closes_on:
        raise SurveyClosed
    if follow_up.invited_at is None or not is_followed_up(follow_up.booking):
        raise SurveyNotOpen


def answer_impact_survey(
    *,
    follow_up: ImpactFollowUp,
    answers: Mapping[str, Any],
    outcomes: Mapping[int, str],
    by: User | None,
    now: dt.datetime,
) -> ImpactAnswer:
    """Take a learner's answer to the impact survey, once (R69).

    ``answers`` are the fields of ImpactAnswer; ``outcomes`` says what became of each intended action, by its id.
    Answering again changes nothing and gives the first answer. ``by`` is None for the holder of a one-time link. The
    trail says that it was answered, never what it says. Raises the errors of ``refuse_unless_open``.
    """
    with transaction.atomic():
        follow_up = _locked(follow_up)
        first = ImpactAnswer.objects.filter(follow_up=follow_up).first()
        if first is not None:
            return first
        refuse_unless_open(follow_up=follow_up, now=now)
        answer = ImpactAnswer.objects.create(follow_up=follow_up, **answers)
        _keep_outcomes(follow_up, outcomes)
        ImpactFollowUp.objects.filter(pk=follow_up.pk).update(answered_at=now, next_reminder_on=None)
        withdraw_messages(about=follow_up, kinds=[IMPACT_INVITED.name, IMPACT_REMINDER.name])
        mark_link_used(questionnaire=IMPACT_SURVEY, object_id=follow_up.pk, now=now)
        details = {"partnership": follow_up.partnership, "by": by, "now": now}
        record("impact_survey.answered", follow_up, reference=follow_up.booking.reference, **details)
    return answer


def _locked(follow_up: ImpactFollowUp) -> ImpactFollowUp:
    """The follow-up as it is now, held until commit: of two who answer at once the second finds the first's answer."""
    rows = ImpactFollowUp.objects.select_related("booking__session", "partnership")
    held: ImpactFollowUp = rows.select_for_update(of=("self",), no_key=True).get(pk=follow_up.pk)
    return held


def _keep_outcomes(follow_up: ImpactFollowUp, outcomes: Mapping[int, str]) -> None:
    actions = list(IntendedAction.objects.filter(evaluation__booking=follow_up.booking_id, pk__in=outcomes))
    for action in actions:
        action.outcome = outcomes[action.pk]
    IntendedAction.objects.bulk_update(actions, ["outcome"])
