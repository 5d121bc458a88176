"""What every page knows: whose service it is, who to ask, and the menus of the person who looks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from . import navigation

SERVICE_NAME = "Safeguarding training"


def _menu(request: HttpRequest, place: str) -> Any:
    """Worked out only when a template shows it, so that a download or a redirect costs no queries."""
    return SimpleLazyObject(lambda: navigation.entries_for(request, place))


def _account_name(request: HttpRequest) -> str:
    """The person's name where this partnership knows one, else the e-mail address of the account."""
    return str(getattr(request, "person", None) or getattr(request, "user", ""))


def service(request: HttpRequest) -> dict[str, Any]:
    """Values of the base layout. Works without a partnership and before anyone is known (error pages)."""
    partnership = getattr(request, "partnership", None)
    return {
        "service_name": SERVICE_NAME,
        "partnership": partnership,
        "partnership_name": partnership.name if partnership else "",
        "contact_email": partnership.contact_email if partnership else "",
        "contact_phone": partnership.contact_phone if partnership else "",
        "navigation": _menu(request, navigation.SERVICE),
        "account_navigation": _menu(request, navigation.ACCOUNT),
        "footer_navigation": _menu(request, navigation.FOOTER),
        "account_name": SimpleLazyObject(lambda: _account_name(request)),
        "signed_in": navigation.is_signed_in(request),
    }
