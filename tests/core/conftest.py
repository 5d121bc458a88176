"""What the tests of the core share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.models import Partnership
from tests.factories import PartnershipFactory, host_for
from tests.support.kinds import tried_kinds


@pytest.fixture
def partnership(db: None) -> Partnership:
    """One partnership with a host name of its own."""
    made = PartnershipFactory(
        slug="aldermere", name="Aldermere Partnership", contact_email="training@aldermere.example"
    )
    host_for(made, "aldermere.example.org")
    return made


@pytest.fixture
def kinds() -> Iterator[None]:
    """Kinds of mail for tests."""
    with tried_kinds():
        yield
