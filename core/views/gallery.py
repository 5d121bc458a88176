"""Every component on one page, for those who build pages and for the accessibility checks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.access import needs
from core.gallery import sample_values


@needs("engine.read")
def gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "core/gallery.html", sample_values())
