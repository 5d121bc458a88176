"""The outbox: the table is the queue. A mail is a row, written in the transaction that causes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from .partnership import Partnership


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def due(self, now: dt.datetime) -> OutboxQuerySet:
        """Messages that should leave now and that nobody has claimed."""
        return self.filter(state=OutboxMessage.State.WAITING, due_at__lte=now)

    def visible_to(self, user: Any, partnership: Partnership) -> OutboxQuerySet:
        """The partnership's mail, for those who may see the engine."""
        return self.filter(partnership=partnership) if user.has_perm("engine.read", partnership) else self.none()

    def overdue(self, now: dt.datetime, *, minutes: int = 15) -> OutboxQuerySet:
        """Messages that should have left ``minutes`` ago and have not: the sign that mail stands still."""
        late = now - dt.timedelta(minutes=minutes)
        return self.filter(state__in=[OutboxMessage.State.WAITING, OutboxMessage.State.SENDING], due_at__lte=late)


class OutboxMessage(models.Model):
    """One mail to one recipient. Its key ``kind:object:stage:recipient`` makes queueing it twice harmless."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to be sent"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Could not be delivered"
        HELD = "held", "Held for a person to decide"
        MISSED = "missed", "Too late to be useful, not sent"
        WITHDRAWN = "withdrawn", "Withdrawn before it was sent"

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60, db_index=True)
    recipient = models.EmailField(max_length=254)
    copy_to = models.EmailField(max_length=254, blank=True)
    # Plain facts from which the mail is rendered when it is sent; ids of one-time links, never their tokens.
    facts = models.JSONField(default=dict)
    calendar = models.TextField(blank=True)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    useful_until = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="outbox_waiting_due"),
            models.Index(fields=["claimed_at"], condition=models.Q(state="sending"), name="outbox_sending_claimed"),
            models.Index(fields=["about_type", "about_id"], name="outbox_about"),
        ]

    def __str__(self) -> str:
        return self.key
