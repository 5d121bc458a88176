"""Error pages in our own look. Each says what happened, what to do and whom to ask."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core.access import public
from core.context_processors import SERVICE_NAME

RETRY_AFTER_SECONDS = "300"


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


@public
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


@public
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


@public
def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database: it may be what failed. The number leads to the log lines of the request."""
    reference = getattr(request, "reference", "")
    page = render_to_string("500.html", {"service_name": SERVICE_NAME, "reference": reference})
    return HttpResponse(page, status=500)


@public
def service_unavailable(request: HttpRequest) -> HttpResponse:
    """For a service that is switched off for a while; asks nothing of the database."""
    page = render_to_string("503.html", {"service_name": SERVICE_NAME})
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_AFTER_SECONDS})


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent without its security value: an old page, or a browser that keeps no cookies."""
    return render(request, "csrf_failure.html", status=403)
