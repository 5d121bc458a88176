"""The evaluation plan: when each stage is asked, of whom, and what it unlocks (R67-R73)."""

from __future__ import annotations

import datetime as dt

from django.db import models

from core.models import OwnedModel, OwnedQuerySet

ALL_COURSES = "all"


def three_reminders() -> list[int]:
    return [1, 7, 14]


def two_reminders() -> list[int]:
    return [14, 28]


def all_courses() -> str:
    return ALL_COURSES


class EvaluationPlan(OwnedModel):
    """A partnership's plan from a date on. Months count from the last day of the session, days from the invitation."""

    effective_from = models.DateField(default=dt.date(2000, 1, 1))
    initial_gates_certificate = models.BooleanField(default=True)
    initial_reminder_days = models.JSONField(default=three_reminders)
    impact_invite_months = models.PositiveSmallIntegerField(default=3)
    impact_close_months = models.PositiveSmallIntegerField(default=6)
    impact_reminder_days = models.JSONField(default=two_reminders)
    # "all", or the codes of the courses that are followed up.
    impact_courses = models.JSONField(default=all_courses)
    dip_sample_percent = models.PositiveSmallIntegerField(default=10)
    dip_sample_minimum = models.PositiveSmallIntegerField(default=5)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["partnership_id", "effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "effective_from"], name="one_evaluation_plan_per_date"),
            models.CheckConstraint(
                condition=models.Q(impact_close_months__gt=models.F("impact_invite_months")),
                name="impact_closes_months_after_invitation",
            ),
        ]

    def __str__(self) -> str:
        return f"Evaluation plan from {self.effective_from}"

    def follows_up(self, course_code: str) -> bool:
        """Whether learners of a course are asked about its impact (R69: all; R73: selected courses)."""
        return self.impact_courses == ALL_COURSES or course_code in self.impact_courses
