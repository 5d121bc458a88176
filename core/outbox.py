"""Queueing mail. ``queue_message`` belongs inside the transaction that causes the mail; sending is ``core.dispatch``."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models, transaction

from .models import OutboxMessage, Partnership


def new_message(
    *,
    kind: str,
    partnership: Partnership | None,
    about: models.Model,
    recipient: str,
    due_at: dt.datetime,
    stage: str = "",
    facts: dict[str, Any] | None = None,
    copy_to: str = "",
    calendar: str = "",
    useful_until: dt.datetime | None = None,
) -> OutboxMessage:
    """An unsaved message, for callers that queue many at once with ``queue_many``."""
    return OutboxMessage(
        key=f"{kind}:{about._meta.model_name}-{about.pk}:{stage}:{recipient.lower()}"[:200],
        kind=kind,
        partnership=partnership,
        about_type=about._meta.label_lower,
        about_id=about.pk,
        recipient=recipient,
        copy_to=copy_to,
        facts=facts or {},
        calendar=calendar,
        due_at=due_at,
        useful_until=useful_until,
    )


def queue_message(**details: Any) -> None:
    """Put one mail into the outbox; queueing the same ``kind:object:stage:recipient`` again does nothing.

    ``facts`` are plain values from which the mail is rendered when it leaves (see ``core.mail``). A person without an
    address gets no mail: an empty ``recipient`` is ignored.
    """
    if details["recipient"]:
        queue_many([new_message(**details)])


def queue_many(messages: list[OutboxMessage]) -> None:
    """Queue many mails with one statement; those already queued stay as they are."""
    from .tasks import nudge

    OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True, batch_size=1000)
    transaction.on_commit(nudge, robust=True)


def withdraw_messages(*, about: models.Model, kinds: list[str]) -> int:
    """Take back mails about ``about`` that have not left yet. Returns how many."""
    waiting = OutboxMessage.objects.filter(
        about_type=about._meta.label_lower, about_id=about.pk, kind__in=kinds, state=OutboxMessage.State.WAITING
    )
    return waiting.update(state=OutboxMessage.State.WITHDRAWN)
