"""The catalogue with exact free places: how long it takes, and that more dates ask no more statements."""

from __future__ import annotations

import time
from statistics import median

from django.core.cache import cache
from django.test import Client

from ..client import Visitor, by_clients, typical_time
from ..lines import Line, at_most, at_most_times, for_information
from ..stage import Stage, host_of
from ..timing import count_sql
from ..world import World, tidy
from .contention import CLIENTS

PATH = "/training/"


def with_dates(world: World, count: int) -> None:
    """``count`` more dates of which 12 of 25 places are taken."""
    staff = world.people(12)
    for session in world.sessions(count):
        world.book(session, staff)
    tidy()


def statements(host: str, key: str, path: str) -> int:
    """SQL of a page for somebody signed in, with empty caches."""
    client = Client(headers={"host": host})
    client.cookies["__Host-sessionid"] = key
    cache.clear()
    return count_sql(lambda: client.get(path, secure=True))


def a_second(visitor: Visitor, path: str, times: int) -> float:
    """Answers a second with 8 clients."""
    began = time.perf_counter()
    by_clients(CLIENTS, [visitor.get(path) for _ in range(times)])
    return times / (time.perf_counter() - began)


def measure(stage: Stage) -> list[Line]:
    world = World(stage, "catalogue")
    key = world.sign_in(world.people(1))[0]
    counts, times = {}, stage.pick(200, 10)
    lines: list[Line] = []
    for dates, more in ((30, 30), (50, 20), (stage.pick(500, 60), stage.pick(450, 10))):
        with_dates(world, more)
        counts[dates] = statements(host_of("catalogue"), key, PATH)
        if dates == 50:
            lines = timed(stage, stage.visitor("catalogue", key), times)
    for dates, count in counts.items():
        lines.append(at_most(f"SQL of the catalogue with {dates} dates, caches empty", count, "", most=8))
    return lines


def timed(stage: Stage, visitor: Visitor, times: int) -> list[Line]:
    ours, bare, ours_rate, bare_rate = [], [], [], []
    for _ in range(stage.runs):
        ours.append(typical_time(visitor, PATH, times=times) * 1000)
        bare.append(typical_time(stage.bare, PATH, times=times) * 1000)
        ours_rate.append(a_second(visitor, PATH, times))
        bare_rate.append(a_second(stage.bare, PATH, times))
    return [
        at_most_times("Catalogue of 50 dates, signed in, median", median(ours), median(bare), "ms", most=3),
        for_information("Catalogues a second, 8 clients", median(ours_rate), "/s", bare=median(bare_rate)),
    ]
