"""Queueing mail. ``queue_message`` belongs inside the transaction that causes it; sending is ``core.dispatch``."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import models, transaction

from .models import OutboxMessage, Partnership
from .nudges import nudge

KEY_LENGTH = 200


def message_key(kind: str, about: models.Model, stage: str, recipient: str) -> str:
    """``kind:object:stage:recipient``. One too long for its column ends in a digest, so that two never become one."""
    key = f"{kind}:{about._meta.model_name}-{about.pk}:{stage}:{recipient.lower()}"
    if len(key) <= KEY_LENGTH:
        return key
    return f"{key[: KEY_LENGTH - 65]}:{hashlib.sha256(key.encode()).hexdigest()}"


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
        key=message_key(kind, about, stage, recipient),
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
    queue_many([new_message(**details)])


def queue_many(messages: list[OutboxMessage]) -> None:
    """Queue many mails with one statement; those already queued stay as they are, the unaddressed are left out."""
    addressed = [message for message in messages if message.recipient]
    OutboxMessage.objects.bulk_create(addressed, ignore_conflicts=True, batch_size=1000)
    if addressed:
        transaction.on_commit(nudge, robust=True)


def withdraw_messages(*, about: models.Model, kinds: list[str]) -> int:
    """Take back mails about ``about`` that have not left yet. Returns how many."""
    waiting = OutboxMessage.objects.filter(
        about_type=about._meta.label_lower, about_id=about.pk, kind__in=kinds, state=OutboxMessage.State.WAITING
    )
    return waiting.update(state=OutboxMessage.State.WITHDRAWN)
