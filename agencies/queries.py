"""Named reads about agencies and people."""

from __future__ import annotations

import datetime as dt

from core.models import Partnership

from .models import Agency, AgencyMembership, Employment, Person


def current_employment(person: Person, *, on: dt.date) -> Employment | None:
    """The employment a booking made on ``on`` counts for: the one that began last among those that run (T11)."""
    running = Employment.objects.current(on=on).filter(person=person).select_related("agency")
    return max(running, key=lambda job: (job.start_date or dt.date.min, job.pk), default=None)


def membership_of(agency: Agency, *, on: dt.date) -> AgencyMembership | None:
    """The terms an agency belongs by on a day: charge tier and contribution. A site without terms has its parent's."""
    terms = AgencyMembership.objects.in_force(on=on).filter(agency=agency).first()
    if terms is None and agency.parent is not None:
        return membership_of(agency.parent, on=on)
    return terms


def suggested_agency(email: str, *, partnership: Partnership) -> Agency | None:
    """The agency whose e-mail domains include that of ``email``; None when none or several do."""
    domain = email.rpartition("@")[2].lower()
    candidates = Agency.objects.of(partnership).exclude(email_domains=[]).only("pk", "name", "email_domains")
    matching = [agency for agency in candidates if domain in agency.email_domains]
    return matching[0] if len(matching) == 1 else None


def people_without_agency(partnership: Partnership, *, on: dt.date):
    """People with an account whom no agency employs on ``on``: an administrator matches them."""
    employed = Employment.objects.current(on=on).values("person")
    return Person.objects.of(partnership).filter(user__isnull=False).exclude(pk__in=employed)
