"""Where to send a person next, without ever leaving the site (A14)."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest) -> str:
    """The ``next`` address of a request if it stays on this host, else an empty text."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    here = {request.get_host()}
    inside = url_has_allowed_host_and_scheme(target, allowed_hosts=here, require_https=request.is_secure())
    return target if inside else ""
