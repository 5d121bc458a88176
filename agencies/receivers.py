"""What agencies do when something happens below."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from .domain.joining import claim_person


@receiver(user_logged_in)
def recognise_person(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """An account whose address the partnership already knows becomes that person. The address is verified by now."""
    if getattr(request, "partnership", None) is not None:
        claim_person(user=user, partnership=request.partnership, now=timezone.now())
