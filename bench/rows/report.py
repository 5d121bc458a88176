"""The quarterly report over 100,000 bookings beside four aggregates in plain SQL."""

from __future__ import annotations

from typing import Any

from django.db import connection

from core.periods import Quarter, london_day
from reports.domain.quarterly import draft_report
from reports.figures import quarterly_figures
from tests.support.bulk_bookings import fill_quarter

from ..client import typical_time
from ..lines import Line, at_most, at_most_times
from ..stage import Stage, host_of
from ..timing import count_sql, median_of
from ..world import World, tidy
from .catalogue import statements

OF_QUARTER = "s.partnership_id = %s AND s.starts_at >= %s AND s.starts_at < %s"
AGGREGATES = [
    "SELECT s.course_id, s.status, count(*), sum(s.capacity), sum(s.trainer_cost), sum(s.venue_cost),"
    f" sum(s.refreshment_cost) FROM courses_coursesession s WHERE {OF_QUARTER} GROUP BY 1, 2",
    "SELECT s.course_id, b.status, count(*) FROM bookings_booking b JOIN courses_coursesession s ON s.id = b.session_id"
    f" WHERE {OF_QUARTER} AND s.status = 'held' GROUP BY 1, 2",
    "SELECT b.agency_id, b.status, count(*) FROM bookings_booking b JOIN courses_coursesession s ON s.id = b.session_id"
    f" WHERE {OF_QUARTER} AND s.status = 'held' GROUP BY 1, 2",
    "SELECT s.course_id, c.kind, c.state, count(*), sum(c.amount) FROM bookings_charge c"
    " JOIN bookings_booking b ON b.id = c.booking_id JOIN courses_coursesession s ON s.id = b.session_id"
    f" WHERE {OF_QUARTER} AND s.status = 'held' GROUP BY 1, 2, 3",
]


def measure(stage: Stage) -> list[Line]:
    world = World(stage, "report")
    quarter = Quarter.containing(london_day(world.now)).previous
    count = stage.pick(100_000, 500)
    fill_quarter(world.partnership, quarter, bookings=count)
    draft_report(partnership=world.partnership, quarter=quarter, by=None, now=world.now)
    key = world.sign_in([world.administrator()])[0]
    tidy()
    bounds: list[Any] = [world.partnership.pk, quarter.starts_at, quarter.ends_before]

    def plain() -> None:
        with connection.cursor() as cursor:
            for statement in AGGREGATES:
                cursor.execute(statement, bounds)
                cursor.fetchall()

    runs = stage.pick(7, 1)
    raw, figures = median_of(runs, plain), median_of(runs, lambda: quarterly_figures(world.partnership, quarter))
    path = f"/reports/quarterly/{quarter.year_label}/q{quarter.number}/"
    page = typical_time(stage.visitor("report", key), path, times=stage.pick(15, 2))
    words = f"Figures of a quarter of {count:,} bookings"
    return [
        at_most_times(f"{words}, beside four aggregates in SQL", figures, raw, "s", most=4),
        at_most("The page of that report", page, "s", most=1),
        at_most("SQL of the figures", count_sql(lambda: quarterly_figures(world.partnership, quarter)), "", most=30),
        at_most("SQL of the page", statements(host_of("report"), key, path), "", most=30),
    ]
