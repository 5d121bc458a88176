"""The personal page of somebody with a dozen bookings, beside bare's catalogue."""

from __future__ import annotations

from statistics import median

from bookings.enums import BookingStatus as S

from ..client import typical_time
from ..lines import Line, at_most, at_most_times
from ..stage import Stage, host_of
from ..world import World, tidy
from .catalogue import PATH, statements

HISTORY = [S.ATTENDED] * 7 + [S.DID_NOT_ATTEND, S.PART]
AHEAD = [S.BOOKED, S.BOOKED, S.WAITING]


def measure(stage: Stage) -> list[Line]:
    world = World(stage, "personal")
    person, *others = world.people(30)
    for session, status in zip(world.sessions(len(HISTORY), days_ahead=-300), HISTORY, strict=True):
        world.book(session, [person, *others[:12]], status)
    for session, status in zip(world.sessions(len(AHEAD)), AHEAD, strict=True):
        world.book(session, [person, *others[:12]], status)
    key = world.sign_in([person])[0]
    tidy()
    visitor, times = stage.visitor("personal", key), stage.pick(200, 10)
    ours, bare = [], []
    for _ in range(stage.runs):
        ours.append(typical_time(visitor, "/my/", times=times) * 1000)
        bare.append(typical_time(stage.bare, PATH, times=times) * 1000)
    return [
        at_most_times("Personal page, median, beside bare's catalogue", median(ours), median(bare), "ms", most=2),
        at_most("SQL of the personal page", statements(host_of("personal"), key, "/my/"), "", most=10),
    ]
