"""Each view says who may ask for it. A view that says nothing answers 403 and fails the build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class AccessRule:
    """What a view asks of its visitor: ``public``, ``signed_in``, ``one_time_link`` or a permission."""

    kind: str
    permission: str = ""


def _declare(view: View, rule: AccessRule) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anyone may ask, signed in or not."""
    return _declare(login_not_required(view), AccessRule("public"))


def by_one_time_link(view: View) -> View:
    """The token in the address, or in the session it was swapped for, is the right to ask."""
    return _declare(login_not_required(view), AccessRule("one_time_link"))


def signed_in(view: View) -> View:
    """Any signed-in person; the view narrows its objects with ``visible_to``."""
    return _declare(view, AccessRule("signed_in"))


def needs(permission: str) -> Callable[[View], View]:
    """A signed-in person who holds ``permission`` in this partnership; others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            partnership = getattr(request, "partnership", None)
            if partnership is None or not request.user.has_perm(permission, partnership):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return _declare(guarded, AccessRule("permission", permission))

    return decorate
