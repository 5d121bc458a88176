"""Who may do what: the answer to ``user.has_perm(code, partnership)`` from the roles a person is appointed to."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import Model
from django.utils import timezone

from accounts.permissions import PERMISSIONS, Role
from core.models import Partnership

from .models import Person


def roles_of(user: Any, partnership: Partnership, *, on: dt.date) -> frozenset[Role]:
    """The roles of an account in a partnership on a day. Everyone known to the partnership is a practitioner.

    Asked once per account object and partnership, so one request costs one statement however many rights it checks.
    """
    if not user.is_active or user.is_anonymous:
        return frozenset()
    cache: dict[tuple[int, dt.date], frozenset[Role]] = user.__dict__.setdefault("_roles", {})
    key = (partnership.pk, on)
    if key not in cache:
        cache[key] = _read_roles(user, partnership, on)
    return cache[key]


def _read_roles(user: Any, partnership: Partnership, on: dt.date) -> frozenset[Role]:
    """One statement: a person with no appointment comes back as one row without a role."""
    roles = {Role.PLATFORM_ADMINISTRATOR} if user.is_superuser else set()
    appointed = Person.objects.filter(partnership=partnership, user=user).values_list(
        "appointments__role", "appointments__start_date", "appointments__end_date"
    )
    for role, start, end in appointed:
        roles.add(Role.PRACTITIONER)
        if role and (start is None or start <= on) and (end is None or end >= on):
            roles.add(Role(role))
    return frozenset(roles)


class RoleBackend(BaseBackend):
    """Django's permission backend for our vocabulary. Without a partnership nobody may do anything."""

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        if not isinstance(obj, Partnership) or perm not in PERMISSIONS:
            return False
        roles = roles_of(user_obj, obj, on=timezone.localdate())
        return Role.PLATFORM_ADMINISTRATOR in roles or bool(PERMISSIONS[perm].roles & roles)
