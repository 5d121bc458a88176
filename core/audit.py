"""Writing the trail. Domain functions call ``record`` inside the transaction that makes the change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from typing import Any

from django.db import models

from .bulk import insert_rows
from .models import AuditEvent, Partnership

# Where the request being answered comes from; None in the background engine and in commands.
request_address: ContextVar[str | None] = ContextVar("request_address", default=None)


def event(
    action: str,
    target: models.Model,
    *,
    partnership: Partnership | None,
    by: models.Model | None,
    now: dt.datetime,
    reference: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """An unsaved event, for callers that write many at once with ``record_many``."""
    return AuditEvent(
        partnership=partnership,
        at=now,
        actor_id=by.pk if by is not None else 0,
        action=action,
        object_type=target._meta.label_lower,
        object_id=target.pk,
        reference=reference,
        before=before or {},
        after=after or {},
        reason=reason,
        address=request_address.get(),
    )


def record(action: str, target: models.Model, **details: Any) -> AuditEvent:
    """Write one event. ``action`` is ``noun.past_tense`` (``booking.placed``); ``by=None`` is the service itself."""
    written = event(action, target, **details)
    written.save(force_insert=True)
    return written


def record_many(events: Iterable[AuditEvent]) -> None:
    """Write the events of a bulk change, one for each row changed."""
    AuditEvent.objects.bulk_create(events, batch_size=2000)


def record_rows(
    action: str,
    model: type[models.Model],
    changes: Sequence[tuple[int, str, dict[str, Any], dict[str, Any]]],
    *,
    partnership: Partnership,
    by: models.Model | None,
    now: dt.datetime,
) -> None:
    """``record_many`` for tens of thousands of rows of one model: each change is id, reference, before and after."""
    actor, label = by.pk if by is not None else 0, model._meta.label_lower
    fixed = ("partnership", "at", "actor_id", "address", "action", "object_type")
    values = (partnership.pk, now, actor, request_address.get(), action, label)
    names = (*fixed, "object_id", "reference", "before", "after")
    insert_rows(AuditEvent, names, [(*values, *change) for change in changes])
