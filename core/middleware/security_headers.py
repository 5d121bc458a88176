"""The response headers that Django and django-csp do not set."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

ALWAYS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
}
# Pages that no search engine should list: signing in, and the check of a certificate.
NOT_INDEXED = ("account_", "mfa_", "usersessions_", "admin:", "bookings:certificate_")


def _is_one_time_link(request: HttpRequest) -> bool:
    rule = getattr(getattr(request.resolver_match, "func", None), "access_rule", None)
    return rule is not None and rule.kind == "one_time_link"


def _is_sign_out(request: HttpRequest) -> bool:
    return (
        request.method == "POST"
        and request.resolver_match is not None
        and (request.resolver_match.view_name == "account_logout")
    )


class SecurityHeadersMiddleware:
    """Keeps pages out of caches, search engines and other sites' frames.

    Every page is made for one visitor, so none may be stored unless its view says otherwise (files in ``static/`` are
    answered before this). Redirects of one-time links send no Referer; their forms must, because browsers send the
    Origin "null" from a page without one and the form would be refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for header, value in ALWAYS.items():
            response.headers.setdefault(header, value)
        response.headers.setdefault("Cache-Control", "no-store, private")
        one_time = _is_one_time_link(request)
        view_name = request.resolver_match.view_name if request.resolver_match else ""
        if one_time or view_name.startswith(NOT_INDEXED):
            response.headers.setdefault("X-Robots-Tag", "noindex")
        if one_time and 300 <= response.status_code < 400:
            response.headers["Referrer-Policy"] = "no-referrer"
        if _is_sign_out(request):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
