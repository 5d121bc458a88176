"""Writing the trail. Domain functions call ``record`` inside the transaction that makes the change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from django.db import models

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
