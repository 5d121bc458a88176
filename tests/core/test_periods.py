"""Quarters, months and London days at their edges."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UnusableInput
from core.periods import Quarter, add_months, at_clock, end_of_day, london_day, start_of_day

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
MONTHS = st.integers(1, 12)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2025-12-01", 3, "2026-03-01"),
        ("2025-05-31", 6, "2025-11-30"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2025-01-15", -1, "2024-12-15"),
        ("2025-08-31", 0, "2025-08-31"),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day: str, months: int, expected: str) -> None:
    assert add_months(dt.date.fromisoformat(day), months).isoformat() == expected


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-28T23:59:59+00:00", "2026-03-28"),
        ("2026-06-30T22:59:59+00:00", "2026-06-30"),
        ("2026-06-30T23:00:00+00:00", "2026-07-01"),
        ("2026-12-31T23:59:59+00:00", "2026-12-31"),
        ("2026-07-01T00:30:00+02:00", "2026-06-30"),
    ],
)
def test_a_moment_falls_on_a_london_day(moment: str, day: str) -> None:
    assert london_day(dt.datetime.fromisoformat(moment)).isoformat() == day


def test_a_day_lasts_23_24_or_25_hours() -> None:
    def hours(day: dt.date) -> float:
        start = start_of_day(day).astimezone(dt.UTC)
        return round((end_of_day(day).astimezone(dt.UTC) - start).total_seconds() / 3600, 3)

    assert [hours(dt.date(2026, *md)) for md in [(3, 29), (3, 30), (10, 25)]] == [23.0, 24.0, 25.0]
    assert at_clock(dt.date(2026, 7, 1), 8).astimezone(dt.UTC).hour == 7


@pytest.mark.parametrize(
    ("day", "start_month", "quarter", "start", "end"),
    [
        ("2025-04-01", 4, "2025-Q1", "2025-04-01", "2025-06-30"),
        ("2025-06-30", 4, "2025-Q1", "2025-04-01", "2025-06-30"),
        ("2026-03-31", 4, "2025-Q4", "2026-01-01", "2026-03-31"),
        ("2026-03-31", 1, "2026-Q1", "2026-01-01", "2026-03-31"),
        ("2025-08-31", 9, "2024-Q4", "2025-06-01", "2025-08-31"),
        ("2025-09-01", 9, "2025-Q1", "2025-09-01", "2025-11-30"),
        ("2026-01-31", 12, "2025-Q1", "2025-12-01", "2026-02-28"),
    ],
)
def test_each_day_lies_in_its_quarter(day: str, start_month: int, quarter: str, start: str, end: str) -> None:
    found = Quarter.containing(dt.date.fromisoformat(day), start_month=start_month)
    assert (str(found), found.start.isoformat(), found.end.isoformat()) == (quarter, start, end)
    assert Quarter.parse(quarter, start_month=start_month) == found


@settings(deadline=None)
@given(DAYS, MONTHS)
def test_every_instant_belongs_to_one_quarter_and_four_make_a_year(day: dt.date, start_month: int) -> None:
    quarter = Quarter.containing(day, start_month=start_month)
    assert quarter.start <= day <= quarter.end
    assert quarter.next.start == quarter.end + dt.timedelta(days=1)
    assert quarter.next.previous == quarter
    assert quarter.ends_before == quarter.next.starts_at
    assert add_months(quarter.start, 12) == quarter.next.next.next.next.start


def test_quarters_and_years_in_words() -> None:
    assert Quarter(2025, 3).title == "October to December 2025"
    assert Quarter(2025, 2, 12).title == "March to May 2026"
    assert Quarter(2025, 1, 12).title == "December 2025 to February 2026"
    assert [Quarter(2025, 4).year_label, Quarter(2025, 4, 1).year_label] == ["2025-26", "2025"]


@pytest.mark.parametrize("text", ["2025", "2025-Q5", "25-Q1", "Q1-2025", "", "2025-Q1x"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(UnusableInput, match="Write it as 2025-Q1"):
        Quarter.parse(text)
