"""Denies a view that declares no access rule, and every method that no page uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed

# Packages whose views carry their own access rules; every one of their addresses stands in the table of
# tests/architecture as well.
TRUSTED_PACKAGES = (
    "allauth.",
    "django.contrib.auth",
    "django.views.",
    "django.contrib.staticfiles",
)


METHODS = ("GET", "HEAD", "POST")


class AccessRuleMiddleware:
    """Deny by default: our own view without ``core.access`` decorator answers 403, and other methods than ours 405."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if hasattr(view, "access_rule") or view.__module__.startswith(TRUSTED_PACKAGES):
            return
        raise PermissionDenied(f"{view.__module__} declares no access rule")
