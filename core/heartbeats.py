"""Signs of life of the background engine, read by the health page."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from .models import Heartbeat

WORKER, BEAT, MAIL = "worker", "beat", "mail"


def beat(*names: str, at: dt.datetime | None = None) -> None:
    """Note that these parts of the engine work at this moment: one statement for all of them."""
    moment = at or timezone.now()
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=moment) for name in names],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )
