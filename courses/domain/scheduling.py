"""When a session takes place: one part after the other (R61)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise

Part = tuple[dt.datetime, dt.datetime]


def bounds_of(parts: Iterable[Part]) -> Part:
    """When a session begins and ends: its first part's start and its last part's end."""
    ordered = sorted(parts)
    return ordered[0][0], max(end for _, end in ordered)


def overlapping(parts: Iterable[Part]) -> list[Part]:
    """The parts that begin before the part before them has ended."""
    ordered = sorted(parts)
    return [later for earlier, later in pairwise(ordered) if later[0] < earlier[1]]
