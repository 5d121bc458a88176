"""Who may do what: the answer to ``user.has_perm(code, partnership)`` from the roles a person is appointed to."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import Model
from django.utils import timezone

from accounts.permissions import PERMISSIONS, Role
from core.models import Partnership

from .models import Person, RoleAppointment


def roles_of(user: Any, partnership: Partnership, *, on: dt.date) -> frozenset[Role]:
    """The roles of an account in a partnership on a day. Everyone known to the partnership is a practitioner.

    Asked once per account object and partnership, so one request costs two statements however many rights it checks.
    """
    if not user.is_active or user.is_anonymous:
        return frozenset()
    cache: dict[tuple[int, dt.date], frozenset[Role]] = user.__dict__.setdefault("_roles", {})
    key = (partnership.pk, on)
    if key not in cache:
        cache[key] = _read_roles(user, partnership, on)
    return cache[key]


def _read_roles(user: Any, partnership: Partnership, on: dt.date) -> frozenset[Role]:
    roles = {Role.PLATFORM_ADMINISTRATOR} if user.is_superuser else set()
    if Person.objects.filter(partnership=partnership, user=user).exists():
        roles.add(Role.PRACTITIONER)
    appointed = RoleAppointment.objects.current(on=on).filter(person__user=user, person__partnership=partnership)
    roles.update(Role(role) for role in appointed.values_list("role", flat=True))
    return frozenset(roles)


class RoleBackend(BaseBackend):
    """Django's permission backend for our vocabulary. Without a partnership nobody may do anything."""

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        if not isinstance(obj, Partnership) or perm not in PERMISSIONS:
            return False
        roles = roles_of(user_obj, obj, on=timezone.localdate())
        return Role.PLATFORM_ADMINISTRATOR in roles or bool(PERMISSIONS[perm].roles & roles)
