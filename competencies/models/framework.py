"""Competence frameworks: an ordered list of groups or levels with what each asks for (R14-R19)."""

from __future__ import annotations

from django.db import models

from core.models import OwnedModel, OwnedQuerySet


class CompetencyFramework(OwnedModel):
    """A partnership's framework, or a statutory one that applies to some people instead (R19)."""

    code = models.SlugField()
    name = models.CharField(max_length=200)
    tier_word = models.CharField(max_length=20, default="Group")

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="one_framework_per_code")]

    def __str__(self) -> str:
        return self.name


class ProvidedBy(models.TextChoices):
    SINGLE_AGENCY = "single_agency", "The person's own agency"
    MULTI_AGENCY = "multi_agency", "The partnership"


class Group(models.Model):
    """A group or level of a framework. Training for it stays current ``refresh_months``; empty means for ever."""

    framework = models.ForeignKey(CompetencyFramework, on_delete=models.PROTECT, related_name="groups")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)
    provided_by = models.CharField(max_length=20, choices=ProvidedBy.choices, default=ProvidedBy.MULTI_AGENCY)
    refresh_months = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["framework_id", "order"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="one_group_per_code")]

    def __str__(self) -> str:
        return f"{self.framework.tier_word} {self.code}: {self.name}"
