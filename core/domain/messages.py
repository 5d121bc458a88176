"""What a person decides about a mail that the engine gave up or did not dare to send again."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction

from core.audit import record
from core.errors import RuleBroken
from core.mail import MAIL_KINDS
from core.models import OutboxMessage
from core.nudges import nudge

State = OutboxMessage.State


def awaits_decision(message: OutboxMessage) -> bool:
    """Whether a person may send a mail again or mark it as sent: it is held or failed, and it is not a secret one."""
    kind = MAIL_KINDS.get(message.kind)
    return message.state in {State.HELD, State.FAILED} and kind is not None and not kind.secret


def _settle(message: OutboxMessage, action: str, by: models.Model | None, now: dt.datetime, state: str) -> None:
    if not awaits_decision(message):
        raise RuleBroken("This mail is not waiting for a decision any more.")
    values = (
        {"state": state, "attempts": 0, "due_at": now} if state == State.WAITING else {"state": state, "sent_at": now}
    )
    undecided = OutboxMessage.objects.filter(pk=message.pk, state=message.state)
    if not undecided.update(**values):
        raise RuleBroken("Somebody else has just decided about this mail.")
    before, after = {"state": message.state}, {"state": state}
    record(action, message, partnership=message.partnership, by=by, now=now, before=before, after=after)


@transaction.atomic
def send_again(*, message: OutboxMessage, by: models.Model | None, now: dt.datetime) -> None:
    """Put a held or failed mail back into the queue. Raises RuleBroken when it is in any other state."""
    _settle(message, "message.sent_again", by, now, State.WAITING)
    transaction.on_commit(nudge, robust=True)


@transaction.atomic
def mark_sent(*, message: OutboxMessage, by: models.Model | None, now: dt.datetime) -> None:
    """Note that a held or failed mail did arrive. Raises RuleBroken when it is in any other state."""
    _settle(message, "message.marked_sent", by, now, State.SENT)
