"""300 people for 25 places, who all press Confirm at the same moment on the real form."""

from __future__ import annotations

import time
from statistics import median

from bookings.enums import BookingStatus
from bookings.models import Booking
from core.models import OutboxMessage
from courses.models import CourseSession

from ..client import Answer, Visitor, at_once, by_clients, hidden_fields, send
from ..lines import Line, at_most_times, exactly, for_information
from ..stage import Stage
from ..world import World, tidy

CLIENTS = 8


async def as_far_as_check(visitor: Visitor, ref: str) -> dict[str, str]:
    """Say what one needs and open the last page; the form that stands there."""
    await visitor.post(f"/book/{ref}/needs/", {"access": "none"})
    return hidden_fields((await visitor.get(f"/book/{ref}/check/")).body)


async def confirm(visitor: Visitor, ref: str, form: dict[str, str]) -> Answer:
    """Press Confirm, whatever the answer is."""
    return await send(visitor.port, visitor.form(f"/book/{ref}/check/", form))


async def whole_form(visitor: Visitor, ref: str) -> Answer:
    """All three requests that a booking takes."""
    return await confirm(visitor, ref, await as_far_as_check(visitor, ref))


class Contest:
    """The crowd and its rounds, each on a new date."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.people, self.places = stage, stage.pick(300, 12), stage.pick(25, 3)
        self.world = World(stage, "contention")
        keys = self.world.sign_in(self.world.people(self.people))
        self.crowd = [stage.visitor("contention", key) for key in keys]
        self.right = self.bare_rounds = 0
        tidy()

    def new_date(self) -> CourseSession:
        return self.world.sessions(1, capacity=self.places)[0]

    def last_click(self) -> float:
        """Everyone has the last page open; then all confirm. Seconds until the last one has an answer."""
        session = self.new_date()
        order = [as_far_as_check_by_number(visitor, session.ref, n) for n, visitor in enumerate(self.crowd)]
        forms = dict(by_clients(CLIENTS, order))
        began = time.perf_counter()
        answers = at_once(confirm(visitor, session.ref, forms[n]) for n, visitor in enumerate(self.crowd))
        taken = time.perf_counter() - began
        self.right += is_right(session, answers)
        return taken

    def everything(self) -> float:
        """The same people go through the whole form at once."""
        session = self.new_date()
        began = time.perf_counter()
        answers = at_once(whole_form(visitor, session.ref) for visitor in self.crowd)
        taken = time.perf_counter() - began
        self.right += is_right(session, answers)
        return taken

    def bare(self) -> float:
        number = self.stage.bare_first + self.bare_rounds
        self.bare_rounds += 1
        visitor = self.stage.bare
        began = time.perf_counter()
        answers = at_once(
            send(visitor.port, visitor.form(f"/book/{number}/", {"person": str(n)})) for n in range(self.people)
        )
        taken = time.perf_counter() - began
        assert {answer.status for answer in answers} == {302}
        return taken


async def as_far_as_check_by_number(visitor: Visitor, ref: str, number: int) -> tuple[int, dict[str, str]]:
    return number, await as_far_as_check(visitor, ref)


def is_right(session: CourseSession, answers: list[Answer]) -> bool:
    """Every place taken once, everyone else waiting in the order they were told, and no answer but a redirect."""
    bookings = Booking.objects.filter(session=session)
    places = bookings.filter(status=BookingStatus.BOOKED).values_list("place_number", flat=True)
    waiting = list(bookings.waiting().values_list("pk", flat=True))
    told = dict(
        OutboxMessage.objects.filter(kind="waiting", about_id__in=waiting).values_list("about_id", "facts__position")
    )
    return (
        {answer.status for answer in answers} == {302}
        and sorted(places) == list(range(1, session.capacity + 1))
        and [told.get(pk) for pk in waiting] == list(range(1, len(answers) - session.capacity + 1))
    )


def measure(stage: Stage) -> list[Line]:
    contest = Contest(stage)
    contest.everything(), contest.bare()  # so that every process has served before it is measured
    contest.right = 0
    rounds, long_rounds = stage.pick(10, 1), stage.runs
    clicks, bare = [], []
    for _ in range(rounds):
        clicks.append(contest.last_click())
        bare.append(contest.bare())
    right = contest.right
    forms = [contest.everything() for _ in range(long_rounds)]
    people, places = contest.people, contest.places
    return [
        exactly(
            f"{people} people for {places} places: rounds right of {rounds} (full, the rest waiting in order)",
            right,
            rounds,
        ),
        at_most_times(
            f"{people} people confirm at once: all answered after", median(clicks), median(bare), "s", most=3
        ),
        for_information(
            f"{people} people go through the whole form at once, 3 requests each", median(forms), "s", bare=median(bare)
        ),
    ]
