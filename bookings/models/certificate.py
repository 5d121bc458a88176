"""Certificates: proof of attendance that anyone can check (R64, R65)."""

from __future__ import annotations

import secrets

from django.db import models

from core.models import OwnedModel

from .booking import CLEAR_ALPHABET, Booking

NUMBER_LENGTH = 27


def new_certificate_number() -> str:
    """27 characters of 30 clear ones: more than 130 bits."""
    return "".join(secrets.choice(CLEAR_ALPHABET) for _ in range(NUMBER_LENGTH))


class Certificate(OwnedModel):
    """The certificate of one booking. Names and titles are kept as they were when it was released."""

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="certificate")
    number = models.CharField(max_length=32, unique=True, default=new_certificate_number)
    released_at = models.DateTimeField()
    renew_by = models.DateField(null=True, blank=True)
    person_name = models.CharField(max_length=210)
    person_initials = models.CharField(max_length=4)
    agency_name = models.CharField(max_length=200)
    course_title = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    pdf = models.FileField(upload_to="certificates/%Y/", null=True, blank=True)

    class Meta:
        ordering = ["-released_at"]

    def __str__(self) -> str:
        return self.number

    @property
    def grouped_number(self) -> str:
        """The number as printed, in groups of three to be read aloud."""
        return "-".join(self.number[i : i + 3] for i in range(0, len(self.number), 3))
