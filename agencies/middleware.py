"""Ties the signed-in account to the person it is in this partnership."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from .models import Person


def person_of(request: HttpRequest) -> Person | None:
    """The person behind a request in its partnership, or None for a visitor or an account not yet known here."""
    if not request.user.is_authenticated or request.partnership is None:
        return None
    person: Person | None = Person.objects.filter(user=request.user, partnership=request.partnership).first()
    if person is not None:
        person.partnership = request.partnership  # the same row: no second statement for it
    return person


class MembershipMiddleware:
    """Sets ``request.person`` lazily: no statement unless a view asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.person = SimpleLazyObject(lambda: person_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)
