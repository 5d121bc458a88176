"""Who did something, from the ids that the trail and jobs keep."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth import get_user_model

SERVICE = "The service"


def actor_names(ids: Iterable[int]) -> dict[int, str]:
    """The address of each account, in one statement; 0 is the service itself, acting on time."""
    wanted = set(ids)
    names = {user.pk: str(user) for user in get_user_model()._default_manager.filter(pk__in=wanted)}
    return {pk: SERVICE if pk == 0 else names.get(pk, "An account that is gone") for pk in wanted}
