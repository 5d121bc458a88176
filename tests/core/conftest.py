"""What the tests of the core share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.permissions import Role
from core.models import Partnership
from tests.factories import PartnershipFactory, host_for, person_with_account, sign_in
from tests.support.kinds import tried_kinds

HOST = "aldermere.example.org"


@pytest.fixture
def partnership(db: None) -> Partnership:
    """One partnership with a host name of its own."""
    made = PartnershipFactory(
        slug="aldermere", name="Aldermere Partnership", contact_email="training@aldermere.example"
    )
    host_for(made, HOST)
    return made


@pytest.fixture
def other_partnership(db: None) -> Partnership:
    """A second partnership on the same installation, whose records nobody of the first may see."""
    made = PartnershipFactory(slug="brackenford", name="Brackenford Partnership")
    host_for(made, "brackenford.example.org")
    return made


@pytest.fixture
def kinds() -> Iterator[None]:
    """Kinds of mail for tests."""
    with tried_kinds():
        yield


@pytest.fixture
def admin(partnership: Partnership) -> Client:
    """The browser of the partnership's administrator, whose address is admin@aldermere.example."""
    person = person_with_account(partnership, Role.ADMINISTRATOR, email="admin@aldermere.example")
    return sign_in(Client(headers={"host": HOST}), person)


@pytest.fixture
def learner(partnership: Partnership) -> Client:
    """The browser of somebody without any office."""
    return sign_in(Client(headers={"host": HOST}), person_with_account(partnership))
