"""How long things are kept, for administrators."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.access import needs
from core.retention import retention_table


@needs("people.manage")
def retention(request: HttpRequest) -> HttpResponse:
    """The retention table as the code carries it out."""
    rows = [[rule.what, rule.how_long, rule.then] for rule in retention_table()]
    headings = ["What", "How long", "Then"]
    return render(request, "core/retention.html", {"rows": rows, "headings": headings})
