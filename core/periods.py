"""Quarters and years of a programme year that may start in any month. All days are London days."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from .errors import UnusableInput

LONDON = ZoneInfo("Europe/London")


def london_day(moment: dt.datetime) -> dt.date:
    """The calendar day in London on which ``moment`` falls."""
    return moment.astimezone(LONDON).date()


def start_of_day(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=LONDON)


def end_of_day(day: dt.date) -> dt.datetime:
    """The last moment of ``day``: 23:59:59.999999 in London."""
    return dt.datetime.combine(day, dt.time.max, tzinfo=LONDON)


def at_clock(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=LONDON)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day ``months`` later; a shorter month gives its last day (R69, reliability 2.6)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter: ``2025-Q1`` is the first quarter of the programme year that starts in 2025."""

    year: int
    number: int
    start_month: int = 4

    @classmethod
    def parse(cls, text: str, *, start_month: int = 4) -> Quarter:
        match = re.fullmatch(r"(\d{4})-?[Qq]([1-4])", text.strip())
        if not match:
            raise UnusableInput(f"“{text}” is not a quarter. Write it as 2025-Q1.")
        return cls(int(match[1]), int(match[2]), start_month)

    @classmethod
    def containing(cls, day: dt.date, *, start_month: int = 4) -> Quarter:
        months = (day.year * 12 + day.month - 1) - (start_month - 1)
        return cls(months // 12, months % 12 // 3 + 1, start_month)

    @property
    def start(self) -> dt.date:
        return add_months(dt.date(self.year, self.start_month, 1), 3 * (self.number - 1))

    @property
    def end(self) -> dt.date:
        return add_months(self.start, 3) - dt.timedelta(days=1)

    @property
    def previous(self) -> Quarter:
        return Quarter.containing(self.start - dt.timedelta(days=1), start_month=self.start_month)

    @property
    def next(self) -> Quarter:
        return Quarter.containing(self.end + dt.timedelta(days=1), start_month=self.start_month)

    @property
    def starts_at(self) -> dt.datetime:
        return start_of_day(self.start)

    @property
    def ends_before(self) -> dt.datetime:
        return start_of_day(self.end + dt.timedelta(days=1))

    @property
    def year_label(self) -> str:
        """The programme year as people write it: 2025-26, or 2025 when it is the calendar year."""
        return f"{self.year}-{(self.year + 1) % 100:02d}" if self.start_month > 1 else str(self.year)

    @property
    def title(self) -> str:
        """For people: October to December 2025."""
        first, last = self.start, self.end
        if first.year == last.year:
            return f"{first:%B} to {last:%B %Y}"
        return f"{first:%B %Y} to {last:%B %Y}"

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"
