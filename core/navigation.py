"""The service's menus. Each app registers its own entries from ``AppConfig.ready``; a person sees what they may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

SERVICE, ACCOUNT, FOOTER = "service", "account", "footer"
ANYONE = ""


@dataclass(frozen=True)
class NavigationItem:
    """One entry of a menu.

    ``shown_to`` is a permission code (``"reports.read"``), a predicate on the request, or ``ANYONE``. ``also`` names
    path beginnings that belong to the entry though its own address is not their beginning (``("/book/",)``). ``place``
    is ``SERVICE``, ``ACCOUNT`` (beside "Sign out") or ``FOOTER``.
    """

    label: str
    url_name: str
    shown_to: str | Callable[[HttpRequest], bool] = ANYONE
    order: int = 500
    also: tuple[str, ...] = ()
    place: str = SERVICE
    fragment: str = ""


@dataclass(frozen=True)
class Entry:
    """An entry as a page shows it. ``current`` is ``""``, ``"page"`` or ``"true"`` (a page below it)."""

    label: str
    url: str
    current: str = ""


_ITEMS: list[NavigationItem] = []


def register_navigation(*items: NavigationItem) -> None:
    """Add entries; registering the same entry twice shows it once."""
    _ITEMS.extend(item for item in items if item not in _ITEMS)


def is_anonymous(request: HttpRequest) -> bool:
    """Whether the visitor has not signed in."""
    user = getattr(request, "user", None)
    return user is None or not user.is_authenticated


def is_signed_in(request: HttpRequest) -> bool:
    """Whether the visitor has signed in."""
    return not is_anonymous(request)


def _may_see(item: NavigationItem, request: HttpRequest) -> bool:
    if callable(item.shown_to):
        return item.shown_to(request)
    if item.shown_to == ANYONE:
        return True
    partnership = getattr(request, "partnership", None)
    return partnership is not None and is_signed_in(request) and request.user.has_perm(item.shown_to, partnership)


def _address(item: NavigationItem) -> str:
    """The address of an entry; empty while the app that owns the page is not wired in."""
    try:
        return reverse(item.url_name) + item.fragment
    except NoReverseMatch:
        return ""


def _match_length(item: NavigationItem, url: str, path: str) -> int:
    """How much of ``path`` an entry covers; the entry that covers most is the current one."""
    return max((len(start) for start in (url, *item.also) if start != "/" and path.startswith(start)), default=0)


def entries_for(request: HttpRequest, place: str = SERVICE) -> list[Entry]:
    """What ``request``'s visitor may use at ``place``, in order, with the current entry marked."""
    items = sorted((item for item in _ITEMS if item.place == place), key=lambda item: item.order)
    shown = [(item, _address(item)) for item in items if _may_see(item, request)]
    shown = [(item, url) for item, url in shown if url]
    best = max((_match_length(item, url.partition("#")[0], request.path) for item, url in shown), default=0)
    entries = []
    for item, url in shown:
        covers = best > 0 and _match_length(item, url.partition("#")[0], request.path) == best
        current = ("page" if url == request.path else "true") if covers else ""
        entries.append(Entry(item.label, url, current))
    return entries


register_navigation(
    NavigationItem("Help", "core:help", is_anonymous, order=900),
    NavigationItem("Help with booking", "core:help", place=FOOTER, order=100, fragment="#booking"),
    NavigationItem("Cancellation and charges", "core:help", place=FOOTER, order=200, fragment="#charges"),
    NavigationItem("Privacy", "core:privacy", place=FOOTER, order=800),
    NavigationItem("Accessibility statement", "core:accessibility", place=FOOTER, order=900),
)
