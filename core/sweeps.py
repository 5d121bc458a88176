"""Sweeps: plain functions that find what is due at a moment and do it. Safe to run twice, at any time, by anyone.

Apps register theirs in ``AppConfig.ready``. Celery beat, ``manage.py run_due`` and the tests all call ``run_sweeps``.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

from .connections import drop_broken_connection

logger = logging.getLogger(__name__)
Sweep = Callable[[dt.datetime], int]
# What creates mail runs before what sends it. Long work and sending also have tasks of their own (``core.tasks``).
JOBS, MAIL = "jobs", "mail"
JOBS_ORDER, MAIL_ORDER, LAST = 800, 900, 950


@dataclass(frozen=True)
class RegisteredSweep:
    """``order`` decides the sequence: what creates mail runs before what sends it (sending is 900)."""

    name: str
    description: str
    run: Sweep
    order: int = 500


_SWEEPS: dict[str, RegisteredSweep] = {}


def register_sweep(name: str, description: str, run: Sweep, *, order: int = 500) -> None:
    """Add a sweep. ``run(now)`` returns how many things it did; ``description`` reads "{n} impact surveys sent"."""
    _SWEEPS[name] = RegisteredSweep(name, description, run, order)


@dataclass(frozen=True)
class SweepOutcome:
    name: str
    description: str
    count: int
    error: str = ""

    def __str__(self) -> str:
        """In plain words: "3 impact surveys sent"."""
        if self.error:
            return f"{self.name} failed ({self.error}); the log says where"
        return self.description.format(n=self.count)


def registered_sweeps() -> list[RegisteredSweep]:
    return sorted(_SWEEPS.values(), key=lambda sweep: (sweep.order, sweep.name))


def run_sweeps(
    now: dt.datetime, *, only: Collection[str] | None = None, without: Collection[str] = ()
) -> list[SweepOutcome]:
    """Run every sweep as of ``now``, or only those named. One that fails is logged and does not stop the others."""
    wanted = [s for s in registered_sweeps() if (only is None or s.name in only) and s.name not in without]
    return [_outcome_of(sweep, now) for sweep in wanted]


def _outcome_of(sweep: RegisteredSweep, now: dt.datetime) -> SweepOutcome:
    try:
        return SweepOutcome(sweep.name, sweep.description, sweep.run(now))
    except Exception as error:
        logger.exception("sweep failed", extra={"sweep": sweep.name})
        drop_broken_connection()
        return SweepOutcome(sweep.name, sweep.description, 0, type(error).__name__)
