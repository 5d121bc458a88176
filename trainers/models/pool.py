"""The training pool, and who delivers which session (R81-R97)."""

from __future__ import annotations

import datetime as dt

from django.db import models

from agencies.models import Person
from core.models import OwnedModel, OwnedQuerySet
from courses.models import CourseSession
from trainers.enums import DeliveryRole, TrainerKind


class TrainerAgreement(OwnedModel):
    """What the partnership asks of trainers and their agencies from a date on (R83, R87, R88, T5, T6)."""

    effective_from = models.DateField(default=dt.date(2000, 1, 1))
    trainers_per_session = models.PositiveSmallIntegerField(default=2)
    release_days = models.PositiveSmallIntegerField(default=5)
    delivery_days = models.PositiveSmallIntegerField(default=3)
    pool_meetings_per_year = models.PositiveSmallIntegerField(default=4)
    pool_meeting_hours = models.PositiveSmallIntegerField(default=2)
    train_the_trainer_months = models.PositiveSmallIntegerField(default=36)

    class Meta:
        ordering = ["partnership_id", "effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "effective_from"], name="one_trainer_agreement_per_date")
        ]

    def __str__(self) -> str:
        return f"Trainer agreement from {self.effective_from}"


class PoolMember(OwnedModel):
    """A person who delivers training for the partnership."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="pool_member")
    kind = models.CharField(max_length=20, choices=TrainerKind.choices, default=TrainerKind.POOL)
    train_the_trainer_on = models.DateField(null=True, blank=True)
    active = models.BooleanField(default=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["person__last_name", "person__first_name"]

    def __str__(self) -> str:
        return str(self.person)


class Delivery(models.Model):
    """A trainer's part in a session: who delivers it, in which role."""

    session = models.ForeignKey(CourseSession, on_delete=models.PROTECT, related_name="deliveries")
    trainer = models.ForeignKey(PoolMember, on_delete=models.PROTECT, related_name="deliveries")
    role = models.CharField(max_length=10, choices=DeliveryRole.choices)

    class Meta:
        ordering = ["session_id", "pk"]
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["session", "trainer"], name="one_delivery_per_trainer")]

    def __str__(self) -> str:
        return f"{self.trainer} delivers {self.session}"
