"""What the tests of the core share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

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
def own_statements() -> Callable[[Client, str], int]:
    """How many statements a page costs beyond what every page of the administrator costs (menus, rights, session)."""

    def count(browser: Client, path: str) -> int:
        counts = []
        for address in (path, path, "/manage/retention/"):  # the first time warms what is remembered
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            counts.append(len(queries))
        return counts[1] - counts[2]

    return count


@pytest.fixture
def learner(partnership: Partnership) -> Client:
    """The browser of somebody without any office."""
    return sign_in(Client(headers={"host": HOST}), person_with_account(partnership))
