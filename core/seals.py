"""The chain over the trail: every event is sealed with a hash of itself and of the seal before it.

Whoever alters, removes or inserts a sealed event breaks the chain at that place, and ``manage.py verify_audit`` names
it. Events are sealed a few seconds after they were written: only then is the order known in which transactions commit.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from .models import AuditEvent, AuditSeal

logger = logging.getLogger(__name__)
BEGINNING = "0" * 64
BATCH = 2000
FIELDS = (
    "pk", "partnership_id", "actor_id", "action", "object_type", "object_id", "reference", "before", "after", "reason",
    "address",
)  # fmt: skip


def hash_of(event: AuditEvent, previous: str) -> str:
    """SHA-256 of the previous hash and of the event as JSON with sorted keys and its time in UTC."""
    facts: dict[str, Any] = {name: getattr(event, name) for name in FIELDS}
    facts["at"] = event.at.astimezone(dt.UTC).isoformat()
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), cls=DjangoJSONEncoder)
    return hashlib.sha256(f"{previous}{text}".encode()).hexdigest()


def _seal_some() -> int:
    """Seal the next events in one transaction. Returns how many."""
    with transaction.atomic():
        last = AuditSeal.objects.order_by("-pk").first()
        previous = last.hash if last else BEGINNING
        seals = []
        for event in AuditEvent.objects.filter(seal__isnull=True).order_by("pk")[:BATCH]:
            seal = AuditSeal(event=event, previous_hash=previous, hash=hash_of(event, previous))
            seals.append(seal)
            previous = seal.hash
        AuditSeal.objects.bulk_create(seals)
    if seals:  # the log notes the head of the chain, so that cutting off its end would show
        logger.info("trail sealed", extra={"seals": len(seals), "head": previous[:16]})
    return len(seals)


def seal_events(now: dt.datetime) -> int:
    """Seal what is not sealed yet. Each hash may be built upon once, so of two at the same moment one gives way."""
    count = 0
    try:
        while some := _seal_some():
            count += some
    except IntegrityError:
        logger.info("another process is sealing the trail")
    return count


@dataclass(frozen=True)
class ChainReport:
    """What checking the chain found. ``broken`` is a sentence about the first broken place, or empty."""

    sealed: int
    unsealed: int
    head: str
    broken: str = ""


def verify_chain(*, noted_head: str = "") -> ChainReport:
    """Work the whole chain out again. ``noted_head``, the beginning of a hash noted before, must still be in it."""
    previous, count, noted = BEGINNING, 0, not noted_head
    unsealed = AuditEvent.objects.filter(seal__isnull=True).count()
    for seal in AuditSeal.objects.order_by("pk").select_related("event").iterator(chunk_size=BATCH):
        problem = _problem(seal, previous)
        if problem:
            return ChainReport(count, unsealed, previous, f"Seal {seal.pk} of event {seal.event_id}: {problem}")
        previous, count = seal.hash, count + 1
        noted = noted or previous.startswith(noted_head)
    missing = AuditSeal.objects.count() - count
    if missing:
        return ChainReport(count, unsealed, previous, f"{missing} seals have lost their event.")
    broken = "" if noted else f"The chain no longer holds the head noted earlier ({noted_head}): its end was cut off."
    return ChainReport(count, unsealed, previous, broken)


def _problem(seal: AuditSeal, previous: str) -> str:
    if seal.previous_hash != previous:
        return "what stood before it was removed or changed."
    if seal.hash != hash_of(seal.event, previous):
        return "the event is not what it was when it was sealed."
    return ""
