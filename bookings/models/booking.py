"""Bookings: a person's claim on a place (R43-R52)."""

from __future__ import annotations

import secrets

from django.db import models

from agencies.models import Agency, Person
from bookings.enums import HOLDS_A_PLACE, LIVE, NEVER_BOOKED, AbsenceReason, BookingStatus
from core.models import OwnedModel, OwnedQuerySet, Partnership
from courses.models import CourseSession

from .policy import ChargingPolicy

# Letters and figures that cannot be mistaken for one another.
CLEAR_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """A booking's reference for people: 8 clear characters, unguessable enough that it names no sequence."""
    return "".join(secrets.choice(CLEAR_ALPHABET) for _ in range(8))


class BookingQuerySet(OwnedQuerySet):
    def visible_to(self, user: models.Model, partnership: Partnership) -> BookingQuerySet:
        """One's own bookings; all of them for an administrator. Trainers reach theirs through their sessions."""
        here = self.filter(partnership=partnership)
        if user.has_perm("bookings.manage", partnership):  # type: ignore[attr-defined]
            return here
        return here.filter(person__user=user)

    def holding_a_place(self) -> BookingQuerySet:
        return self.filter(status__in=HOLDS_A_PLACE)

    def waiting(self) -> BookingQuerySet:
        """The waiting list in order: first come, first served."""
        return self.filter(status=BookingStatus.WAITING).order_by("booked_at", "pk")

    def ever_booked(self) -> BookingQuerySet:
        """Bookings that ever held a place; walk-ins, refusals and people only waiting did not, whatever came after
        (R44).
        """
        return self.exclude(status__in=NEVER_BOOKED).filter(never_held_place=False)


class Booking(OwnedModel):
    """One person's booking of one session. ``agency`` and ``policy`` are those of the moment of booking (T11, R57)."""

    reference = models.CharField(max_length=12, unique=True, default=new_reference)
    session = models.ForeignKey(CourseSession, on_delete=models.PROTECT, related_name="bookings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="bookings")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="bookings")
    policy = models.ForeignKey(ChargingPolicy, on_delete=models.PROTECT, null=True, related_name="bookings")
    status = models.CharField(max_length=20, choices=BookingStatus.choices)
    # Which of the session's places is held, from 1; empty without a place.
    place_number = models.PositiveIntegerField(null=True, blank=True)
    # True for someone who only waited or walked in: never one of the bookings that are counted, whatever came after.
    never_held_place = models.BooleanField(default=False)
    booked_at = models.DateTimeField()
    # When a place came free for this person on the waiting list.
    promoted_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    absence_reason = models.CharField(max_length=20, choices=AbsenceReason.choices, blank=True)
    absence_reason_text = models.CharField(max_length=200, blank=True)
    # The form's own id: sending a form twice shows the first result.
    submission_id = models.UUIDField(null=True, blank=True, unique=True)
    calendar_sequence = models.PositiveSmallIntegerField(default=0)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["booked_at", "pk"]
        indexes = [
            models.Index(fields=["session", "status"], name="booking_session_status"),
            models.Index(fields=["person", "status"], name="booking_person_status"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"], condition=models.Q(status__in=LIVE), name="one_live_booking_per_person"
            ),
            models.UniqueConstraint(
                fields=["session", "place_number"],
                condition=models.Q(place_number__isnull=False),
                name="one_booking_per_place",
            ),
            models.CheckConstraint(
                condition=models.Q(place_number__isnull=True) | models.Q(place_number__gte=1),
                name="place_number_from_one",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def holds_a_place(self) -> bool:
        return self.status in HOLDS_A_PLACE


class BookingNeeds(models.Model):
    """Access and dietary needs for the day, seen by few and wiped 30 days after the session (R51, R152)."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="needs")
    access = models.JSONField(default=list, blank=True)
    other = models.CharField(max_length=300, blank=True)
    diet = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "booking needs"

    def __str__(self) -> str:
        return f"Needs of {self.booking}"
