"""The quarterly report to the sub-group: figures frozen at a moment, words by people (R141-R147)."""

from __future__ import annotations

from django.db import models

from core.models import OwnedModel, Partnership
from core.periods import Quarter


class ReportQuerySet(models.QuerySet["QuarterlyReport"]):
    def visible_to(self, user: models.Model, partnership: Partnership) -> ReportQuerySet:
        """Published reports for the sub-group; drafts too for those who may draft."""
        here = self.filter(partnership=partnership)
        if user.has_perm("reports.draft", partnership):  # type: ignore[attr-defined]
            return here
        return here.filter(state=QuarterlyReport.State.PUBLISHED)


class QuarterlyReport(OwnedModel):
    """The report on one quarter. Once published, ``figures`` is the whole machine-readable report as it stood at
    ``figures_at``; a draft has none of its own, its figures follow the records (``reports.queries.figures_of``).
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    figures = models.JSONField(default=dict)
    figures_at = models.DateTimeField()
    key_messages = models.JSONField(default=list, blank=True)
    risks = models.TextField(blank=True)
    sufficiency = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-quarter"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "year", "quarter"], name="one_report_per_quarter"),
            models.CheckConstraint(condition=models.Q(quarter__gte=1, quarter__lte=4), name="report_quarter_1_to_4"),
        ]

    def __str__(self) -> str:
        return f"Quarterly report {self.year}-Q{self.quarter}"

    @property
    def period(self) -> Quarter:
        return Quarter(self.year, self.quarter, self.partnership.year_start_month)
