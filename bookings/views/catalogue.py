"""Find training: the dates people may book, with search and filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings.catalogue import Chosen, Filter, filters_for, search_words
from bookings.queries import CourseLink, course_links, open_dates
from core.access import public
from core.models import Partnership, Strand
from core.templatetags.archway import plural_count

from .shared import Level, browse_tabs, partnership_of, session_card

CARDS = 20
SORTS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "date": ("Date, soonest first", lambda date: date.starts_at),
    "title": ("Course title", lambda date: date.course.title),
    "places": ("Most places left", lambda date: date.taken - date.capacity),
}


@public
def catalogue(request: HttpRequest) -> HttpResponse:
    """The dates of the programme that may still be booked (F01)."""
    partnership, now, query, words = partnership_of(request), timezone.now(), request.GET, search_words(request.GET)
    links = course_links(partnership)
    dates = open_dates(partnership, person=request.person, words=words, now=now)  # type: ignore[attr-defined]
    chosen = Chosen(query, filters_for(links, now=now), dates)
    sort = query.get("sort", "") if query.get("sort") in SORTS else "date"
    page = Paginator(sorted(chosen.kept, key=SORTS[sort][1]), CARDS).get_page(query.get("page"))
    groups = [group for group in (_group(one, chosen) for one in chosen.filters) if group["options"]]
    chips = _chips(groups, query, words)
    context = {
        "page": page,
        "months": _months(page, links, by_month=sort == "date"),
        "groups": groups,
        "chips": chips,
        "heading": plural_count(len(chosen.kept), "date matches,dates match" if chips else "date,dates"),
        "tabs": browse_tabs("catalogue"),
        "intro": _intro(partnership),
        **_forms(query, chosen, words, sort),
    }
    return render(request, "bookings/catalogue.html", context)


def _months(
    page: Page[Any], links: list[CourseLink], *, by_month: bool
) -> list[tuple[dt.datetime | None, list[dict[str, Any]]]]:
    """The cards under the months they fall in; under no heading when they do not stand in order of date."""
    levels: dict[int, list[Level]] = {}
    for link in links:
        if link.kind == "level":
            level = Level(link.framework_id, link.order, link.word, link.code)
            levels.setdefault(link.course_id, []).append(level)
    cards = [session_card(date, levels.get(date.course_id, [])) for date in page]
    if not by_month:
        return [(None, cards)] if cards else []
    groups = groupby(cards, key=lambda card: (card["starts_at"].year, card["starts_at"].month))
    return [(month[0]["starts_at"], month) for month in (list(members) for _, members in groups)]


def _group(one: Filter, chosen: Chosen) -> dict[str, Any]:
    """A filter as the form shows it: what would find nothing is left out unless it is chosen."""
    values = chosen.values[one.name]
    if one.single:
        options = [
            {"value": option.value, "label": option.label, "checked": option.value in (values or {""})}
            for option in one.options
        ]
    else:
        options = [
            {"value": option.value, "label": option.label, "count": count, "checked": option.value in values}
            for option in one.options
            if (count := chosen.counts[one.name, option.value]) or option.value in values
        ]
    says_nothing = one.name == "strand" and len(options) < 2
    return {"legend": one.legend, "name": one.name, "single": one.single, "options": [] if says_nothing else options}


def _chips(groups: list[dict[str, Any]], query: QueryDict, words: str) -> list[dict[str, str]]:
    """The filters in force, each with the address that leaves it out."""
    chips = [
        {"label": option["label"], "remove_url": _without(query, group["name"], option["value"])}
        for group in groups
        for option in group["options"]
        if option["checked"] and option["value"]
    ]
    return chips + ([{"label": f"“{words}”", "remove_url": _without(query, "q")}] if words else [])


def _without(query: QueryDict, name: str, value: str = "") -> str:
    """The address without one value of a filter, or without the filter; the page number goes too."""
    kept = query.copy()
    kept.setlist(name, [one for one in kept.getlist(name) if value and one != value])
    kept.pop("page", None)
    return f"{reverse('bookings:catalogue')}?{kept.urlencode()}"


def _forms(query: QueryDict, chosen: Chosen, words: str, sort: str) -> dict[str, Any]:
    """The three forms of the page: each sends along what the others hold."""
    here = reverse("bookings:catalogue")
    label = "Search by course, topic or venue"
    return {
        "search": {"action": here, "label": label, "value": words, "name": "q", "keep": _kept(query, "q")},
        "keep_for_filter": _kept(query, *chosen.values),
        "keep_for_sort": _kept(query, "sort"),
        "sorts": [{"value": key, "label": label, "chosen": key == sort} for key, (label, _) in SORTS.items()],
    }


def _kept(query: QueryDict, *leave_out: str) -> list[tuple[str, str]]:
    """What another form of the page sends along."""
    return [(name, value) for name, values in query.lists() for value in values if name not in (*leave_out, "page")]


def _intro(partnership: Partnership) -> str:
    """Whom the programme is for, in one sentence."""
    whom = {Strand.CHILDREN: "children and families", Strand.ADULTS: "adults at risk"}
    chosen = [words for strand, words in whom.items() if strand in partnership.strands]
    everyone = " or ".join(chosen or whom.values())
    return f"Courses for everyone who works with {everyone} in {partnership.display_name}."
