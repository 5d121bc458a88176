"""Courses: what is taught, reusable; and the priorities they serve (R26-R41)."""

from __future__ import annotations

from django.db import models

from competencies.models import Group
from core.models import OwnedModel, OwnedQuerySet, Strand
from courses.enums import CourseState, LengthBand, ManagerApproval, Mode


class Priority(OwnedModel):
    """A strategic priority of the partnership's year (R31)."""

    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "priorities"
        constraints = [models.UniqueConstraint(fields=["partnership", "name"], name="one_priority_per_name")]

    def __str__(self) -> str:
        return self.name


class CourseQuerySet(OwnedQuerySet):
    def published(self) -> CourseQuerySet:
        return self.filter(state=CourseState.PUBLISHED)


class Course(OwnedModel):
    """A course of the catalogue. ``days`` counts the days of a course of several days, which is priced per day."""

    code = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=CourseState.choices, default=CourseState.PUBLISHED)
    strand = models.CharField(max_length=10, choices=Strand.choices, default=Strand.CHILDREN)
    aim = models.TextField(blank=True)
    learning_outcomes = models.JSONField(default=list, blank=True)
    content_note = models.TextField(blank=True)
    length = models.CharField(max_length=12, choices=LengthBand.choices)
    days = models.PositiveSmallIntegerField(default=1)
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    mode = models.CharField(max_length=12, choices=Mode.choices)
    capacity = models.PositiveIntegerField(default=24)
    refresh_months = models.PositiveSmallIntegerField(null=True, blank=True)
    manager_approval = models.CharField(max_length=12, choices=ManagerApproval.choices, default=ManagerApproval.NONE)
    groups = models.ManyToManyField(Group, related_name="courses", blank=True)
    priorities = models.ManyToManyField(Priority, related_name="courses", blank=True)
    prerequisites = models.ManyToManyField("self", symmetrical=False, related_name="leads_to", blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="one_course_per_code"),
            models.CheckConstraint(condition=models.Q(days__gte=1), name="course_at_least_one_day"),
            models.CheckConstraint(condition=models.Q(hours__gte=0), name="course_hours_not_negative"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def length_label(self) -> str:
        """For people: Briefing, Half day, 1 day, 2 days, E-learning."""
        if self.length == LengthBand.FULL_DAY:
            return "1 day" if self.days == 1 else f"{self.days} days"
        return self.get_length_display()
