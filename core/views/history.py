"""Who did what: the trail, as those read it who answer for the service."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.access import needs
from core.actors import actor_names
from core.filters import HistoryFilter, words_of
from core.models import AuditEvent
from core.paging import page_of


def _changes(event: AuditEvent) -> list[dict[str, Any]]:
    """Each value that the act changed, before and after."""
    names = dict.fromkeys([*event.before, *event.after])
    rows = [(name, event.before.get(name), event.after.get(name)) for name in names]
    return [{"name": words_of(name), "before": old, "after": new} for name, old, new in rows if old != new]


@needs("history.read")
def history(request: HttpRequest) -> HttpResponse:
    """The partnership's trail, the newest first, filtered by act, object and day."""
    form = HistoryFilter(AuditEvent.objects.visible_to(request.user, request.partnership), request.GET or None)
    page = page_of(request, form.found() if form.is_bound else form.events)
    names = actor_names(event.actor_id for event in page)
    rows = [(event, words_of(event.action), names[event.actor_id], _changes(event)) for event in page]
    return render(request, "core/history.html", {"page": page, "rows": rows, "form": form})
