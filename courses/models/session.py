"""Sessions: a course on given dates at a place, with its costs (R61)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models

from core.models import OwnedModel, OwnedQuerySet
from core.periods import Quarter, london_day
from courses.enums import Mode, SessionStatus

from .course import Course


class Venue(OwnedModel):
    """A place where sessions are held."""

    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    access = models.TextField(blank=True)
    travel = models.TextField(blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["partnership", "name"], name="one_venue_per_name")]

    def __str__(self) -> str:
        return self.name


class SessionQuerySet(OwnedQuerySet):
    def starting_in(self, quarter: Quarter) -> SessionQuerySet:
        """Sessions whose first day lies in ``quarter``; a session of several days belongs to its first."""
        return self.filter(starts_at__gte=quarter.starts_at, starts_at__lt=quarter.ends_before)

    def open_for_booking(self, *, now: dt.datetime) -> SessionQuerySet:
        """Sessions that people may still book or wait for: scheduled, published and not yet begun."""
        return self.filter(status=SessionStatus.SCHEDULED, starts_at__gt=now, course__state="published")


def _cost_field() -> models.DecimalField:
    return models.DecimalField(
        max_digits=9, decimal_places=2, default=Decimal("0"), validators=[MinValueValidator(Decimal("0"))]
    )


class CourseSession(OwnedModel):
    """One delivery of a course, in one or more parts. ``starts_at`` and ``ends_at`` are the first part's start and the
    last part's end; ``courses.domain.scheduling`` works them out.
    """

    ref = models.CharField(max_length=40)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions")
    mode = models.CharField(max_length=12, choices=Mode.choices)
    joining_link = models.URLField(max_length=500, blank=True)
    capacity = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=SessionStatus.choices, default=SessionStatus.SCHEDULED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    trainer_cost = _cost_field()
    venue_cost = _cost_field()
    refreshment_cost = _cost_field()
    cancelled_reason = models.CharField(max_length=300, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "ref"]
        indexes = [models.Index(fields=["partnership", "starts_at"], name="session_partnership_start")]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "ref"], name="one_session_per_reference"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(trainer_cost__gte=0, venue_cost__gte=0, refreshment_cost__gte=0),
                name="session_costs_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def first_day(self) -> dt.date:
        return london_day(self.starts_at)

    @property
    def where(self) -> str:
        """For people: the venue's name, or that it is online."""
        if self.mode == Mode.IN_PERSON:
            return self.venue.name if self.venue else "Venue to be confirmed"
        return "Online"


class SessionPart(models.Model):
    """One sitting of a session. A session of one day has one part."""

    session = models.ForeignKey(CourseSession, on_delete=models.CASCADE, related_name="parts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["session", "starts_at"], name="one_part_per_start"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="part_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.starts_at:%Y-%m-%d}"
