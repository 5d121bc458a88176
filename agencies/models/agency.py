"""Agencies: the bodies that employ people, are billed and are reported on (R01, R05)."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils import timezone

from accounts.models import User
from agencies.enums import ChargeTier, Contribution, Sector
from core.models import OwnedModel, OwnedQuerySet, Partnership


class AgencyQuerySet(OwnedQuerySet):
    def visible_to(self, user: User, partnership: Partnership) -> AgencyQuerySet:
        """The agencies ``user`` may see: all for an administrator, else the own ones."""
        mine = self.filter(partnership=partnership)
        if user.has_perm("people.manage", partnership):
            return mine
        today = timezone.localdate()
        return mine.filter(employments__in=_current_employments(user, today)).distinct()


def _current_employments(user: User, today: dt.date) -> models.QuerySet:
    from .person import Employment

    return Employment.objects.current(on=today).filter(person__user=user)


class Agency(OwnedModel):
    """A body that takes part. ``parent`` makes it a site of another, to which reports roll up."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    sector = models.CharField(max_length=30, choices=Sector.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="sites")
    finance_email = models.EmailField(blank=True)
    cost_code = models.CharField(max_length=40, blank=True)
    # Lower-case domains such as "example.org" that suggest this agency to a person who joins.
    email_domains = models.JSONField(default=list, blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="one_agency_per_code")]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["AgencyMembership"]):
    def in_force(self, *, on: dt.date) -> MembershipQuerySet:
        """Terms that had begun by ``on``; the latest of them per agency applies."""
        return self.filter(effective_from__lte=on).order_by("agency_id", "-effective_from")


class AgencyMembership(models.Model):
    """On what terms an agency belongs to the partnership from a date on: charge tier and contribution (R56, R57)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    effective_from = models.DateField(default=dt.date(2000, 1, 1))
    charge_tier = models.CharField(max_length=1, choices=ChargeTier.choices)
    contribution = models.CharField(max_length=10, choices=Contribution.choices, default=Contribution.NONE)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["agency_id", "effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "effective_from"], name="one_membership_per_agency_and_date")
        ]

    def __str__(self) -> str:
        return f"{self.agency}: tier {self.charge_tier} from {self.effective_from}"
