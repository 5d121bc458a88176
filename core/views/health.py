"""Pages for the machines that watch over this one. Public, short, without anything about a person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import health
from core.access import public


def _answer(problems: list[str]) -> HttpResponse:
    """200 when there is nothing to say, 503 with what is wrong."""
    return JsonResponse({"ok": not problems, "problems": problems}, status=503 if problems else 200)


@public
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The web server answers. Asks nothing of the database, so that a database restart kills no web server."""
    return _answer([])


@public
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Visitors may be sent here: the database answers."""
    return _answer(health.database_problems())


@public
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """The background engine works: red when worker, beat or mail stands still."""
    return _answer(health.work_problems(now=timezone.now()))
