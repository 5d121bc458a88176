"""Four tables: dates, bookings, mails that wait, staff."""

from __future__ import annotations

from django.db import models


class Session(models.Model):
    title = models.CharField(max_length=200)
    venue = models.CharField(max_length=200)
    starts_at = models.DateTimeField(db_index=True)
    capacity = models.PositiveIntegerField()
    is_open = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.title


class Booking(models.Model):
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="bookings")
    person = models.PositiveIntegerField()
    status = models.CharField(max_length=10)
    place_number = models.PositiveIntegerField(null=True)
    booked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="bare_one_booking"),
            models.UniqueConstraint(fields=["session", "place_number"], name="bare_one_place"),
        ]

    def __str__(self) -> str:
        return f"{self.person} on {self.session_id}"


class Message(models.Model):
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    state = models.CharField(max_length=10, default="waiting", db_index=True)

    def __str__(self) -> str:
        return self.subject


class Staff(models.Model):
    """A row of the list of staff, as it stands in the file."""

    email = models.CharField(max_length=254, unique=True)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    agency_code = models.CharField(max_length=20)
    job_title = models.CharField(max_length=150)
    groups = models.CharField(max_length=200)
    manager_name = models.CharField(max_length=200)
    manager_email = models.CharField(max_length=254)
    start_date = models.DateField(null=True)
    end_date = models.DateField(null=True)

    def __str__(self) -> str:
        return self.email
