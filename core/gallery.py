"""Sample values for the gallery: every component with usual, long, empty and wrong contents. All names are invented."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator

from core import charts
from core.forms import Checkboxes, DateField, Radios

LONDON = ZoneInfo("Europe/London")
LONG_NAME = (
    "Working with parents whose own needs make it hard to keep children safe: a two-day course for lead practitioners"
)
QUARTERS = ["Q4 23/24", "Q1 24/25", "Q2 24/25", "Q3 24/25", "Q4 24/25", "Q1 25/26", "Q2 25/26", "Q3 25/26"]
ABSENT = [10.8, 10.1, 9.4, None, 7.9, 6.8, 5.9, 6.7]
SCORES = [
    ("Core Working Together", 5.3, 8.4, 7.9),
    ("Neglect", 5.6, 8.1, 7.8),
    ("Child exploitation", 4.6, 8.0, None),
]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name for the certificate", help_text="As you want it printed", max_length=60)
    email = forms.EmailField(label="Line manager’s work email address")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    places = forms.IntegerField(
        label="Places", min_value=1, max_value=500, widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"})
    )
    agency = forms.ChoiceField(
        label="Agency",
        choices=[("", "Choose an agency"), ("1", "Wrenbury Hospitals NHS Trust"), ("2", "Wrenshire Police")],
    )
    held = DateField(label="Date of the session", help_text="For example, 12 3 2026")
    how = forms.ChoiceField(
        label="How will it be held?",
        choices=[("room", "Face to face"), ("live", "Online, live")],
        widget=Radios(hints={"live": "People join from their own desks"}),
    )
    manager = forms.ChoiceField(
        label="Does your manager know?", choices=[("yes", "Yes"), ("no", "No")], widget=Radios(inline=True)
    )
    needs = forms.MultipleChoiceField(
        label="Do you need any of these?",
        choices=[("step", "Step-free access"), ("loop", "Hearing loop"), ("none", "No, none of these")],
        help_text="Only the trainers and the training team see this.",
        widget=Checkboxes(exclusive="none"),
    )
    agree = forms.BooleanField(label="My manager has agreed that I may go")
    slides = forms.FileField(label="Slides", help_text="PDF or PowerPoint, up to 20MB", required=False)
    note = forms.CharField(
        label="Anything else", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


def at(month: int, day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=LONDON)


def cards() -> list[dict[str, Any]]:
    room, online = {"place": "Oakfield Centre, Wrenbury", "online": False}, {"place": "Microsoft Teams", "online": True}
    day = {"starts_at": at(3, 12, 9, 30), "ends_at": at(3, 12, 16, 30), "url": "#", "level": "Level 3"}
    return [
        {
            **day,
            **room,
            "title": "Core Working Together",
            "labels": ["Face to face", "1 day"],
            "taken": 17,
            "capacity": 24,
        },
        {**day, **online, "title": "Child exploitation", "labels": ["Online, live"], "taken": 28, "capacity": 30},
        {**day, **room, "title": "Neglect", "labels": ["Half day"], "full": True, "waiting": 9, "waiting_url": "#"},
        {**day, **online, "title": "Thresholds", "labels": ["Briefing"], "booked": True, "booking_url": "#"},
        {**day, **room, "title": LONG_NAME, "labels": ["Face to face", "2 days"], "cancelled": True},
    ]


def filters() -> list[dict[str, Any]]:
    levels = [{"value": n, "label": f"Level {n}", "count": 4 * n, "checked": n == 3} for n in (1, 2, 3, 4)]
    when = [{"value": "", "label": "Any time", "count": None, "checked": False}]
    when += [{"value": "3m", "label": "Next 3 months", "count": None, "checked": True}]
    return [
        {"legend": "Level", "name": "level", "options": levels},
        {"legend": "When", "name": "when", "options": when, "single": True},
    ]


def facts() -> list[dict[str, str]]:
    return [
        {"icon": "pin", "label": "Venue", "heading": "Oakfield Centre, Room 2", "text": "Mill Lane, Wrenbury WR4 2DN."},
        {"icon": "pound", "label": "Cost", "heading": "Free for your agency", "text": "£75 for other organisations"},
        {
            "icon": "cross",
            "label": "Cancelling",
            "heading": "Cancel free until Tuesday 3 March",
            "text": "£60 after that.",
        },
        {
            "icon": "people",
            "label": "Approval",
            "heading": "Your manager needs to agree",
            "text": "We will email them.",
        },
    ]


def lists() -> dict[str, Any]:
    """What goes into checks, steps, timeline, tasks, attention list, summary list and register."""
    marks = [("here", "Here", "here"), ("late", "Late", "late"), ("absent", "Absent", "absent")]
    return {
        "checks": [
            {"met": True, "text": "This course is for your role", "detail": "You are in group 3"},
            {
                "met": False,
                "text": "You will need to do the e-learning",
                "url": "#",
                "link": "Thresholds",
                "detail": "40 minutes",
            },
            {"met": False, "text": "Prevent awareness", "tag": "Overdue", "tone": "bad"},
        ],
        "steps": [
            {"text": "Booked", "state": "done"},
            {"text": "Manager agreed", "state": "done"},
            {"text": "Do the e-learning", "state": "now"},
            *({"text": text, "state": "later"} for text in ("Attend", "Evaluate", "Certificate")),
        ],
        "events": [
            {"title": "Your manager agrees", "text": "We have emailed them."},
            {"title": "You do the e-learning", "url": "#", "link": "Thresholds", "text": ", 40 minutes, by 11 March."},
        ],
        "tasks": [
            {
                "text": "Evaluate Child exploitation",
                "url": "#",
                "hint": "5 minutes",
                "status": "Due 6 March",
                "tone": "warn",
            },
            {"text": "3-month survey: Early help", "url": "#", "hint": "6 questions", "status": "Open"},
        ],
        "items": [
            {
                "count": 2,
                "what": "registers not taken",
                "why": "Neglect, 26 February",
                "url": "#",
                "action": "Take",
                "tone": "bad",
            },
            {"count": 5, "what": "people to charge", "why": "£300", "url": "#", "action": "Review", "tone": "warn"},
            {"count": 128, "what": "people waiting", "why": LONG_NAME, "url": "#", "action": "Offer places"},
        ],
        "rows": [
            {"key": "Agency", "value": "Wrenbury Hospitals NHS Trust", "url": "#", "change": "agency"},
            {"key": "Trainers", "value": "Two trainers from the training pool"},
        ],
        "choices": [{"value": v, "text": t, "kind": k, "chosen": v == "here"} for v, t, k in marks],
        "unmarked": [{"value": v, "text": t, "kind": k, "chosen": False} for v, t, k in marks],
    }


def figures() -> dict[str, Any]:
    """Tiles, bars and charts."""
    points = [charts.Point(label, value) for label, value in zip(QUARTERS, ABSENT, strict=True)]
    changes = [charts.Change(*row) for row in SCORES]
    people = [("Schools and colleges", 124, "+21"), ("Police", 22, "+1"), ("Voluntary and community sector", 3, "−3")]
    line, change = "Share of booked people who did not attend", "Average confidence before, after and 3 months on"
    return {
        "stats": [
            {"label": "People who attended", "value": "401", "change": "38 more than last quarter", "direction": "up"},
            {
                "label": "Places filled",
                "value": "83%",
                "of": "486",
                "change": "4 points lower",
                "direction": "down",
                "tone": "good",
            },
            {"label": "Did not attend", "value": "6.7%", "change": "no change", "direction": "same", "tone": "warn"},
            {"label": "3-month survey replies", "value": "41%", "change": "29 waiting", "tone": "info"},
        ],
        "bars": [{"label": n, "value": v, "extra": x, "share": charts.bar_share(v, 124)} for n, v, x in people],
        "line": charts.line_chart(points, title=line, unit="%", target=5),
        "line_narrow": charts.line_chart(points, title=line, unit="%", target=5, narrow=True),
        "line_rows": [
            [label, "Not shown" if value is None else f"{value}%"]
            for label, value in zip(QUARTERS, ABSENT, strict=True)
        ],
        "change": charts.change_chart(changes, title=change),
        "change_narrow": charts.change_chart(changes, title=change, narrow=True),
        "change_rows": [[name, *("None" if score is None else score for score in scores)] for name, *scores in SCORES],
    }


def sample_values() -> dict[str, Any]:
    """Everything the gallery shows, its form in the state of errors."""
    return {
        "form": SampleForm({"held_day": "31", "held_month": "2", "held_year": "2026", "email": "office"}),
        "clean_form": SampleForm(prefix="clean"),
        "cards": cards(),
        "filters": filters(),
        "facts": facts(),
        "lists": lists(),
        "figures": figures(),
        "page_obj": Paginator(range(400), 20).get_page(7),
        "session_start": at(3, 12, 9, 30),
        "long_name": LONG_NAME,
        "chips": [{"label": "Level 3", "remove_url": "#"}, {"label": "Next 3 months", "remove_url": "#"}],
        "subnav": [{"label": "By date", "url": "#", "current": True}, {"label": "By course", "url": "#"}],
        "search": {"action": "", "label": "Search by course, topic or venue"},
        "tags": ["Level 3", "Groups 3, 4 and 5", "Face to face"],
        "actions": [{"url": "#", "text": "Add a date"}, {"url": "#", "text": "Book for someone", "secondary": True}],
        "book": {"url": "#", "text": "Book your place"},
        "calendar": {"url": "#", "text": "Add to my calendar"},
        "orders": [
            {"value": "date", "label": "Date, soonest first", "chosen": True},
            {"value": "title", "label": "Title"},
        ],
        "headings": ["Quarter", "Did not attend"],
        "change_headings": ["Course", "Before", "Straight after", "3 months on"],
        "points": ["24 people are told", "the date cannot be opened again"],
    }
