"""The partnership: the tenant that everything belongs to."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class Nation(models.TextChoices):
    """Whose bank holidays count."""

    ENGLAND = "England", "England"
    WALES = "Wales", "Wales"
    SCOTLAND = "Scotland", "Scotland"
    NORTHERN_IRELAND = "Northern Ireland", "Northern Ireland"


class Strand(models.TextChoices):
    """Whom the training protects."""

    CHILDREN = "children", "Children"
    ADULTS = "adults", "Adults"
    JOINT = "joint", "Children and adults"


class Partnership(models.Model):
    """A safeguarding partnership that runs a training programme. One installation serves several (R02-R04)."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40, blank=True)
    strands = models.JSONField(default=list)
    nation = models.CharField(max_length=20, choices=Nation.choices, default=Nation.ENGLAND)
    year_start_month = models.PositiveSmallIntegerField(
        default=4, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    data_controller = models.CharField(max_length=200, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    # What a partnership file holds and no app has claimed yet; kept so that nothing of a file is lost.
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(year_start_month__gte=1, year_start_month__lte=12), name="partnership_start_month"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        return self.short_name or self.name

    def link_to(self, path: str, *, host: str = "") -> str:
        """The full address of ``path`` for use in a mail, built from configuration and never from a request."""
        if not host:
            return f"{settings.SITE_BASE_URL}{path}"
        port = f":{settings.SITE_PORT}" if settings.SITE_PORT else ""
        return f"{settings.SITE_SCHEME}://{host}{port}{path}"


class HostName(models.Model):
    """A host name that leads to one partnership. The first is used in mailed links."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="host_names")
    host = models.CharField(max_length=253, unique=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.host


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows of tenant-owned tables. Start every read from ``of(partnership)`` or the model's ``visible_to``."""

    def of(self, partnership: Partnership) -> Any:
        return self.filter(partnership=partnership)


class OwnedModel(models.Model):
    """A row that belongs to one partnership and never crosses to another (invariant 8)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
