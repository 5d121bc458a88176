"""Words and small pieces every template may use without loading: dates, money, counts, addresses of filters, icons."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
# A list shows the same days, times and meters again and again; their words never change.
MANY = 4096

# Shapes drawn in a square of 24 by 24. Every icon stands beside a word and is hidden from screen readers.
ICONS = {
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "screen": '<rect x="3" y="4" width="18" height="12" rx="2"/><path d="M8 20h8M12 16v4"/>',
    "pin": '<path d="M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21z"/><circle cx="12" cy="9.5" r="2.5"/>',
    "pound": '<path d="M16.5 7.2A4 4 0 0 0 9 9c0 3 1.2 4 1.2 6.2 0 1.9-1 3.3-2.7 4.3H17M7 13h7"/>',
    "cross": '<circle cx="12" cy="12" r="9"/><path d="M8.5 8.5l7 7M15.5 8.5l-7 7"/>',
    "people": (
        '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.6-3.8 3.2-6 6.5-6s5.9 2.2 6.5 6M15.5 4.8a3.5 3.5 0 0 1 0 6.4'
        'M18 14.6c2 .9 3.2 2.7 3.5 5.4"/>'
    ),
    "check": '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
    "todo": '<path d="M12 5v9M12 18.5v.5"/>',
    "document": '<path d="M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6"/>',
    "access": '<circle cx="12" cy="4.5" r="1.8"/><path d="M5 8.5l7 1.3 7-1.3M12 9.8V14l-3.5 7M12 14l3.5 7"/>',
    "certificate": '<circle cx="12" cy="9" r="5.5"/><path d="M8.5 13.5L7 21l5-2.5L17 21l-1.5-7.5"/>',
    "mail": '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3.5 7l8.5 6 8.5-6"/>',
    "calendar": '<rect x="3" y="5" width="18" height="16" rx="2"/><path d="M3 10h18M8 3v4M16 3v4"/>',
}


def _local(value: dt.datetime | dt.date | dt.time) -> Any:
    """A moment as London sees it; plain days and times stay."""
    return timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value


@register.filter
@lru_cache(MANY)
def london_date(value: dt.date | None) -> str:
    """``Thursday 12 March 2026``."""
    return "" if not value else f"{_local(value):%A} {_local(value).day} {_local(value):%B %Y}"


@register.filter
@lru_cache(MANY)
def long_date(value: dt.date | None) -> str:
    """``12 March 2026``."""
    return "" if not value else f"{_local(value).day} {_local(value):%B %Y}"


@register.filter
@lru_cache(MANY)
def short_date(value: dt.date | None) -> str:
    """``12 Feb 2026``, for table columns."""
    return "" if not value else f"{_local(value).day} {_local(value):%b %Y}"


@register.filter
@lru_cache(MANY)
def clock(value: dt.datetime | dt.time | None) -> str:
    """``9:30am``, ``4pm``, ``midday``, ``midnight``."""
    if value is None or value == "":
        return ""
    local = _local(value)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


@register.filter
@lru_cache(MANY)
def time_range(start: dt.datetime | dt.time | None, end: dt.datetime | dt.time | None) -> str:
    """``9:30am to 4:30pm``: ``{{ session.starts_at|time_range:session.ends_at }}``."""
    return " to ".join(filter(None, [clock(start), clock(end)]))


@register.filter
def date_and_time(value: dt.datetime | None) -> str:
    """``Thursday 12 March 2026 at 9:30am``."""
    return "" if not value else f"{london_date(value)} at {clock(value)}"


@register.filter
def money(value: Decimal | int | str | None) -> str:
    """``£60``, ``£14.50``, ``£1,740``, ``−£60``. Pence only where there are some; nothing for no value."""
    if value is None or value == "":
        return ""
    amount = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    sign = "−" if amount < 0 else ""
    whole = amount == amount.to_integral_value()
    return f"{sign}£{abs(amount):,.0f}" if whole else f"{sign}£{abs(amount):,.2f}"


@register.filter
def percent(value: Decimal | float | str | None, places: int = 1) -> str:
    """``6.7%`` of a value already in per cent; a nought after the point is left out, and no value is ``not known``."""
    if value is None or value == "":
        return "not known"
    number = Decimal(str(value)).quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)
    text = f"{number:,f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


@register.filter
def rate(part: int | None, whole: int | None) -> str:
    """``part`` of ``whole`` as people may see it: a percentage, or counts where fewer than 10 people stand behind."""
    if not whole:
        return "none"
    if whole < 10:
        return f"{part or 0} of {whole}"
    return percent(Decimal(part or 0) * 100 / Decimal(whole), 1)


@register.filter
def plural_count(count: int | None, words: str) -> str:
    """``1 place`` or ``7 places``: ``{{ left|plural_count:"place,places" }}``."""
    one, _, many = words.partition(",")
    return f"{count or 0:,} {one if count == 1 else many or one + 's'}"


@register.filter
def signed(value: Decimal | int | None) -> str:
    """A change with its sign: ``+21``, ``−3``, ``0``."""
    if value is None:
        return ""
    return f"+{value}" if value > 0 else f"−{abs(value)}" if value < 0 else "0"


@register.simple_tag(takes_context=True)
def query_replace(context: Context, **changes: Any) -> str:
    """The address's filters with some replaced, for a link: ``<a href="{% query_replace page=2 %}">``."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else None
    if query is None:
        return "?"
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_remove(context: Context, name: str, value: Any = None) -> str:
    """The address's filters without one: all values of ``name``, or only ``value``. The page number goes too."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return "?"
    query = request.GET.copy()
    kept = [] if value is None else [one for one in query.getlist(name) if one != str(value)]
    query.setlist(name, kept)
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A line icon by name, hidden from screen readers; the word stands beside it."""
    shape = mark_safe(ICONS[name])
    return format_html(
        '<svg class="app-icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true" '
        'focusable="false">{}</svg>',
        shape,
    )


@register.filter
def left_of(taken: int, capacity: int) -> int:
    """Places left: ``{{ card.taken|left_of:card.capacity }}``, never below nought."""
    return max(capacity - taken, 0)


@register.filter
def nearly_full(taken: int, capacity: int) -> bool:
    """Whether the card says "Nearly full": at most 2 places, or a tenth of them, are left."""
    return 0 < capacity - taken <= max(2, capacity // 10)


@register.simple_tag
@lru_cache(MANY)
def meter(taken: int, capacity: int) -> SafeString:
    """The places taken as a bar, beside words that say the number: ``{% meter 17 24 %}``."""
    return render_to_string("components/meter.html", share_taken(taken, capacity))


def share_taken(taken: int, capacity: int) -> dict[str, Any]:
    """How long the bar of a meter is, in per cent, and its tone."""
    full = taken >= capacity
    width = 100.0 if full else round(100 * taken / capacity, 1)
    return {"width": width, "tone": "full" if full else "warn" if nearly_full(taken, capacity) else ""}


@register.simple_tag
def date_block(moment: dt.datetime | dt.date) -> SafeString:
    """A day as a block, hidden from screen readers: ``{% date_block session.starts_at %}`` beside the full date."""
    local = _local(moment)
    return _date_block(local.date() if isinstance(local, dt.datetime) else local)


@lru_cache(MANY)
def _date_block(day: dt.date) -> SafeString:
    return render_to_string("components/date_block.html", {"date": day})


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page_obj: Page[Any], label: str = "Pagination") -> dict[str, Any]:
    """Numbered pages that keep the filters of the address: ``{% pagination page_obj %}``."""
    pages = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    ellipsis = page_obj.paginator.ELLIPSIS
    return {
        "page_obj": page_obj,
        "pages": pages,
        "ellipsis": ellipsis,
        "label": label,
        "request": context.get("request"),
    }


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*pairs: str, dark: bool = False) -> dict[str, Any]:
    """Where the page stands: ``{% breadcrumbs "Reports" reports_url "Quarterly reports" list_url %}``."""
    return {"items": list(zip(pairs[::2], pairs[1::2], strict=False)), "dark": dark}


@register.inclusion_tag("components/back_link.html")
def back_link(url: str, text: str = "Back") -> dict[str, str]:
    """The way back of a question page: ``{% back_link url %}``."""
    return {"url": url, "text": text}


BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


@register.filter
def browser_words(user_agent: str) -> str:
    """``Firefox on Windows``: what a browser calls itself, in words a person knows."""
    browser = next((word for sign, word in BROWSERS.items() if sign in user_agent), "Another browser")
    system = next((word for sign, word in SYSTEMS.items() if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser


@register.filter
def get_item(mapping: Any, key: Any) -> Any:
    """``{{ counts|get_item:course.pk }}``; None when there is none."""
    return mapping.get(key) if mapping else None
