"""Stage 2: impact on practice three to six months later (R69, R70)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from bookings.models import Booking
from core.models import Partnership
from core.periods import end_of_day

from .asking import Asked, AskedQuerySet
from .initial import ACT, AGENCIES, CONFIDENCE, RECOGNISE, confidence, own_answers, within


class ImpactQuerySet(AskedQuerySet):
    def to_invite(self, *, on: dt.date) -> ImpactQuerySet:
        """Follow-ups whose day has come, that nobody was asked about yet and that are still open."""
        return self.filter(invited_at__isnull=True, due_on__lte=on, closes_on__gte=on, answered_at__isnull=True)

    def awaiting_answer(self, *, on: dt.date) -> ImpactQuerySet:
        """Follow-ups somebody was asked about and may still answer on the day."""
        return self.filter(invited_at__isnull=False, closes_on__gte=on, answered_at__isnull=True)

    def visible_to(self, user: Any, partnership: Partnership) -> ImpactQuerySet:
        """Surveys of one's own bookings; all of the partnership's for whoever manages evaluations (T10)."""
        return self.filter(own_answers(user, partnership), partnership=partnership)


class ImpactFollowUp(Asked):
    """One survey of one person about one attendance; ``stage`` says whether the learner or their manager is asked."""

    class Stage(models.TextChoices):
        LEARNER = "learner", "Learner"
        MANAGER = "manager", "Line manager"

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="impact_follow_ups")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.LEARNER)
    due_on = models.DateField()
    closes_on = models.DateField()

    objects = ImpactQuerySet.as_manager()

    class Meta(Asked.Meta):
        ordering = ["due_on", "pk"]
        indexes = [
            *Asked.Meta.indexes,
            models.Index(fields=["due_on"], condition=models.Q(invited_at=None), name="impact_to_invite"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["booking", "stage"], name="one_follow_up_per_stage"),
            models.CheckConstraint(
                condition=models.Q(closes_on__gt=models.F("due_on")), name="impact_closes_after_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} follow-up of {self.booking}"

    @property
    def link_object_id(self) -> int:
        """Which object the one-time link of this survey is for: the follow-up itself."""
        return self.pk

    @property
    def link_expires_at(self) -> dt.datetime:
        return end_of_day(self.closes_on)


class ImpactAnswer(models.Model):
    """What a learner reports three to six months on. One answer to one follow-up."""

    class Used(models.TextChoices):
        OFTEN = "often", "Often"
        SOMETIMES = "sometimes", "Sometimes"
        ONCE = "once", "Once"
        NO_CHANCE = "no_chance", "Not yet: no chance to"
        NOT_YET = "not_yet", "Not yet: another reason"

    class Change(models.TextChoices):
        EARLIER = "earlier_identification", "I notice concerns earlier"
        RECORDING = "recording", "I record better"
        REFERRAL = "referral", "I make better referrals"
        SHARING = "information_sharing", "I share information better"
        JOINT_WORKING = "joint_working", "I work more with other agencies"
        LISTENING = "listening", "I listen more to children or adults at risk"
        CHALLENGE = "challenge", "I challenge decisions more"
        SUPERVISION = "supervision", "I raise it in supervision"
        NONE = "none", "Nothing has changed"

    follow_up = models.OneToOneField(ImpactFollowUp, on_delete=models.PROTECT, related_name="answer")
    recognise = confidence(RECOGNISE)
    act = confidence(ACT)
    agencies = confidence(AGENCIES)
    used = models.CharField(max_length=15, choices=Used.choices)
    # Codes of Change.
    changes = models.JSONField(default=list, blank=True)
    changed_how = models.TextField(blank=True)
    example = models.TextField(blank=True)
    shared = models.BooleanField(default=False)
    shared_how = models.TextField(blank=True)
    made_it_hard = models.TextField(blank=True)
    further_learning = models.TextField(blank=True)
    may_contact = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=within(0, 10, *CONFIDENCE), name="impact_scores_on_scale")]

    def __str__(self) -> str:
        return f"Answer to {self.follow_up}"
