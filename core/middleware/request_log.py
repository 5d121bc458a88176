"""One log line for each request: ids and the name of the route, never a path, a query or a name."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from core.logs import request_reference

log = logging.getLogger("core.requests")


def _facts(request: HttpRequest, response: HttpResponseBase, seconds: float) -> dict[str, Any]:
    """What may be logged of a request. The address it came to may hold a token, so the route's name stands for it."""
    match = request.resolver_match
    user = getattr(request, "_cached_user", None)  # what the session has loaded; asking for request.user would query
    return {
        "method": request.method,
        "route": (match.view_name or match.route) if match else "",
        "status": response.status_code,
        "milliseconds": round(seconds * 1000),
        "user": getattr(user, "pk", None),
        "partnership": getattr(getattr(request, "partnership", None), "pk", None),
    }


class RequestLogMiddleware:
    """Gives each request a reference, shown on error pages, sent as ``X-Request-ID`` and carried by its log lines."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.reference = secrets.token_hex(6)  # type: ignore[attr-defined]
        token = request_reference.set(request.reference)  # type: ignore[attr-defined]
        began = time.monotonic()
        try:
            response = self.get_response(request)
            log.info("request", extra=_facts(request, response, time.monotonic() - began))
        finally:
            request_reference.reset(token)
        response.headers["X-Request-ID"] = request.reference  # type: ignore[attr-defined]
        return response
