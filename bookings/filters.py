"""The filters of the catalogue. They live in the address, so that a list can be shared; what is unknown is ignored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.text import slugify

from bookings.enums import HOLDS_A_PLACE
from bookings.models import Booking
from bookings.queries import count_of
from competencies.models import Group
from core.models import Partnership, Strand
from core.periods import add_months, london_day, start_of_day
from courses.enums import Mode
from courses.models import Course, CourseSession, Priority

SOON_MONTHS = 3
SEARCH_LENGTH = 100


class KnownValues(forms.MultipleChoiceField):
    """Ticked values of the address; those that are not choices are dropped without a word."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        return [one for one in super().to_python(value) if self.valid_value(one)]


class KnownValue(forms.ChoiceField):
    """One value of the address; an unknown one counts as none."""

    def clean(self, value: Any) -> str:
        return value if value and self.valid_value(value) else ""


class KnownValuesFilter(django_filters.Filter):
    field_class = KnownValues


class KnownValueFilter(django_filters.Filter):
    field_class = KnownValue


@dataclass(frozen=True)
class Option:
    """One value of a filter: how the address writes it, what people read, what the database asks for."""

    value: str
    label: str
    key: Any


def level_options(partnership: Partnership) -> list[Option]:
    """The groups or levels of the partnership's frameworks, for the address ``<framework>.<code>``."""
    groups = list(Group.objects.filter(framework__partnership=partnership).select_related("framework"))
    several = len({group.framework_id for group in groups}) > 1
    return [Option(f"{group.framework.code}.{group.code}", _level_label(group, several), group.pk) for group in groups]


def _level_label(group: Group, several: bool) -> str:
    label = f"{group.framework.tier_word} {group.code}"
    return f"{label} ({group.framework.name})" if several else label


def topic_options(partnership: Partnership) -> list[Option]:
    topics = Priority.objects.filter(partnership=partnership)
    return [Option(slugify(topic.name), topic.name, topic.pk) for topic in topics]


class CatalogueFilter(django_filters.FilterSet):
    """Dates by words, level, time, mode, topic, strand and places left (F01)."""

    q = django_filters.CharFilter(method="search")
    level = KnownValuesFilter(method="keep_levels")
    when = KnownValueFilter(method="keep_when", choices=[("soon", f"Next {SOON_MONTHS} months"), ("later", "Later")])
    how = KnownValuesFilter(method="keep_modes", choices=Mode.choices)
    topic = KnownValuesFilter(method="keep_topics")
    strand = KnownValuesFilter(method="keep_strands", choices=Strand.choices)
    places = KnownValuesFilter(method="keep_places", choices=[("left", "Has places left")])

    class Meta:
        model = CourseSession
        fields: list[str] = []

    def __init__(self, data: Any, *, partnership: Partnership, now: dt.datetime) -> None:
        self.levels, self.topics = level_options(partnership), topic_options(partnership)
        self.soon_ends = start_of_day(add_months(london_day(now), SOON_MONTHS))
        self.open = CourseSession.objects.of(partnership).open_for_booking(now=now)
        super().__init__(data, queryset=self.open)
        self.filters["level"].extra["choices"] = [(option.value, option.label) for option in self.levels]
        self.filters["topic"].extra["choices"] = [(option.value, option.label) for option in self.topics]

    def search(self, sessions: QuerySet, name: str, value: str) -> QuerySet:
        """Every word must stand in the course's title, code or aim, its topics, or the venue."""
        for word in value.replace("\0", "")[:SEARCH_LENGTH].split():
            topics = Priority.objects.filter(courses=OuterRef("course"), name__icontains=word)
            course = Q(course__title__icontains=word) | Q(course__code__icontains=word) | Q(course__aim__icontains=word)
            venue = Q(venue__name__icontains=word) | Q(venue__address__icontains=word)
            sessions = sessions.filter(course | venue | Exists(topics))
        return sessions

    def keep_levels(self, sessions: QuerySet, name: str, value: list[str]) -> QuerySet:
        keys = [option.key for option in self.levels if option.value in value]
        return sessions.filter(course__in=Course.objects.filter(groups__in=keys)) if keys else sessions

    def keep_topics(self, sessions: QuerySet, name: str, value: list[str]) -> QuerySet:
        keys = [option.key for option in self.topics if option.value in value]
        return sessions.filter(course__in=Course.objects.filter(priorities__in=keys)) if keys else sessions

    def keep_when(self, sessions: QuerySet, name: str, value: str) -> QuerySet:
        if value == "soon":
            return sessions.filter(starts_at__lt=self.soon_ends)
        return sessions.filter(starts_at__gte=self.soon_ends) if value == "later" else sessions

    def keep_modes(self, sessions: QuerySet, name: str, value: list[str]) -> QuerySet:
        return sessions.filter(mode__in=value) if value else sessions

    def keep_strands(self, sessions: QuerySet, name: str, value: list[str]) -> QuerySet:
        return sessions.filter(course__strand__in=value) if value else sessions

    def keep_places(self, sessions: QuerySet, name: str, value: list[str]) -> QuerySet:
        return having_places(sessions) if value else sessions

    def without(self, name: str) -> QuerySet[CourseSession]:
        """The dates that all other filters leave: what the options of ``name`` can be counted on."""
        sessions = self.open
        for other, value in self.values.items():
            if other != name and value:
                sessions = self.filters[other].filter(sessions, value)
        return sessions

    @property
    def values(self) -> dict[str, Any]:
        """What is filtered by: only what is known and given."""
        return self.form.cleaned_data if self.form.is_valid() else getattr(self.form, "cleaned_data", {})

    def counts(self) -> dict[tuple[str, str], int]:
        """How many dates each option would show, keyed ``(filter, key)``, and ``("total", "")``. One statement."""
        fields = {"level": "course__groups", "how": "mode", "topic": "course__priorities", "strand": "course__strand"}
        parts = [_tally(self.without(name), name, F(field)) for name, field in fields.items()]
        parts.append(_tally(having_places(self.without("places")), "places", Value("left")))
        parts.append(_tally(self.without(""), "total", Value("")))
        first, *others = parts
        return {(name, key or ""): number for name, key, number in first.union(*others, all=True)}


def having_places(sessions: QuerySet[CourseSession]) -> QuerySet[CourseSession]:
    return sessions.alias(held=count_of(Booking.objects.filter(status__in=HOLDS_A_PLACE))).filter(
        held__lt=F("capacity")
    )


def _tally(sessions: QuerySet[CourseSession], name: str, key: Any) -> QuerySet:
    keyed = sessions.order_by().annotate(filter_name=Value(name, CharField()), key=Cast(key, CharField()))
    return keyed.values("filter_name", "key").annotate(number=Count("pk")).values_list("filter_name", "key", "number")
