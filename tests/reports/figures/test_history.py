"""The quarters before, each with the figures its own report had."""

from __future__ import annotations

import pytest

from bookings.enums import BookingStatus as S
from core.models import Partnership
from reports.figures import quarterly_figures
from tests.factories import PartnershipFactory
from tests.reports.builders import QUARTER, a_full_quarter, booked, held

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory()


def test_the_history_begins_with_the_first_session_and_reaches_back_8_quarters(partnership: Partnership) -> None:
    assert [one["quarter"] for one in quarterly_figures(partnership, QUARTER)["history"]] == ["2025-Q1"]
    booked(held(partnership, "2024-08-01 09:30"), S.ATTENDED, 2)
    booked(held(partnership, "2025-05-01 09:30"), S.DID_NOT_ATTEND, 1)
    history = quarterly_figures(partnership, QUARTER)["history"]
    assert [(one["label"], one["attended"], one["absent"], one["dna_rate"]) for one in history] == [
        ("Q2 24/25", 2, 0, 0.0),
        ("Q3 24/25", 0, 0, None),
        ("Q4 24/25", 0, 0, None),
        ("Q1 25/26", 0, 1, 1.0),
    ]
    held(partnership, "2020-01-01 09:30")
    held(partnership, "2023-07-01 09:30")
    assert len(quarterly_figures(partnership, QUARTER)["history"]) == 8


def test_the_history_of_a_quarter_is_what_its_own_report_said(partnership: Partnership) -> None:
    a_full_quarter(partnership)
    own = quarterly_figures(partnership, QUARTER)["history"][-1]
    assert quarterly_figures(partnership, QUARTER.next)["history"][-2] == own
