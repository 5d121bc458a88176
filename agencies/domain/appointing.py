"""Appointing people to roles, and ending an appointment."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction

from accounts.permissions import Role
from agencies.models import Agency, Person, RoleAppointment
from core.audit import record
from core.errors import RuleBroken
from core.models import Partnership
from core.periods import london_day

APPOINTABLE = (Role.AGENCY_LEAD, Role.TRAINER, Role.SUBGROUP_MEMBER, Role.SUBGROUP_CHAIR, Role.ADMINISTRATOR)


class LastAdministrator(RuleBroken):
    default_message = (
        "This is the partnership’s last administrator. Appoint another one first, so that someone can still run it."
    )


class AgencyNeeded(RuleBroken):
    default_message = "Choose the agency that this person leads."


@transaction.atomic
def appoint(
    *, person: Person, role: Role, agency: Agency | None, by: models.Model | None, now: dt.datetime
) -> RoleAppointment:
    """Appoint ``person`` to ``role`` from today; appointing twice changes nothing. Only an agency lead has an agency.

    Raises ``AgencyNeeded`` for an agency lead without agency.
    """
    if role == Role.AGENCY_LEAD and agency is None:
        raise AgencyNeeded
    appointment, created = RoleAppointment.objects.get_or_create(
        person=person,
        role=role,
        agency=agency if role == Role.AGENCY_LEAD else None,
        end_date=None,
        defaults={"start_date": london_day(now)},
    )
    if created:
        record("role.appointed", person, partnership=person.partnership, by=by, now=now, after={"role": str(role)})
    return appointment


@transaction.atomic
def end_appointment(*, appointment: RoleAppointment, by: models.Model | None, now: dt.datetime) -> None:
    """End an appointment as of yesterday's close, so that it stops at once. Raises ``LastAdministrator``.

    The partnership row is locked first: two administrators who end each other's appointment at the same moment cannot
    both succeed.
    """
    partnership = Partnership.objects.select_for_update().get(pk=appointment.person.partnership_id)
    today = london_day(now)
    current = RoleAppointment.objects.current(on=today).filter(person__partnership=partnership)
    if not current.filter(pk=appointment.pk).exists():
        return
    if appointment.role == Role.ADMINISTRATOR:
        others = current.filter(role=Role.ADMINISTRATOR, person__user__is_active=True).exclude(pk=appointment.pk)
        if not others.exists():
            raise LastAdministrator
    appointment.end_date = today - dt.timedelta(days=1)
    if appointment.start_date and appointment.start_date > appointment.end_date:
        appointment.start_date = appointment.end_date
    appointment.save(update_fields=["start_date", "end_date"])
    record("role.ended", appointment.person, partnership=partnership, by=by, now=now, before={"role": appointment.role})
