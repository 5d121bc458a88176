"""What must hold at all times, whatever failed when. ``manage.py verify_invariants`` checks it after every fault.

Each app registers its own from ``AppConfig.ready``. A check reads only, and returns a sentence for each violation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import models
from django.db.models import F
from django.utils import timezone

from .dispatch import STALE_AFTER
from .models import OutboxMessage, Partnership

MOST_NAMED = 10


@dataclass(frozen=True)
class Invariant:
    """One thing that must hold: a sentence, and a function that returns a sentence for each violation."""

    name: str
    check: Callable[[], list[str]]


_INVARIANTS: dict[str, Invariant] = {}


def register_invariant(name: str, check: Callable[[], list[str]]) -> None:
    """Add an invariant. ``name`` reads "No message is sent twice"."""
    _INVARIANTS[name] = Invariant(name, check)


def registered_invariants() -> list[Invariant]:
    return list(_INVARIANTS.values())


def stuck_messages() -> list[str]:
    """Messages that a process claimed and left, beyond the time after which a sweep takes them back (invariant 10)."""
    limit = timezone.now() - 2 * STALE_AFTER
    stuck = OutboxMessage.objects.filter(state=OutboxMessage.State.SENDING, claimed_at__lt=limit)
    return [
        f"Message {pk} has been “being sent” for more than 20 minutes." for pk in stuck.values_list("pk", flat=True)
    ]


def _foreign_keys(model: type[models.Model]) -> list[models.ForeignKey[models.Model, models.Model]]:
    return [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]


@cache
def owner_path(model: type[models.Model]) -> str:
    """How a row reaches its partnership: its own column, or the first parent that knows. Empty where none does."""
    keys = _foreign_keys(model)
    own = [key.name for key in keys if key.related_model is Partnership]
    if own:
        return own[0]
    for key in keys:
        path = "" if key.null or key.related_model is model else owner_path(key.related_model)
        if path:
            return f"{key.name}__{path}"
    return ""


def _crossings() -> Iterator[tuple[type[models.Model], str, str, str]]:
    """Each foreign key between rows that both belong to a partnership: model, key, own path and the target's path."""
    for model in apps.get_models(include_auto_created=True):
        own = owner_path(model)
        for key in _foreign_keys(model) if own else []:
            theirs = owner_path(key.related_model) if isinstance(key.related_model, type) else ""
            if theirs and key.related_model is not Partnership and f"{key.name}__{theirs}" != own:
                yield model, key.name, own, f"{key.name}__{theirs}"


def rows_across_partnerships() -> list[str]:
    """Rows that point into another partnership (invariant 8): one statement for each foreign key of the schema."""
    violations = []
    for model, key, own, theirs in _crossings():
        rows = model._base_manager.filter(**{f"{own}__isnull": False, f"{theirs}__isnull": False})
        wrong = rows.exclude(**{theirs: F(own)}).values_list("pk", flat=True)[:MOST_NAMED]
        violations += [f"{model._meta.label} {pk}: its {key} belongs to another partnership." for pk in wrong]
    return violations


register_invariant("No message stays “being sent” for ever", stuck_messages)
register_invariant("No row points into another partnership", rows_across_partnerships)
