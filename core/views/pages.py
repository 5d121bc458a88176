"""Pages of plain text: help, privacy and accessibility. They say only what the service does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.access import public


@public
def help_page(request: HttpRequest) -> HttpResponse:
    """Booking, cancelling and charges, and whom to ask."""
    return render(request, "core/help.html")


@public
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, for how long in principle, and the cookies."""
    partnership = getattr(request, "partnership", None)
    controller = (partnership.data_controller or partnership.name) if partnership else ""
    return render(request, "core/privacy.html", {"data_controller": controller})


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """How far the service meets WCAG 2.2 AA and whom to tell about a problem."""
    return render(request, "core/accessibility.html")
