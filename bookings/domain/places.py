"""Which places of a session are free. Ask only while the session is locked."""

from __future__ import annotations

from collections.abc import Iterable

from bookings.models import Booking
from courses.models import CourseSession


def free_places(*, capacity: int, taken: Iterable[int | None]) -> list[int]:
    """The numbers of the free places, lowest first: never above the capacity, never more than are left.

    ``taken`` has one entry for each booking that holds a place; its number, or None for one brought in from a file.
    """
    held = list(taken)
    left = max(capacity - len(held), 0)
    numbers = set(held)
    return [number for number in range(1, capacity + 1) if number not in numbers][:left]


def free_places_of(session: CourseSession) -> list[int]:
    """The free place numbers of a locked session. One statement."""
    taken = Booking.objects.filter(session=session).holding_a_place().values_list("place_number", flat=True)
    return free_places(capacity=session.capacity, taken=taken)
