"""A clock that starts at a given moment: work done "as of" a day still takes its real time."""

from __future__ import annotations

import datetime as dt
import time


class Clock:
    """``now()`` is the moment it was started with and the time that has passed since; ``seconds()`` is that time."""

    def __init__(self, start: dt.datetime) -> None:
        self._start = start
        self._began = time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self._began

    def now(self) -> dt.datetime:
        return self._start + dt.timedelta(seconds=self.seconds())
