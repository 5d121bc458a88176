"""The charging policy, dated: a booking keeps the version that applied when it was made (R53, R57, R60)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import models
from django.utils.functional import cached_property

from agencies.enums import ChargeTier
from bookings.enums import ChargeKind, NoticeUnit
from core.models import OwnedModel, OwnedQuerySet
from courses.enums import LengthBand


class PolicyQuerySet(OwnedQuerySet):
    def in_force(self, *, on: dt.date) -> PolicyQuerySet:
        """The policies that had begun by ``on``, the one that applies first."""
        return self.filter(effective_from__lte=on).order_by("-effective_from")


class ChargingPolicy(OwnedModel):
    """Notice, grace and waiver terms from a date on; its prices are ``PolicyPrice`` rows."""

    effective_from = models.DateField()
    notice_days = models.PositiveSmallIntegerField(default=5)
    notice_unit = models.CharField(max_length=15, choices=NoticeUnit.choices, default=NoticeUnit.WORKING_DAYS)
    # Minutes after the start within which a late arrival is let in without a decision, by length band.
    late_grace_minutes = models.JSONField(default=dict, blank=True)
    waiver_working_days = models.PositiveSmallIntegerField(default=5)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["partnership_id", "effective_from"]
        verbose_name_plural = "charging policies"
        constraints = [models.UniqueConstraint(fields=["partnership", "effective_from"], name="one_policy_per_date")]

    def __str__(self) -> str:
        return f"Charging policy from {self.effective_from}"

    @cached_property
    def price_table(self) -> dict[tuple[str, str, str], Decimal]:
        """Its prices by kind, tier and length, read once; prefetch ``prices`` to read those of many policies
        together.
        """
        return {(price.kind, price.tier, price.length): price.amount for price in self.prices.all()}


class PolicyPrice(models.Model):
    """One price: what an event costs for a length band, per day. An empty ``tier`` is every tier; what is not named
    is £0.
    """

    policy = models.ForeignKey(ChargingPolicy, on_delete=models.CASCADE, related_name="prices")
    kind = models.CharField(max_length=10, choices=ChargeKind.choices)
    tier = models.CharField(max_length=1, choices=ChargeTier.choices, blank=True)
    length = models.CharField(max_length=12, choices=LengthBand.choices)
    amount = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal("0"))

    class Meta:
        ordering = ["policy_id", "kind", "tier", "length"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "kind", "tier", "length"], name="one_price_per_event"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.tier or 'all tiers'} {self.length}: £{self.amount}"
