"""People known to a partnership, and where they work. History follows the person (R07, T11)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import User
from competencies.models import Group
from core.models import OwnedModel, OwnedQuerySet, Partnership

from .agency import Agency


class PersonQuerySet(OwnedQuerySet):
    def visible_to(self, user: User, partnership: Partnership) -> PersonQuerySet:
        """Oneself; everyone for an administrator; the current staff of the own agency for its lead (R66)."""
        here = self.filter(partnership=partnership)
        if user.has_perm("people.manage", partnership):
            return here
        visible = models.Q(user=user)
        led = RoleAppointment.objects.agencies_led_by(user, partnership)
        if led:
            current = Employment.objects.current(on=timezone.localdate()).filter(agency__in=led)
            visible |= models.Q(pk__in=current.values("person"))
        return here.filter(visible)


class Person(OwnedModel):
    """A human known to a partnership, with or without an account or an e-mail address (R05)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="people"
    )
    email = models.EmailField(max_length=254, blank=True)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    phone = models.CharField(max_length=40, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "email"], condition=~models.Q(email=""), name="one_person_per_email"
            ),
            models.UniqueConstraint(
                fields=["partnership", "user"], condition=models.Q(user__isnull=False), name="one_person_per_account"
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        return f"{self.first_name[:1]}{self.last_name[:1]}".upper()


class EmploymentQuerySet(models.QuerySet["Employment"]):
    def current(self, *, on: dt.date) -> EmploymentQuerySet:
        """Employments that run on ``on``; an empty start or end is open."""
        return self.filter(
            models.Q(start_date__isnull=True) | models.Q(start_date__lte=on),
            models.Q(end_date__isnull=True) | models.Q(end_date__gte=on),
        )


class Employment(models.Model):
    """A person's work for one agency: job, groups, line manager, dates. A person may have several at once."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="employments")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="employments")
    job_title = models.CharField(max_length=150, blank=True)
    groups = models.ManyToManyField(Group, related_name="employments", blank=True)
    manager = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="manages")
    manager_name = models.CharField(max_length=200, blank=True)
    manager_email = models.EmailField(max_length=254, blank=True)
    start_date = models.DateField(null=True, blank=True)
    end_date = models.DateField(null=True, blank=True)

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start_date__isnull=True)
                | models.Q(end_date__isnull=True)
                | models.Q(end_date__gte=models.F("start_date")),
                name="employment_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["person", "agency"],
                condition=models.Q(end_date__isnull=True),
                name="one_open_employment_per_person_and_agency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} at {self.agency}"


class RoleAppointmentQuerySet(models.QuerySet["RoleAppointment"]):
    def current(self, *, on: dt.date) -> RoleAppointmentQuerySet:
        return self.filter(
            models.Q(start_date__isnull=True) | models.Q(start_date__lte=on),
            models.Q(end_date__isnull=True) | models.Q(end_date__gte=on),
        )

    def agencies_led_by(self, user: User, partnership: Partnership) -> list[int]:
        """Ids of the agencies that ``user`` leads today in ``partnership``."""
        from accounts.permissions import Role

        mine = self.current(on=timezone.localdate()).filter(role=Role.AGENCY_LEAD, person__user=user)
        return list(mine.filter(person__partnership=partnership).values_list("agency_id", flat=True))


class RoleAppointment(models.Model):
    """The appointment of a person to a role; ``agency`` only for an agency lead."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=30)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments")
    start_date = models.DateField(null=True, blank=True)
    end_date = models.DateField(null=True, blank=True)

    objects = RoleAppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "agency"],
                condition=models.Q(end_date__isnull=True, agency__isnull=False),
                name="one_open_appointment_per_role_and_agency",
            ),
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=models.Q(end_date__isnull=True, agency__isnull=True),
                name="one_open_appointment_per_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"
