"""How long a sign-in lasts: twelve hours whatever happens, and less when nobody uses it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
# The session is written at most this often only to note that it is used.
NOTED_EVERY = dt.timedelta(minutes=1)


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest, **_: Any) -> None:
    """Start the clocks of a session."""
    now = timezone.now().timestamp()
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now


def is_over(session: Any, *, now: dt.datetime, privileged: bool) -> bool:
    """Whether a sign-in has ended at ``now``: too old, or unused for too long (shorter for platform staff)."""
    idle = settings.SESSION_IDLE_PRIVILEGED if privileged else settings.SESSION_IDLE
    age = now.timestamp() - session.get(SIGNED_IN_AT, 0)
    unused = now.timestamp() - session.get(SEEN_AT, 0)
    return bool(age >= settings.SESSION_COOKIE_AGE or unused >= idle)


class SessionLifetimeMiddleware:
    """Signs out whoever's time is over; the page asked for then asks them to sign in again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = timezone.now()
            if is_over(request.session, now=now, privileged=request.user.is_staff):
                logout(request)
            elif now.timestamp() - request.session[SEEN_AT] >= NOTED_EVERY.total_seconds():
                request.session[SEEN_AT] = now.timestamp()
        return self.get_response(request)
