"""Clocks and counts that several rows use."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

# What opens, marks and ends a transaction is not counted as a statement.
FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def seconds(act: Callable[[], Any]) -> float:
    """How long ``act`` takes, with the garbage of others collected before."""
    gc.collect()
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def median_of(runs: int, act: Callable[[], Any]) -> float:
    """The median time of ``runs`` runs after one that does not count."""
    act()
    return median(seconds(act) for _ in range(runs))


def count_sql(act: Callable[[], Any]) -> int:
    """How many statements ``act`` sends to the database from this thread."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return sum(not query["sql"].upper().startswith(FRAME) for query in captured.captured_queries)
