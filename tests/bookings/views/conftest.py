"""A partnership with someone of each kind, for the tests of the pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.permissions import Role
from agencies.models import Agency, Person
from core.models import Partnership
from tests.factories import AgencyFactory, PartnershipFactory, PolicyFactory, person_with_account, sign_in


@pytest.fixture
def partnership(db: None) -> Partnership:
    made = PartnershipFactory(name="Wrenshire Safeguarding Children Partnership")
    PolicyFactory(partnership=made)
    return made


@pytest.fixture
def school(partnership: Partnership) -> Agency:
    return AgencyFactory(partnership=partnership, name="Oakfield Primary School")


@pytest.fixture
def learner(partnership: Partnership, school: Agency) -> Person:
    return person_with_account(partnership, agency=school, first_name="Amira", last_name="Sample")


@pytest.fixture
def trainer(partnership: Partnership, school: Agency) -> Person:
    return person_with_account(partnership, Role.TRAINER, agency=school, first_name="Tess", last_name="Trainer")


@pytest.fixture
def administrator(partnership: Partnership, school: Agency) -> Person:
    return person_with_account(partnership, Role.ADMINISTRATOR, agency=school, first_name="Ada", last_name="Admin")


@pytest.fixture
def as_(client: Client) -> Callable[[Person], Client]:
    """``as_(learner).get("/my/")``."""
    return lambda person: sign_in(client, person)
