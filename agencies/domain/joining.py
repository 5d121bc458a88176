"""Joining a partnership: an account becomes the person it belongs to (R05, R43)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from agencies.models import Agency, Employment, Person
from agencies.queries import current_employment
from competencies.models import Group
from core.audit import record
from core.errors import RuleBroken
from core.models import Partnership
from core.periods import london_day

# Mailboxes that several people read. Each learner needs an own address, because records belong to a person.
SHARED_MAILBOXES = frozenset(
    [
        "admin",
        "bookings",
        "contact",
        "enquiries",
        "finance",
        "head",
        "info",
        "mail",
        "office",
        "reception",
        "team",
        "training",
    ]
)


class SharedMailbox(RuleBroken):
    """The address looks like one that several people read."""

    default_message = (
        "This looks like an address that several people share. Use your own work address, so that your record and "
        "certificates stay yours. If you have none, ask the training team to add you."
    )


def is_shared_mailbox(email: str) -> bool:
    """Whether an address such as office@ is likely to be read by several people."""
    return email.partition("@")[0].lower() in SHARED_MAILBOXES


@transaction.atomic
def claim_person(*, user: Any, partnership: Partnership, now: dt.datetime) -> Person | None:
    """Tie a verified account to the person the partnership already knows by that address, if there is one (R05).

    Safe to repeat. A person who already belongs to another account is never taken over.
    """
    known: Person | None = Person.objects.filter(partnership=partnership, user=user).first()
    if known:
        return known
    person: Person | None = (
        Person.objects.select_for_update().filter(partnership=partnership, email=user.email, user=None).first()
    )
    if person:
        person.user = user
        person.save(update_fields=["user"])
        record("person.joined", person, partnership=partnership, by=user, now=now)
    return person


@transaction.atomic
def join_partnership(
    *,
    user: Any,
    partnership: Partnership,
    first_name: str,
    last_name: str,
    job_title: str,
    agency: Agency | None,
    groups: list[Group],
    now: dt.datetime,
) -> Person:
    """Become known to a partnership with name and work; without an agency an administrator matches the account.

    Raises ``SharedMailbox`` for an address that several people share.
    """
    if is_shared_mailbox(user.email):
        raise SharedMailbox
    person = claim_person(user=user, partnership=partnership, now=now) or Person(
        partnership=partnership, user=user, email=user.email
    )
    is_new = person.pk is None
    person.first_name, person.last_name = first_name, last_name
    person.save()
    _set_work(person, agency=agency, job_title=job_title, groups=groups, now=now)
    action = "person.joined" if is_new else "person.details_changed"
    record(action, person, partnership=partnership, by=user, now=now)
    return person


def _set_work(person: Person, *, agency: Agency | None, job_title: str, groups: list[Group], now: dt.datetime) -> None:
    """Job and groups of the current employment; a change of agency is for the training team, only a first is set."""
    job = current_employment(person, on=london_day(now))
    if job is None and agency is not None:
        job = Employment.objects.create(person=person, agency=agency, start_date=london_day(now))
    if job is not None:
        job.job_title = job_title
        job.save(update_fields=["job_title"])
        job.groups.set(groups)
