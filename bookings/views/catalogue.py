"""Find training: the dates people may book, with search and filters."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings.filters import CatalogueFilter, Option
from bookings.queries import with_my_booking, with_places
from core.access import public
from core.models import Partnership, Strand
from core.templatetags.archway import plural_count
from courses.enums import Mode

from .shared import browse_tabs, partnership_of, session_card, with_course

CARDS = 20
SORTS = {
    "date": ("Date, soonest first", ("starts_at", "ref")),
    "title": ("Course title", ("course__title", "starts_at")),
    "places": ("Most places left", ("-left", "starts_at")),
}


@dataclass
class Listing:
    """One page of the catalogue, and what stands around it."""

    query: QueryDict
    filters: CatalogueFilter
    person: Any

    def __post_init__(self) -> None:
        self.counts = self.filters.counts()
        asked = self.query.get("sort", "")
        self.sort = asked if asked in SORTS else "date"

    def page(self) -> Page:
        """20 dates. The number of all comes from the counts of the filters, so nothing is counted twice."""
        sessions = with_my_booking(with_places(self.filters.qs), self.person)
        ordered = sessions.annotate(left=F("capacity") - F("taken")).order_by(*SORTS[self.sort][1])
        paginator = Paginator(with_course(ordered), CARDS)
        paginator.count = self.counts.get(("total", ""), 0)
        return paginator.get_page(self.query.get("page"))

    def months(self, page: Page) -> list[tuple[dt.datetime | None, list[dict[str, Any]]]]:
        """The cards under the months they fall in; under no heading when they do not stand in order of date."""
        cards = [session_card(session) for session in page]
        if self.sort != "date":
            return [(None, cards)] if cards else []
        by_month = groupby(cards, key=lambda card: timezone.localtime(card["starts_at"]).strftime("%Y-%m"))
        return [(group[0]["starts_at"], group) for group in (list(members) for _, members in by_month)]

    def groups(self) -> list[dict[str, Any]]:
        """The filters as the form shows them: what would find nothing is left out unless it is chosen."""
        levels, topics = self.filters.levels, self.filters.topics
        modes = [Option(value, label, value) for value, label in Mode.choices]
        strands = [Option(value, label, value) for value, label in Strand.choices]
        groups = [
            self._group("level", levels[0].label.split()[0] if levels else "Level", levels),
            self._when(),
            self._group("how", "How", modes),
            self._group("topic", "Topic", topics),
            self._group("strand", "Who it protects", strands),
            self._group("places", "Availability", [Option("left", "Has places left", "left")]),
        ]
        return [group for group in groups if group["options"] and not _says_nothing(group)]

    def _group(self, name: str, legend: str, options: list[Option]) -> dict[str, Any]:
        chosen = self.filters.values.get(name) or []
        shown = [
            {"value": option.value, "label": option.label, "count": count, "checked": option.value in chosen}
            for option in options
            if (count := self.counts.get((name, str(option.key)), 0)) or option.value in chosen
        ]
        return {"legend": legend, "name": name, "options": shown}

    def _when(self) -> dict[str, Any]:
        chosen = self.filters.values.get("when") or ""
        choices = [("", "Any time"), *self.filters.filters["when"].extra["choices"]]
        options = [{"value": value, "label": label, "checked": value == chosen} for value, label in choices]
        return {"legend": "When", "name": "when", "single": True, "options": options}

    def chips(self) -> list[dict[str, str]]:
        """The filters in force, each with the address that leaves it out."""
        chips = [
            {"label": option["label"], "remove_url": _without(self.query, group["name"], option["value"])}
            for group in self.groups()
            for option in group["options"]
            if option["checked"] and option["value"]
        ]
        words = self.filters.values.get("q")
        return chips + ([{"label": f"“{words}”", "remove_url": _without(self.query, "q", words)}] if words else [])

    def forms(self) -> dict[str, Any]:
        """The three forms of the page: each sends along what the others hold."""
        filtered = [name for name in self.filters.filters if name != "q"]
        return {
            "search": {
                "action": reverse("bookings:catalogue"),
                "label": "Search by course, topic or venue",
                "value": self.filters.values.get("q", ""),
                "name": "q",
                "keep": _kept(self.query, "q"),
            },
            "keep_for_filter": _kept(self.query, *filtered),
            "keep_for_sort": _kept(self.query, "sort"),
            "sorts": [{"value": key, "label": label, "chosen": key == self.sort} for key, (label, _) in SORTS.items()],
        }

    def heading(self, applied: bool) -> str:
        total = self.counts.get(("total", ""), 0)
        return plural_count(total, "date matches,dates match" if applied else "date,dates")


def _says_nothing(group: dict[str, Any]) -> bool:
    """A filter with one strand to choose from would change nothing."""
    return group["name"] == "strand" and len(group["options"]) < 2


def _without(query: QueryDict, name: str, value: str) -> str:
    """The address without one value of a filter; the page number goes too."""
    kept = query.copy()
    kept.setlist(name, [one for one in kept.getlist(name) if one.strip() != value])
    kept.pop("page", None)
    return f"{reverse('bookings:catalogue')}?{kept.urlencode()}"


def _kept(query: QueryDict, *leave_out: str) -> list[tuple[str, str]]:
    """What another form of the page sends along."""
    return [(name, value) for name, values in query.lists() for value in values if name not in (*leave_out, "page")]


def _intro(partnership: Partnership) -> str:
    """Whom the programme is for, in one sentence."""
    whom = {Strand.CHILDREN: "children and families", Strand.ADULTS: "adults at risk"}
    chosen = [words for strand, words in whom.items() if strand in partnership.strands]
    everyone = " or ".join(chosen or whom.values())
    return f"Courses for everyone who works with {everyone} in {partnership.display_name}."


@public
def catalogue(request: HttpRequest) -> HttpResponse:
    """The dates of the programme that may still be booked (F01)."""
    partnership = partnership_of(request)
    filters = CatalogueFilter(request.GET, partnership=partnership, now=timezone.now())
    listing = Listing(request.GET, filters, request.person or None)  # type: ignore[attr-defined]
    page, chips = listing.page(), listing.chips()
    context = {
        "page": page,
        "months": listing.months(page),
        "groups": listing.groups(),
        "chips": chips,
        "heading": listing.heading(bool(chips)),
        "tabs": browse_tabs("catalogue"),
        "intro": _intro(partnership),
        **listing.forms(),
    }
    return render(request, "bookings/catalogue.html", context)
