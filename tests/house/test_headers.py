"""Headers of every answer: a strict policy, nothing kept by caches, nothing inline."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch, reverse

from core.access import by_one_time_link, public
from core.middleware import SecurityHeadersMiddleware
from tools.checks import PRODUCTION

from .test_production import values

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "manifest-src 'self'",
}


@pytest.fixture
def response(db: None) -> HttpResponse:
    return Client().get(reverse("core:health_live"))


def test_the_content_security_policy_allows_nothing_inline(response: HttpResponse) -> None:
    assert {part.strip() for part in response["Content-Security-Policy"].split(";")} == POLICY


def test_production_asks_browsers_to_use_tls_for_everything() -> None:
    assert PRODUCTION["SITE_BASE_URL"].startswith("https://")
    assert values("settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['upgrade-insecure-requests']") == "True"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cross-Origin-Embedder-Policy", "require-corp"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"),
        ("Referrer-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Cache-Control", "no-store, private"),
    ],
)
def test_every_answer_carries(response: HttpResponse, header: str, value: str) -> None:
    assert response[header] == value


def answered(view: object, *, method: str = "get", view_name: str = "app:page", status: int = 200) -> HttpResponse:
    """The answer of a view as the middleware leaves it."""
    request = getattr(RequestFactory(), method)("/")
    request.resolver_match = ResolverMatch(view, (), {}, url_name=view_name.split(":")[-1], namespaces=["app"])
    request.resolver_match.view_name = view_name
    return SecurityHeadersMiddleware(lambda _: HttpResponse(status=status))(request)  # type: ignore[return-value]


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_one_time_links_are_not_indexed() -> None:
    assert answered(by_one_time_link(page))["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in answered(public(lambda request: HttpResponse()))


def test_the_redirect_of_a_one_time_link_tells_nobody_where_it_came_from() -> None:
    assert answered(by_one_time_link(page), status=302)["Referrer-Policy"] == "no-referrer"


def test_the_form_of_a_one_time_link_keeps_the_referer_that_the_form_check_needs() -> None:
    assert "Referrer-Policy" not in answered(by_one_time_link(page))


def test_signing_out_empties_the_browser() -> None:
    assert answered(page, method="post", view_name="account_logout")["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in answered(page, method="get", view_name="account_logout")


def test_a_view_may_say_itself_what_may_be_kept() -> None:
    def kept(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "max-age=60"})

    request = RequestFactory().get("/")
    request.resolver_match = None
    assert SecurityHeadersMiddleware(kept)(request)["Cache-Control"] == "max-age=60"  # type: ignore[index]
