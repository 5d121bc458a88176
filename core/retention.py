"""How long things are kept, and then what: one table that the code keeps to and that administrators can read (R152).

Each app registers the rows for its own records from ``AppConfig.ready``. The sweep ``retention`` carries them out once
a day, at night.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import models, transaction

from .models import Heartbeat
from .periods import at_clock, end_of_day, london_day, start_of_day

logger = logging.getLogger(__name__)
HEARTBEAT = "retention"
NIGHT_HOUR = 3  # London; after both nights on which the clocks change
BATCH = 5000


@dataclass(frozen=True)
class RetentionRule:
    """One row of the table, in words for an administrator: ``what`` is kept ``how_long``, and ``then`` what happens.

    ``run(now)`` carries it out for what is due at ``now`` and returns how many records it changed; a second time it
    changes nothing. Without ``run`` the row only says what is so (records that the service never removes).
    """

    what: str
    how_long: str
    then: str
    run: Callable[[dt.datetime], int] | None = None
    order: int = 500


_RULES: dict[str, RetentionRule] = {}


def register_retention(*rules: RetentionRule) -> None:
    """Add rows to the table; a row of the same ``what`` is replaced."""
    _RULES.update({rule.what: rule for rule in rules})


def retention_table() -> list[RetentionRule]:
    return sorted(_RULES.values(), key=lambda rule: (rule.order, rule.what))


def delete_in_batches(rows: models.QuerySet[models.Model]) -> int:
    """Delete ``rows`` a few thousand at a time, each in its own transaction. Returns how many."""
    count = 0
    while batch := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        count += rows.filter(pk__in=batch).delete()[0]
    return count


def _is_our_turn(now: dt.datetime) -> bool:
    """True once for each London day from 3am on, however many processes ask."""
    day = london_day(now)
    if now < at_clock(day, NIGHT_HOUR):
        return False
    with transaction.atomic():
        _, first = Heartbeat.objects.get_or_create(name=HEARTBEAT, defaults={"at": now})
        other_days = Heartbeat.objects.filter(name=HEARTBEAT).exclude(at__range=(start_of_day(day), end_of_day(day)))
        return first or bool(other_days.update(at=now))


def apply_retention(now: dt.datetime) -> int:
    """Carry out every row once a day and return the records changed. One that fails stops no other and is logged."""
    if not _is_our_turn(now):
        return 0
    changed = 0
    for rule in retention_table():
        try:
            changed += rule.run(now) if rule.run else 0
        except Exception:
            logger.exception("retention failed", extra={"what": rule.what})
    return changed
