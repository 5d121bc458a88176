"""Sweeps: plain functions that find what is due at a moment and do it. Safe to run twice, at any time, by anyone.

Apps register theirs in ``AppConfig.ready``. Celery beat, ``manage.py run_due`` and the tests all call ``run_sweeps``.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections

logger = logging.getLogger(__name__)
Sweep = Callable[[dt.datetime], int]


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


def registered_sweeps() -> list[RegisteredSweep]:
    return sorted(_SWEEPS.values(), key=lambda sweep: (sweep.order, sweep.name))


def run_sweeps(now: dt.datetime) -> list[SweepOutcome]:
    """Run every sweep as of ``now``. One that fails is logged and does not stop the others."""
    outcomes = []
    for sweep in registered_sweeps():
        try:
            outcomes.append(SweepOutcome(sweep.name, sweep.description, sweep.run(now)))
        except Exception as error:
            logger.exception("sweep failed", extra={"sweep": sweep.name})
            outcomes.append(SweepOutcome(sweep.name, sweep.description, 0, type(error).__name__))
            close_old_connections()
    return outcomes
