"""The filters above the training team's lists. They live in the address; what is unknown there is ignored."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from bookings.enums import BookingStatus, ChargeState
from core.periods import london_day, start_of_day
from courses.enums import SessionStatus
from courses.models import CourseSession

SEARCH_LENGTH = 100


class ListForm(forms.Form):
    """Above a list: nothing is asked for, so nothing is marked optional."""

    mark_optional = False


class KnownChoice(forms.ChoiceField):
    """One value of the address; an unknown one counts as the first choice."""

    def __init__(self, *, choices: list[tuple[str, str]], **details: Any) -> None:
        super().__init__(choices=choices, **details)
        self.first = choices[0][0]

    def clean(self, value: Any) -> str:
        return value if value and self.valid_value(value) else self.first


class KnownChoiceFilter(django_filters.Filter):
    field_class = KnownChoice


class WordsField(forms.CharField):
    """Words to search for, cleaned of what no name has; too many are cut off rather than refused."""

    widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})

    def clean(self, value: Any) -> str:
        return str(value or "").replace("\0", "").strip()[:SEARCH_LENGTH]


class WordsFilter(django_filters.Filter):
    """Keeps the rows in which every word stands in one of ``fields`` (lookups such as ``course__title__icontains``)."""

    field_class = WordsField

    def __init__(self, *, fields: list[str], **details: Any) -> None:
        super().__init__(**details)
        self.fields = fields

    def filter(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        for word in value.split():
            rows = rows.filter(reduce(or_, [Q(**{field: word}) for field in self.fields]))
        return rows


class ListFilter(django_filters.FilterSet):
    """A list with words and one choice. A page without an address behind it shows what the first choice names."""

    class Meta:
        form = ListForm

    def __init__(self, query: QueryDict, queryset: QuerySet[Any]) -> None:
        super().__init__(query or QueryDict("q="), queryset)


class SessionListFilter(ListFilter):
    """Dates by when they are, for the training team."""

    q = WordsFilter(
        label="Course, venue or reference",
        fields=["ref__icontains", "course__title__icontains", "course__code__icontains", "venue__name__icontains"],
    )
    when = KnownChoiceFilter(
        label="Show",
        method="keep_when",
        choices=[
            ("coming", "Coming up"),
            ("to_finish", "Register to finish"),
            ("past", "Past"),
            ("cancelled", "Cancelled"),
        ],
    )

    def keep_when(self, sessions: QuerySet[CourseSession], name: str, value: str) -> QuerySet[CourseSession]:
        now = timezone.now()
        today, running = start_of_day(london_day(now)), sessions.exclude(status=SessionStatus.CANCELLED)
        if value == "cancelled":
            return sessions.filter(status=SessionStatus.CANCELLED).order_by("-starts_at")
        if value == "to_finish":
            return sessions.filter(status=SessionStatus.SCHEDULED, starts_at__lt=now).order_by("starts_at")
        if value == "past":
            return running.filter(starts_at__lt=today).order_by("-starts_at")
        return running.filter(starts_at__gte=today).order_by("starts_at")


class BookingListFilter(ListFilter):
    """Bookings by person, reference and what became of them, for the training team."""

    q = WordsFilter(
        label="Name, email or reference",
        fields=[
            "person__first_name__icontains",
            "person__last_name__icontains",
            "person__email__iexact",
            "reference__iexact",
            "session__ref__iexact",
        ],
    )
    status = KnownChoiceFilter(label="Status", choices=[("", "All"), *BookingStatus.choices])


class ChargeListFilter(ListFilter):
    """Charges by their state."""

    state = KnownChoiceFilter(choices=ChargeState.choices)
