"""Bookings a second by 8 clients through the real form, and what one booking costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from statistics import median
from typing import Any

from django.test import Client

from bookings.enums import BookingStatus
from bookings.models import Booking
from courses.models import CourseSession

from ..client import Answer, Unexpected, Visitor, by_clients, hidden_fields, in_words
from ..lines import Line, at_least_share, at_most, for_information
from ..stage import Stage, host_of
from ..timing import count_sql
from ..world import World, tidy
from .contention import CLIENTS, whole_form

LEAST = 70 / 426  # bookings a second, where bare makes 426
Walk = Callable[[Visitor, str], Coroutine[Any, Any, Answer]]


async def as_a_browser(visitor: Visitor, ref: str) -> Answer:
    """From the button on the page of the date to the confirmation on the screen: every page and every redirect."""
    await visitor.get(f"/book/{ref}/", wanted=302)
    await visitor.get(f"/book/{ref}/needs/")
    await visitor.post(f"/book/{ref}/needs/", {"access": "none"})
    form = hidden_fields((await visitor.get(f"/book/{ref}/check/")).body)
    done = await visitor.post(f"/book/{ref}/check/", form)
    return await visitor.get(done.location)


class Counter:
    """Bookings on dates that nobody has booked yet, each by somebody else."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.count = stage, stage.pick(400, 16)
        self.world = World(stage, "bookings")
        keys = self.world.sign_in(self.world.people(self.count))
        self.visitors = [stage.visitor("bookings", key) for key in keys]
        self.bare_dates = stage.bare_first + 500
        tidy()

    def rate(self, walk: Walk) -> float:
        """Bookings a second; a date has room for 25 and gets 20."""
        sessions = self.world.sessions(-(-self.count // 20))
        work = [walk(visitor, sessions[n % len(sessions)].ref) for n, visitor in enumerate(self.visitors)]
        began = time.perf_counter()
        answers = by_clients(CLIENTS, work)
        taken = time.perf_counter() - began
        if booked(sessions) != self.count:
            refused = next(answer for answer in answers if answer.status not in (200, 302) or b"rror:" in answer.body)
            raise Unexpected(f"{booked(sessions)} of {self.count} people are booked; {in_words(refused.body)}")
        return self.count / taken

    def bare_rate(self) -> float:
        dates, visitor = -(-self.count // 20), self.stage.bare
        first, self.bare_dates = self.bare_dates, self.bare_dates + dates
        work = [visitor.post(f"/book/{first + n % dates}/", {"person": str(n)}) for n in range(self.count)]
        began = time.perf_counter()
        by_clients(CLIENTS, work)
        return self.count / (time.perf_counter() - began)


def booked(sessions: list[CourseSession]) -> int:
    return Booking.objects.filter(session__in=sessions, status=BookingStatus.BOOKED).count()


def statements(world: World) -> tuple[int, int]:
    """SQL of the answer to Confirm, and of all three requests of a booking."""
    key = world.sign_in(world.people(1))[0]
    client = Client(headers={"host": host_of("bookings")})
    client.cookies["__Host-sessionid"] = key
    ref = world.sessions(1)[0].ref
    needs = count_sql(lambda: client.post(f"/book/{ref}/needs/", {"access": "none"}, secure=True))
    pages: list[bytes] = []
    check = count_sql(lambda: pages.append(client.get(f"/book/{ref}/check/", secure=True).content))
    form = hidden_fields(pages[0])
    confirmed = count_sql(lambda: client.post(f"/book/{ref}/check/", form, secure=True))
    return confirmed, needs + check + confirmed


def measure(stage: Stage) -> list[Line]:
    counter = Counter(stage)
    counter.rate(whole_form), counter.bare_rate()
    forms, walks, bare = [], [], []
    for _ in range(stage.runs):
        forms.append(counter.rate(whole_form))
        bare.append(counter.bare_rate())
        walks.append(counter.rate(as_a_browser))
    confirmed, all_three = statements(counter.world)
    words = "at least 70 where bare makes 426"
    return [
        at_least_share(
            "Bookings a second, 8 clients, the form's 3 requests",
            median(forms),
            median(bare),
            "/s",
            least=LEAST,
            words=words,
        ),
        at_least_share(
            "The same as a browser does it: every page and redirect, 6 requests",
            median(walks),
            median(bare),
            "/s",
            least=LEAST,
            words=words,
        ),
        at_most("SQL of the booking itself (Confirm)", confirmed, "", most=15),
        for_information("SQL of the form's 3 requests together", all_three, ""),
    ]
