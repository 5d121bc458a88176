"""The evaluation plan: when each stage is asked, of whom, and what it unlocks (R67-R73)."""

from __future__ import annotations

import datetime as dt

from django.db import models

from core.models import OwnedModel


class EvaluationPlan(OwnedModel):
    """A partnership's plan from a date on. Months and days are counted from the last day of the session."""

    effective_from = models.DateField(default=dt.date(2000, 1, 1))
    initial_gates_certificate = models.BooleanField(default=True)
    impact_invite_months = models.PositiveSmallIntegerField(default=3)
    impact_close_months = models.PositiveSmallIntegerField(default=6)
    impact_reminder_days = models.JSONField(default=list)
    # "all", or the codes of the courses that are followed up.
    impact_courses = models.JSONField(default=list)
    dip_sample_percent = models.PositiveSmallIntegerField(default=10)
    dip_sample_minimum = models.PositiveSmallIntegerField(default=5)

    class Meta:
        ordering = ["partnership_id", "effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "effective_from"], name="one_evaluation_plan_per_date")
        ]

    def __str__(self) -> str:
        return f"Evaluation plan from {self.effective_from}"
