"""Appointing to roles and ending an appointment."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.permissions import Role
from agencies.domain.appointing import AgencyNeeded, LastAdministrator, appoint, end_appointment
from agencies.models import RoleAppointment
from tests.factories import AgencyFactory, PartnershipFactory, PersonFactory, person_with_account


@pytest.mark.django_db
def test_appointing_twice_is_one_appointment() -> None:
    person, now = PersonFactory(), timezone.now()
    first = appoint(person=person, role=Role.TRAINER, agency=None, by=None, now=now)
    assert appoint(person=person, role=Role.TRAINER, agency=None, by=None, now=now) == first


@pytest.mark.django_db
def test_an_agency_lead_needs_an_agency_and_others_have_none() -> None:
    person, now = PersonFactory(), timezone.now()
    agency = AgencyFactory(partnership=person.partnership)
    with pytest.raises(AgencyNeeded):
        appoint(person=person, role=Role.AGENCY_LEAD, agency=None, by=None, now=now)
    assert appoint(person=person, role=Role.AGENCY_LEAD, agency=agency, by=None, now=now).agency == agency
    assert appoint(person=person, role=Role.TRAINER, agency=agency, by=None, now=now).agency is None


@pytest.mark.django_db
def test_ending_takes_the_right_away_at_once() -> None:
    partnership = PartnershipFactory()
    person_with_account(partnership, Role.ADMINISTRATOR)
    leaving = person_with_account(partnership, Role.ADMINISTRATOR)
    end_appointment(appointment=leaving.appointments.get(), by=None, now=timezone.now())
    leaving.user.__dict__.pop("_roles", None)
    assert not leaving.user.has_perm("people.manage", partnership)


@pytest.mark.django_db
def test_the_last_administrator_stays() -> None:
    person = person_with_account(PartnershipFactory(), Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator):
        end_appointment(appointment=person.appointments.get(), by=None, now=timezone.now())


@pytest.mark.django_db
def test_an_administrator_whose_account_is_closed_does_not_count() -> None:
    partnership = PartnershipFactory()
    closed = person_with_account(partnership, Role.ADMINISTRATOR)
    closed.user.is_active = False
    closed.user.save()
    last = person_with_account(partnership, Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator):
        end_appointment(appointment=last.appointments.get(), by=None, now=timezone.now())


@pytest.mark.django_db
def test_an_ended_appointment_can_be_made_again() -> None:
    person, now = PersonFactory(), timezone.now()
    appointment = appoint(person=person, role=Role.TRAINER, agency=None, by=None, now=now - dt.timedelta(days=9))
    end_appointment(appointment=appointment, by=None, now=now)
    appoint(person=person, role=Role.TRAINER, agency=None, by=None, now=now)
    assert RoleAppointment.objects.current(on=timezone.localdate()).filter(person=person).count() == 1
