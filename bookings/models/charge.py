"""Charges: money an agency may owe for an absence or a place. Always a proposal first (R53-R56)."""

from __future__ import annotations

from django.db import models

from agencies.models import Agency
from bookings.enums import ChargeKind, ChargeState
from core.models import OwnedModel, OwnedQuerySet

from .booking import Booking
from .policy import ChargingPolicy


class Charge(OwnedModel):
    """One charge for one booking, priced by the policy the booking keeps. Amount in pounds."""

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="charge")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="charges")
    policy = models.ForeignKey(ChargingPolicy, on_delete=models.PROTECT, related_name="charges")
    kind = models.CharField(max_length=10, choices=ChargeKind.choices)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    state = models.CharField(max_length=10, choices=ChargeState.choices, default=ChargeState.PROPOSED)
    explanation = models.CharField(max_length=300, blank=True)
    raised_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(default=0)
    decision_reason = models.CharField(max_length=300, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        indexes = [models.Index(fields=["partnership", "state"], name="charge_partnership_state")]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="charge_above_zero")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} £{self.amount} for {self.booking}"
