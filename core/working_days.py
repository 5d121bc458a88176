"""Working days: Monday to Friday without the bank holidays of the partnership's nation (R53)."""

from __future__ import annotations

import datetime as dt
from functools import cache

from .periods import at_clock, london_day

DIVISIONS = {
    "England": "england-and-wales",
    "Wales": "england-and-wales",
    "Scotland": "scotland",
    "Northern Ireland": "northern-ireland",
}
SENDING_HOURS = (8, 18)  # London: reminders and surveys go out from 8am and before 6pm on working days
SUBDIVISIONS = {"England": "ENG", "Wales": "WLS", "Scotland": "SCT", "Northern Ireland": "NIR"}


@cache
def official_bank_holidays(nation: str) -> frozenset[dt.date]:
    """The official list, read from the package and never from the network."""
    # Imported here, because it brings a library for the network along.
    from govuk_bank_holidays.bank_holidays import BankHolidays

    days = BankHolidays(use_cached_holidays=True).get_holidays(division=DIVISIONS[nation])
    return frozenset(day["date"] for day in days)


@cache
def known_until(nation: str) -> dt.date:
    """The last day of the year to which the official list reaches. Beyond it holidays are worked out by rule."""
    return dt.date(max(official_bank_holidays(nation)).year, 12, 31)


@cache
def _later_bank_holidays(nation: str, year: int) -> frozenset[dt.date]:
    import holidays

    return frozenset(holidays.country_holidays("GB", subdiv=SUBDIVISIONS[nation], years=year))


def is_bank_holiday(day: dt.date, *, nation: str) -> bool:
    if day <= known_until(nation):
        return day in official_bank_holidays(nation)
    return day in _later_bank_holidays(nation, day.year)


def is_working_day(day: dt.date, *, nation: str) -> bool:
    return day.weekday() < 5 and not is_bank_holiday(day, nation=nation)


def add_working_days(day: dt.date, days: int, *, nation: str) -> dt.date:
    """The working day ``days`` working days after ``day``, before it when negative. ``day`` itself does not count."""
    step = dt.timedelta(days=1 if days > 0 else -1)
    remaining = abs(days)
    while remaining:
        day += step
        if is_working_day(day, nation=nation):
            remaining -= 1
    return day


def next_working_day(day: dt.date, *, nation: str) -> dt.date:
    """``day`` itself when it is a working day, else the first one after it."""
    while not is_working_day(day, nation=nation):
        day += dt.timedelta(days=1)
    return day


def working_days_between(first: dt.date, last: dt.date, *, nation: str) -> int:
    """How many working days lie after ``first`` up to and including ``last``; 0 when ``last`` is not later."""
    days = (last - first).days
    return sum(is_working_day(first + dt.timedelta(days=n), nation=nation) for n in range(1, days + 1))


def next_sending_time(now: dt.datetime, nation: str) -> dt.datetime:
    """``now`` when reminders and surveys may go out, else the next opening: 8am to 6pm London time on working days."""
    opens, closes = SENDING_HOURS
    day = london_day(now)
    if now >= at_clock(day, closes) or not is_working_day(day, nation=nation):
        return at_clock(next_working_day(day + dt.timedelta(days=1), nation=nation), opens)
    return max(now, at_clock(day, opens))
