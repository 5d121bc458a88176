"""Page panels: a lower page shows parts of upper apps without knowing them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True)
class Panel:
    """A part of a page. ``context(request, subject)`` gives the template's values, or None for nothing."""

    template: str
    context: Callable[[HttpRequest, Any], dict[str, Any] | None]
    order: int = 500


_PANELS: dict[str, list[Panel]] = {}


def register_panel(place: str, panel: Panel) -> None:
    """Add ``panel`` to ``place``, for example ``"agencies:agency"``."""
    _PANELS.setdefault(place, []).append(panel)


def panels_for(place: str, request: HttpRequest, subject: Any) -> list[SafeString]:
    """The rendered panels of a page, in order."""
    rendered = []
    for panel in sorted(_PANELS.get(place, []), key=lambda panel: panel.order):
        context = panel.context(request, subject)
        if context is not None:
            rendered.append(mark_safe(render_to_string(panel.template, context, request=request)))
    return rendered
