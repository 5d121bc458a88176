"""Who may take a register."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.permissions import Role
from bookings.permissions import may_take_register
from tests.factories import PartnershipFactory, SessionFactory, deliver, person_with_account
from trainers.enums import DeliveryRole

pytestmark = pytest.mark.django_db


@pytest.mark.rule("R63")
@pytest.mark.parametrize(
    ("role", "delivers", "may"),
    [
        (Role.TRAINER, DeliveryRole.LEAD, True),
        (Role.TRAINER, DeliveryRole.CO, True),
        (Role.TRAINER, DeliveryRole.OBSERVER, False),
        (Role.TRAINER, None, False),
        (Role.PRACTITIONER, DeliveryRole.LEAD, False),
        (Role.AGENCY_LEAD, None, False),
        (Role.ADMINISTRATOR, None, True),
    ],
)
def test_administrators_and_the_trainers_of_the_session_take_it(role: Role, delivers: str | None, may: bool) -> None:
    partnership = PartnershipFactory()
    session = SessionFactory(partnership=partnership)
    person = person_with_account(partnership, role)
    if delivers:
        deliver(session, person, DeliveryRole(delivers))
    assert may_take_register(person.user, session) is may


def test_a_trainer_who_left_the_pool_does_not() -> None:
    partnership = PartnershipFactory()
    session = SessionFactory(partnership=partnership)
    person = person_with_account(partnership, Role.TRAINER)
    deliver(session, person).trainer.__class__.objects.update(active=False)
    assert not may_take_register(person.user, session)


def test_an_administrator_of_another_partnership_does_not() -> None:
    elsewhere = person_with_account(PartnershipFactory(), Role.ADMINISTRATOR)
    assert not may_take_register(elsewhere.user, SessionFactory())


def test_a_visitor_does_not() -> None:
    assert not may_take_register(AnonymousUser(), SessionFactory())
