"""Filters of the engine's lists. They stay in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from core.models import AuditEvent
from core.periods import end_of_day, start_of_day


def words_of(name: str) -> str:
    """``booking.marked_late`` as people read it: Booking marked late."""
    return name.replace(".", " ").replace("_", " ").capitalize()


class HistoryFilter(forms.Form):
    """Narrows the trail to one thing, one act or one day."""

    mark_optional = False

    action = forms.ChoiceField(label="What happened", required=False)
    reference = forms.CharField(
        label="Reference", required=False, max_length=120, help_text="For example a booking’s or a session’s reference"
    )
    day = forms.DateField(
        label="Day",
        required=False,
        input_formats=["%d/%m/%Y", "%d %m %Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d"],
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        help_text="For example 27/3/2026",
        error_messages={"invalid": "Enter the day as a real date, like 27/3/2026"},
    )
    object_type = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    object_id = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, events: QuerySet[AuditEvent], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.events = events
        actions = events.order_by("action").values_list("action", flat=True).distinct()
        choices = [("", "Everything"), *((action, words_of(action)) for action in actions)]
        self.fields["action"].choices = choices  # type: ignore[attr-defined]

    def found(self) -> QuerySet[AuditEvent]:
        """The events that match; a part of the filter that cannot be read narrows nothing, and the form says so."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        events = self.events
        if day := given.pop("day", None):
            events = events.filter(at__gte=start_of_day(day), at__lte=end_of_day(day))
        if reference := given.pop("reference", ""):
            events = events.filter(reference__iexact=reference)
        return events.filter(**given)
