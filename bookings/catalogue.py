"""The catalogue under its filters. They live in the address, so that a list can be shared; what is unknown is ignored.

Every option says how many dates it would show under the other filters, so each date is looked at once, in memory: a
date that only one filter keeps out still counts for that filter's options.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.text import slugify

from bookings.queries import CourseLink
from core.models import Strand
from core.periods import add_months, london_day, start_of_day
from courses.enums import Mode

SOON_MONTHS = 3
SEARCH_LENGTH = 100


@dataclass(frozen=True)
class Option:
    """One value of a filter: how the address writes it and what people read."""

    value: str
    label: str


@dataclass(frozen=True)
class Filter:
    """One filter: its name in the address, its heading, its options, and which of their values a date has."""

    name: str
    legend: str
    options: list[Option]
    values_of: Callable[[Any], frozenset[str]]
    single: bool = False


def search_words(query: QueryDict) -> str:
    """What is searched for, cleaned of what no title has."""
    return query.get("q", "").replace("\0", "").strip()[:SEARCH_LENGTH]


def _level_option(link: CourseLink, several: bool) -> Option:
    label = f"{link.word} {link.code}"
    return Option(f"{link.framework_code}.{link.code}", f"{label} ({link.framework})" if several else label)


def _levels(links: list[CourseLink]) -> Filter:
    levels = sorted((link for link in links if link.kind == "level"), key=lambda link: (link.framework_id, link.order))
    several = len({link.framework_id for link in levels}) > 1
    found = [(link.course_id, _level_option(link, several)) for link in levels]
    return _of_courses("level", levels[0].word if levels else "Level", found)


def _topics(links: list[CourseLink]) -> Filter:
    topics = sorted((link for link in links if link.kind == "topic"), key=lambda link: link.name)
    return _of_courses("topic", "Topic", [(link.course_id, Option(slugify(link.name), link.name)) for link in topics])


def _of_courses(name: str, legend: str, found: list[tuple[int, Option]]) -> Filter:
    """A filter whose values belong to the course of a date."""
    of_course: dict[int, set[str]] = {}
    for course, option in found:
        of_course.setdefault(course, set()).add(option.value)
    options = list({option.value: option for _, option in found}.values())
    return Filter(name, legend, options, lambda date: frozenset(of_course.get(date.course_id, ())))


def _when(now: dt.datetime) -> Filter:
    soon_ends = start_of_day(add_months(london_day(now), SOON_MONTHS))
    options = [Option("", "Any time"), Option("soon", f"Next {SOON_MONTHS} months"), Option("later", "Later")]
    soon, later = frozenset(["soon"]), frozenset(["later"])
    return Filter("when", "When", options, lambda date: soon if date.starts_at < soon_ends else later, single=True)


def filters_for(links: list[CourseLink], *, now: dt.datetime) -> list[Filter]:
    """The filters of the catalogue in the order they are shown (F01)."""
    left = [Option("left", "Has places left")]
    return [
        _levels(links),
        _when(now),
        Filter("how", "How", [Option(*one) for one in Mode.choices], lambda date: frozenset([date.mode])),
        _topics(links),
        Filter(
            "strand",
            "Who it protects",
            [Option(*one) for one in Strand.choices],
            lambda date: frozenset([date.course.strand]),
        ),
        Filter("places", "Availability", left, lambda date: frozenset(["left"] if date.taken < date.capacity else [])),
    ]


class Chosen:
    """The dates that the filters of an address leave, and how many each option would show."""

    def __init__(self, query: QueryDict, filters: list[Filter], dates: list[Any]) -> None:
        self.filters, self.dates = filters, dates
        self.values = {one.name: _known(query, one) for one in filters}
        self.counts: Counter[tuple[str, str]] = Counter()

    @cached_property
    def kept(self) -> list[Any]:
        """The dates that every filter leaves; fills ``counts`` on the way."""
        kept = []
        for date in self.dates:
            has = {one.name: one.values_of(date) for one in self.filters}
            out = [name for name, values in self.values.items() if values and not values & has[name]]
            if not out:
                kept.append(date)
            if len(out) < 2:
                counted = out or has
                self.counts.update((name, value) for name in counted for value in has[name])
        return kept


def _known(query: QueryDict, one: Filter) -> frozenset[str]:
    known = {option.value for option in one.options} - {""}
    asked = query.getlist(one.name)
    return frozenset(known.intersection(asked[-1:] if one.single else asked))
