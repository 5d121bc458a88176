"""Which partnership a request is for: the host name decides, and one partnership alone needs no choice (R02-R04)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from core.models import HostName, Partnership


def partnership_of_host(host: str) -> Partnership | None:
    """The partnership that answers at ``host`` (no port). Without a match the only partnership, if there is one."""
    named = HostName.objects.select_related("partnership").filter(host=host.rstrip(".").lower()).first()
    if named:
        return named.partnership
    only = list(Partnership.objects.all()[:2])
    return only[0] if len(only) == 1 else None


class PartnershipMiddleware:
    """Sets ``request.partnership``; ``None`` where the host leads to no single partnership."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith("/health/"):  # answered even while the database does not
            request.partnership = None  # type: ignore[attr-defined]
            return self.get_response(request)
        host = request.get_host().rsplit(":", 1)[0]
        request.partnership = partnership_of_host(host)  # type: ignore[attr-defined]
        return self.get_response(request)
