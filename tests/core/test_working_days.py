"""Working days leave out weekends and the nation's bank holidays, known or worked out (R53)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.working_days import (
    add_working_days,
    is_working_day,
    known_until,
    next_sending_time,
    next_working_day,
    working_days_between,
)
from tests.factories import at

NATIONS = ["England", "Wales", "Scotland", "Northern Ireland"]
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "nation", "works"),
    [
        ("2025-12-24", "England", True),
        ("2025-12-25", "England", False),
        ("2025-12-27", "England", False),  # Saturday
        ("2025-12-29", "England", True),
        ("2026-01-01", "Wales", False),
        ("2026-01-02", "England", True),
        ("2026-01-02", "Scotland", False),
        ("2026-03-17", "Northern Ireland", False),
        ("2026-03-17", "England", True),
        ("2026-04-03", "England", False),  # Good Friday
        ("2026-04-06", "England", False),  # Easter Monday
        ("2026-04-06", "Scotland", True),
        ("2026-05-04", "England", False),
        ("2026-08-03", "Scotland", False),
        ("2026-08-31", "England", False),
        ("2026-08-31", "Scotland", True),
        ("2022-09-19", "England", False),  # a holiday added at ten days' notice
        ("2020-05-08", "England", False),  # a holiday that was moved
        ("2020-05-04", "England", True),
    ],
)
def test_a_day_counts_or_does_not(day: str, nation: str, works: bool) -> None:
    assert is_working_day(dt.date.fromisoformat(day), nation=nation) is works


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        ("2026-03-12", -7, "2026-03-03"),
        ("2026-03-12", -1, "2026-03-11"),
        ("2026-04-07", -1, "2026-04-02"),  # over Easter
        ("2026-04-09", -7, "2026-03-27"),
        ("2026-01-05", -7, "2025-12-22"),  # over Christmas and New Year
        ("2026-03-13", 1, "2026-03-16"),
        ("2026-03-14", 1, "2026-03-16"),
        ("2026-03-12", 0, "2026-03-12"),
    ],
)
def test_working_days_before_and_after(day: str, days: int, expected: str) -> None:
    assert add_working_days(dt.date.fromisoformat(day), days, nation="England").isoformat() == expected


@pytest.mark.parametrize("nation", NATIONS)
def test_beyond_the_official_list_holidays_are_worked_out(nation: str) -> None:
    year = known_until(nation).year + 3
    assert not is_working_day(dt.date(year, 12, 25), nation=nation)
    new_year = next(day for n in range(1, 4) if (day := dt.date(year, 1, n)).weekday() < 5)
    assert not is_working_day(new_year, nation=nation)


@settings(deadline=None)
@given(DAYS, st.integers(0, 30), st.sampled_from(NATIONS))
def test_there_and_back_and_the_count_between(day: dt.date, days: int, nation: str) -> None:
    start = next_working_day(day, nation=nation)
    later = add_working_days(start, days, nation=nation)
    assert add_working_days(later, -days, nation=nation) == start
    assert working_days_between(start, later, nation=nation) == days
    assert working_days_between(later, start, nation=nation) == 0


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-02 07:59", "2026-03-02 08:00"),
        ("2026-03-02 08:00", "2026-03-02 08:00"),
        ("2026-03-02 12:34", "2026-03-02 12:34"),
        ("2026-03-02 17:59", "2026-03-02 17:59"),
        ("2026-03-02 18:00", "2026-03-03 08:00"),
        ("2026-03-06 18:00", "2026-03-09 08:00"),  # Friday evening
        ("2026-03-07 12:00", "2026-03-09 08:00"),  # Saturday
        ("2026-04-02 18:30", "2026-04-07 08:00"),  # before Easter
        ("2026-03-28 23:30", "2026-03-30 08:00"),  # the night the clocks go forward
        ("2026-10-25 00:30", "2026-10-26 08:00"),  # the night they go back
        ("2026-12-24 18:00", "2026-12-29 08:00"),
    ],
)
def test_reminders_go_out_from_8_to_6_on_working_days(now: str, expected: str) -> None:
    assert next_sending_time(at(now), "England") == at(expected)


@settings(deadline=None)
@given(DAYS, st.times(), st.sampled_from(NATIONS))
def test_the_next_sending_time_is_never_earlier_and_stays_where_it_is(day: dt.date, time: dt.time, nation: str) -> None:
    now = dt.datetime.combine(day, time, tzinfo=dt.UTC)
    sending = next_sending_time(now, nation)
    assert sending >= now
    assert next_sending_time(sending, nation) == sending
