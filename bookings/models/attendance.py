"""The register: who came, marked by a trainer; and when it was finished (R63)."""

from __future__ import annotations

from django.db import models

from courses.models import CourseSession

from .booking import Booking


class Mark(models.TextChoices):
    HERE = "here", "Here"
    LATE = "late", "Late"
    ABSENT = "absent", "Absent"


class Attendance(models.Model):
    """A trainer's mark for one booking. What follows from it is decided when the register is finished."""

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="attendance")
    mark = models.CharField(max_length=10, choices=Mark.choices)
    minutes_late = models.PositiveSmallIntegerField(null=True, blank=True)
    let_in = models.BooleanField(default=True)
    left_early = models.BooleanField(default=False)
    marked_by_id = models.BigIntegerField(default=0)
    marked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.booking}: {self.mark}"


class Register(models.Model):
    """The finished register of a session. Without one nothing is charged: not recorded is not absent."""

    session = models.OneToOneField(CourseSession, on_delete=models.PROTECT, related_name="register")
    finished_at = models.DateTimeField()
    finished_by_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"Register of {self.session}"
