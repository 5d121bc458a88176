"""Long lists in pages of fifty."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

ROWS = 50


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """The page that ``?page=`` asks for; the nearest one for a number beyond the list or no number at all."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))
