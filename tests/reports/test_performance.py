"""The report stays quick over many bookings. ``run.py bench`` measures 100,000 beside plain SQL; this is the guard."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.periods import Quarter
from reports.figures import quarterly_figures
from tests.factories import PartnershipFactory
from tests.support.bulk_bookings import fill_quarter

pytestmark = pytest.mark.django_db
QUARTER = Quarter(2025, 1)
MOST_STATEMENTS = 30


def test_20_000_bookings_are_counted_in_30_statements_and_well_under_a_second() -> None:
    partnership = PartnershipFactory()
    fill_quarter(partnership, QUARTER, bookings=20_000, people=1_000)
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as statements:
            figures = quarterly_figures(partnership, QUARTER)
        seconds.append(time.perf_counter() - began)
    assert len(statements) <= MOST_STATEMENTS
    assert figures["totals"]["sessions_held"] == 760
    assert 18_000 < figures["totals"]["applications"] < 19_000
    assert sum(course["booked"] for course in figures["courses"]) == figures["totals"]["booked"]
    assert sum(agency["booked"] for agency in figures["agencies"]) == figures["totals"]["booked"]
    assert min(seconds) < 1
