"""Who delivers what."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.permissions import Role
from tests.factories import PartnershipFactory, PersonFactory, SessionFactory, deliver, person_with_account
from trainers.domain.pool import is_delivering, trainers_of
from trainers.enums import DeliveryRole

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "delivers"), [(DeliveryRole.LEAD, True), (DeliveryRole.CO, True), (DeliveryRole.OBSERVER, False)]
)
def test_observers_do_not_deliver(role: DeliveryRole, delivers: bool) -> None:
    partnership = PartnershipFactory()
    session, other = (SessionFactory(partnership=partnership) for _ in range(2))
    person = person_with_account(partnership, Role.TRAINER)
    deliver(session, person, role)
    assert is_delivering(person.user, session) is delivers
    assert not is_delivering(person.user, other)


def test_a_visitor_delivers_nothing() -> None:
    assert not is_delivering(AnonymousUser(), SessionFactory())  # type: ignore[arg-type]


def test_the_trainers_of_a_session_lead_first() -> None:
    session = SessionFactory()
    roles = {"Ann": DeliveryRole.CO, "Bo": DeliveryRole.LEAD, "Cy": DeliveryRole.OBSERVER}
    for name, role in roles.items():
        deliver(session, PersonFactory(partnership=session.partnership, first_name=name, last_name=name), role)
    assert [person.first_name for person in trainers_of(session)] == ["Bo", "Ann"]
