"""The trail: who did what to what, when, and what it was before."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from .partnership import Partnership


class AuditQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, user: Any, partnership: Partnership) -> AuditQuerySet:
        """The partnership's trail, for those who may read it."""
        return self.filter(partnership=partnership) if user.has_perm("history.read", partnership) else self.none()


class AuditEvent(models.Model):
    """One act, written in the transaction that did it. Never changed, never deleted (a trigger holds it on PostgreSQL).

    ``actor_id`` is the id of the signed-in account; 0 means the service itself acting on time.
    ``reference`` names the object for people (a session's or a booking's reference), never a person.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_index=True)
    actor_id = models.BigIntegerField(default=0)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    reference = models.CharField(max_length=120, blank=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    reason = models.CharField(max_length=500, blank=True)
    address = models.GenericIPAddressField(null=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["object_type", "object_id"])]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"


class AuditSeal(models.Model):
    """A link of the chain: the hash of one event together with the hash before it. Insert only.

    A hash is built upon once (``unique``), so two processes sealing at the same moment never make a fork.
    """

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="seal")
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.hash
