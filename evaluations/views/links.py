"""One-time links: the token of a mail is swapped for the session, so that it stands in no address, log or referrer.

Opening one changes nothing. A browser may hold several; each form says which one it answers by the booking's reference.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from allauth.core.internal.ratelimit import consume
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from core.links import find_link, is_open
from core.models import OneTimeLink
from core.views.errors import too_many_requests

ReferenceOf = Callable[[int], str | None]
SESSION_KEY = "evaluations.links"
TRIES = {"unknown_link": "30/m/ip"}
# How many opened links a browser keeps for each purpose.
MOST_OPENED = 10


def swap_token(request: HttpRequest, token: str, *, purpose: str, to: str) -> HttpResponseBase:
    """Remember the link that ``token`` opens and go on to the page without it.

    Unknown tokens get a kind 404, and 429 after 30 of them in a minute from one address; a right one opens even then.
    """
    partnership = request.partnership  # type: ignore[attr-defined]
    link = find_link(token, purpose=purpose, partnership=partnership) if partnership else None
    if link is None:
        guessing = not consume(request, app="evaluations", action="unknown_link", config=TRIES, limit_get=True)
        return too_many_requests(request) if guessing else unknown_link(request)
    _remember(request, link)
    return redirect(to)


def _remember(request: HttpRequest, link: OneTimeLink) -> None:
    """Make ``link`` the latest of those that this browser holds for its purpose."""
    opened = request.session.get(SESSION_KEY, {})
    kept = [pk for pk in opened.get(link.purpose, []) if pk != link.pk]
    request.session[SESSION_KEY] = {**opened, link.purpose: [*kept, link.pk][-MOST_OPENED:]}


def link_in_hand(request: HttpRequest, *, purpose: str, reference_of: ReferenceOf) -> OneTimeLink | None:
    """The link this request is about: the latest that the browser opened, or the one whose booking the form names.

    ``reference_of(object id)`` is the booking's reference, None where the object is gone.
    """
    asked_for = request.POST.get("about")
    for link in _opened_links(request, purpose=purpose):
        reference = reference_of(link.object_id)
        if reference is not None and asked_for in (None, reference):
            if asked_for is not None:
                _remember(request, link)
            return link
    return None


def _opened_links(request: HttpRequest, *, purpose: str) -> list[OneTimeLink]:
    """The links that this browser has opened for ``purpose``, the latest first."""
    ids = request.session.get(SESSION_KEY, {}).get(purpose, [])
    partnership = request.partnership  # type: ignore[attr-defined]
    links = OneTimeLink.objects.filter(pk__in=ids, purpose=purpose, partnership=partnership)
    return sorted(links, key=lambda link: ids.index(link.pk), reverse=True)


def has_expired(link: OneTimeLink, *, now: dt.datetime | None = None) -> bool:
    return not is_open(link, now=now or timezone.now())


def unknown_link(request: HttpRequest) -> HttpResponse:
    """The same page and status for a link that never was, was altered or is for something else."""
    return render(request, "evaluations/link_unknown.html", status=404)


def closed_link(request: HttpRequest, *, text: str) -> HttpResponse:
    """The link is genuine, but too late."""
    return render(request, "evaluations/link_closed.html", {"text": text}, status=410)
