"""The sub-group's terms of reference, dated: quorum and deadlines follow from them (R127-R136)."""

from __future__ import annotations

import datetime as dt

from django.db import models

from core.models import OwnedModel


class TermsOfReference(OwnedModel):
    """What the sub-group works by from a date on. Days are working days."""

    effective_from = models.DateField(default=dt.date(2000, 1, 1))
    quorum_members = models.PositiveSmallIntegerField(default=5)
    quorum_agencies = models.PositiveSmallIntegerField(default=3)
    meetings_per_year = models.PositiveSmallIntegerField(default=6)
    papers_working_days_before = models.PositiveSmallIntegerField(default=5)
    action_log_working_days_after = models.PositiveSmallIntegerField(default=5)
    minutes_working_days_after = models.PositiveSmallIntegerField(default=15)

    class Meta:
        ordering = ["partnership_id", "effective_from"]
        verbose_name_plural = "terms of reference"
        constraints = [models.UniqueConstraint(fields=["partnership", "effective_from"], name="one_terms_per_date")]

    def __str__(self) -> str:
        return f"Terms of reference from {self.effective_from}"
