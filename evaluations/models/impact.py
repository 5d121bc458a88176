"""Stage 2: impact on practice three to six months later (R69, R70)."""

from __future__ import annotations

import datetime as dt

from django.db import models

from bookings.models import Booking
from core.models import OwnedModel

from .initial import ACT, AGENCIES, RECOGNISE, confidence


class ImpactQuerySet(models.QuerySet["ImpactFollowUp"]):
    def to_invite(self, *, on: dt.date) -> ImpactQuerySet:
        """Follow-ups whose day has come, that nobody was asked about yet and that are still open."""
        return self.filter(invited_at__isnull=True, due_on__lte=on, closes_on__gte=on, answered_at__isnull=True)

    def awaiting_answer(self, *, on: dt.date) -> ImpactQuerySet:
        return self.filter(invited_at__isnull=False, closes_on__gte=on, answered_at__isnull=True)


class ImpactFollowUp(OwnedModel):
    """One survey of one person about one attendance; ``stage`` says whether the learner or their manager is asked."""

    class Stage(models.TextChoices):
        LEARNER = "learner", "Learner"
        MANAGER = "manager", "Line manager"

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="impact_follow_ups")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.LEARNER)
    due_on = models.DateField()
    closes_on = models.DateField()
    invited_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ImpactQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on"], condition=models.Q(invited_at=None), name="impact_to_invite")]
        constraints = [
            models.UniqueConstraint(fields=["booking", "stage"], name="one_follow_up_per_stage"),
            models.CheckConstraint(condition=models.Q(closes_on__gt=models.F("due_on")), name="impact_closes_after_due"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} follow-up of {self.booking}"


class ImpactAnswer(models.Model):
    """What a learner reports three to six months on. One answer to one follow-up."""

    class Used(models.TextChoices):
        OFTEN = "often", "Often"
        SOMETIMES = "sometimes", "Sometimes"
        ONCE = "once", "Once"
        NO_CHANCE = "no_chance", "Not yet: no chance to"
        NOT_YET = "not_yet", "Not yet: another reason"

    follow_up = models.OneToOneField(ImpactFollowUp, on_delete=models.PROTECT, related_name="answer")
    recognise = confidence(RECOGNISE)
    act = confidence(ACT)
    agencies = confidence(AGENCIES)
    used = models.CharField(max_length=15, choices=Used.choices)
    changes = models.JSONField(default=list, blank=True)
    example = models.TextField(blank=True)
    shared = models.BooleanField(default=False)
    made_it_hard = models.TextField(blank=True)
    further_learning = models.TextField(blank=True)
    may_contact = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"Answer to {self.follow_up}"
