"""A partnership with nothing but its file, and one with an agency too."""

from __future__ import annotations

import pytest

from core.models import Partnership
from tests.factories import AgencyFactory
from tests.support.lists import load_aldermere


@pytest.fixture
def aldermere(db: None) -> Partnership:
    """The partnership file and nothing else."""
    return load_aldermere()


@pytest.fixture
def with_agency(aldermere: Partnership) -> Partnership:
    """The partnership with one agency, ACC."""
    AgencyFactory(partnership=aldermere, code="ACC")
    return aldermere
