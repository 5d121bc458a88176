"""What a process of the web server holds after it has served pages, and after it has drawn PDFs."""

from __future__ import annotations

from statistics import median

import psutil

from bookings.domain.certificates import release_certificate
from bookings.enums import BookingStatus
from tests.support.processes import wait_until

from ..client import Visitor, by_clients
from ..lines import Line, at_most
from ..stage import Stage, answers, end, host_of
from ..world import World, tidy
from .contention import CLIENTS

PAGES = ["/check/", "/training/", "/training/courses/", "/training/calendar/", "/my/"]
WORKERS = 4


def per_worker(master: int) -> float:
    """MB of all processes of a web server (each page of memory counted once), shared out over its workers."""
    parent = psutil.Process(master)
    workers = parent.children(recursive=True)
    return sum(one.memory_full_info().pss for one in [parent, *workers]) / WORKERS / 1e6


def measure(stage: Stage) -> list[Line]:
    world = World(stage, "memory")
    pages, drawn, bare = zip(*(once(stage, world) for _ in range(stage.runs)), strict=True)
    return [
        at_most("Memory of a web worker after 600 pages (PSS)", median(pages), "MB", most=120, bare=median(bare)),
        at_most("The same after every worker has drawn certificates", median(drawn), "MB", most=120),
    ]


def once(stage: Stage, world: World) -> tuple[float, float, float]:
    """A new web server, its pages, its certificates; and bare's."""
    people = world.people(stage.pick(40, 4))
    dates = world.sessions(30)
    held = world.sessions(1, capacity=len(people), days_ahead=-10)[0]
    bookings = world.book(held, people, BookingStatus.ATTENDED)
    numbers = [release_certificate(booking=one, by=None, now=world.now).number for one in bookings]
    keys = world.sign_in(people)
    tidy()
    web = stage.installation()
    web.start_web()
    host = host_of("memory")
    assert wait_until(lambda: web.get("/health/live/", host=host)[0] == 200, seconds=60), web.log.read_text()
    visitors = [Visitor(web.port, host, key) for key in keys]
    paths = [*PAGES, f"/training/sessions/{dates[0].ref}/", f"/my/bookings/{bookings[0].reference}/"]
    count = stage.pick(600, 14)
    by_clients(CLIENTS, [visitors[0].get(paths[n % len(paths)]) for n in range(count)])
    after_pages = per_worker(web.processes["web"].pid)
    certificates = [one.get(f"/my/certificates/{number}.pdf") for one, number in zip(visitors, numbers, strict=True)]
    by_clients(CLIENTS, certificates)
    after_drawing = per_worker(web.processes["web"].pid)
    end(web.processes["web"])
    return after_pages, after_drawing, of_bare(stage, count)


def of_bare(stage: Stage, count: int) -> float:
    assert stage.bare_first  # bare's tables are there
    process, port = stage.start_bare()
    assert wait_until(lambda: answers(port), seconds=60)
    by_clients(CLIENTS, [Visitor(port).get("/training/") for _ in range(count)])
    try:
        return per_worker(process.pid)
    finally:
        end(process)
