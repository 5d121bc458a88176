"""The report stays quick over many bookings. ``run.py bench`` measures 100,000 beside plain SQL; this is the guard."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Partnership
from core.periods import Quarter
from reports.figures import quarterly_figures
from tests.factories import PartnershipFactory
from tests.support.bulk_bookings import fill_quarter

pytestmark = pytest.mark.django_db
QUARTER = Quarter(2025, 1)
MOST_STATEMENTS = 30
# What is not counting (names, learning, the quarters before) costs a fixed time that weighs more over few bookings.
FIXED_SECONDS = 0.3
BARE = """
    SELECT s.course_id, b.status, COUNT(*) FROM bookings_booking b JOIN courses_coursesession s ON s.id = b.session_id
    WHERE s.partnership_id = %s AND s.status = 'held' GROUP BY 1, 2;
    SELECT b.agency_id, b.status, COUNT(*) FROM bookings_booking b JOIN courses_coursesession s ON s.id = b.session_id
    WHERE s.partnership_id = %s AND s.status = 'held' GROUP BY 1, 2;
    SELECT s.course_id, COUNT(*), SUM(c.amount) FROM bookings_charge c JOIN bookings_booking b ON b.id = c.booking_id
    JOIN courses_coursesession s ON s.id = b.session_id WHERE s.partnership_id = %s GROUP BY 1;
    SELECT b.agency_id, COUNT(*), SUM(c.amount) FROM bookings_charge c JOIN bookings_booking b ON b.id = c.booking_id
    JOIN courses_coursesession s ON s.id = b.session_id WHERE s.partnership_id = %s GROUP BY 1
"""


def best_of_three(work: Callable[[], object]) -> float:
    """The least of three times in seconds: what the work needs when nothing else runs."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def bare_counts(partnership: Partnership) -> None:
    """The four aggregates that no program could do without, as plain SQL."""
    with connection.cursor() as cursor:
        for statement in BARE.split(";"):
            cursor.execute(statement, [partnership.pk])
            cursor.fetchall()


@pytest.fixture
def busy() -> Partnership:
    partnership = PartnershipFactory()
    fill_quarter(partnership, QUARTER, bookings=20_000, people=1_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return partnership


def test_20_000_bookings_are_counted_in_at_most_30_statements_and_4_times_plain_sql(busy: Partnership) -> None:
    with CaptureQueriesContext(connection) as statements:
        figures = quarterly_figures(busy, QUARTER)
    assert len(statements) <= MOST_STATEMENTS
    assert figures["totals"]["sessions_held"] == 760
    assert 18_000 < figures["totals"]["applications"] < 19_000
    assert sum(course["booked"] for course in figures["courses"]) == figures["totals"]["booked"]
    assert sum(agency["booked"] for agency in figures["agencies"]) == figures["totals"]["booked"]
    bare, ours = best_of_three(lambda: bare_counts(busy)), best_of_three(lambda: quarterly_figures(busy, QUARTER))
    assert ours <= 4 * bare + FIXED_SECONDS, f"{ours:.3f} s beside {bare:.3f} s"
