"""Courses A to Z, one course, the calendar, e-learning and the calendar feed."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from icalendar import Calendar

from core.models import Partnership
from courses.enums import CourseState, Mode
from tests.factories import CourseFactory, GroupFactory, SessionFactory, VenueFactory, host_for, in_days


def text_of(response: HttpResponse) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_published_courses_stand_under_their_letters_with_the_next_date(
    client: Client, partnership: Partnership
) -> None:
    neglect = CourseFactory(partnership=partnership, title="Neglect")
    CourseFactory(partnership=partnership, title="Core")
    CourseFactory(partnership=partnership, title="Old", state=CourseState.RETIRED)
    CourseFactory(partnership=partnership, title="Online", mode=Mode.E_LEARNING)
    for days in (-3, 20, 10):
        SessionFactory(partnership=partnership, course=neglect, starts_at=in_days(days))
    response = client.get("/training/courses/")
    letters = response.context["letters"]
    assert [(letter, [line["title"] for line in lines]) for letter, lines in letters] == [
        ("C", ["Core"]),
        ("N", ["Neglect"]),
    ]
    assert (letters[1][1][0]["dates"], letters[1][1][0]["next_date"]) == (2, in_days(10))
    assert "No dates yet" in text_of(response)


def test_a_course_shows_its_outcomes_what_to_do_first_and_its_dates(client: Client, partnership: Partnership) -> None:
    basic = CourseFactory(partnership=partnership, title="Basic awareness", code="BAS")
    course = CourseFactory(partnership=partnership, title="Core", code="CWT", prerequisites=[basic])
    SessionFactory(partnership=partnership, course=course, ref="CWT-1")
    page = text_of(client.get("/training/courses/CWT/"))
    for words in (
        course.learning_outcomes[0],
        "Basic awareness</a>",
        "/training/sessions/CWT-1/",
        "Renew every 3 years",
    ):
        assert words in page
    assert "Core</a>" in text_of(client.get("/training/courses/BAS/"))


def test_a_course_without_dates_says_whom_to_ask(client: Client, partnership: Partnership) -> None:
    CourseFactory(partnership=partnership, code="CWT")
    page = text_of(client.get("/training/courses/CWT/"))
    assert "No dates yet." in page
    assert "mailto:training@wrenshire.example" in page


def test_a_retired_course_keeps_its_page_and_a_draft_has_none(client: Client, partnership: Partnership) -> None:
    CourseFactory(partnership=partnership, code="OLD", state=CourseState.RETIRED)
    CourseFactory(partnership=partnership, code="NEW", state=CourseState.DRAFT)
    assert "This course is no longer offered" in text_of(client.get("/training/courses/OLD/"))
    assert client.get("/training/courses/NEW/").status_code == 404


def test_e_learning_has_its_own_list(client: Client, partnership: Partnership) -> None:
    CourseFactory(partnership=partnership, title="Prevent awareness", mode=Mode.E_LEARNING, length="e_learning")
    CourseFactory(partnership=partnership, title="Face to face")
    page = text_of(client.get("/training/e-learning/"))
    assert "Prevent awareness" in page
    assert "Face to face" not in page


@pytest.mark.parametrize(
    ("query", "shown"), [("", "FIRST"), ("{second}", "SECOND"), ("?month=1999-01", "FIRST"), ("?month=%00", "FIRST")]
)
def test_the_calendar_shows_the_month_asked_for_or_the_next_with_dates(
    client: Client, partnership: Partnership, query: str, shown: str
) -> None:
    venue = VenueFactory(partnership=partnership)
    for ref, days in (("FIRST", 40), ("SECOND", 100)):
        SessionFactory(partnership=partnership, ref=ref, starts_at=in_days(days), venue=venue)
    page = text_of(client.get("/training/calendar/" + query.format(second=f"?month={in_days(100):%Y-%m}")))
    assert f"/training/sessions/{shown}/" in page
    assert page.count('class="app-session"') == 1


def test_an_empty_calendar_says_so(client: Client, partnership: Partnership) -> None:
    assert "No dates are open yet." in text_of(client.get("/training/calendar/"))


def test_the_feed_has_an_event_for_each_sitting_in_london_time(client: Client, partnership: Partnership) -> None:
    host_for(partnership, "testserver")
    days = [(in_days(40), in_days(40, "16:30")), (in_days(47), in_days(47, "16:30"))]
    SessionFactory(
        partnership=partnership, ref="TWO", starts_at=days[0][0], ends_at=days[1][1], parts=days, course__title="Core"
    )
    SessionFactory(partnership=partnership, ref="PAST", starts_at=in_days(-1))
    response = client.get("/training/calendar.ics")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    feed = Calendar.from_ical(response.content)
    assert feed["METHOD"] == "PUBLISH"
    events = list(feed.walk("VEVENT"))
    assert [(str(event["SUMMARY"]), event.decoded("DTSTART")) for event in events] == [
        ("Core", in_days(40)),
        ("Core", in_days(47)),
    ]
    assert [str(event["UID"]).split("@")[0] for event in events] == [
        f"session-{partnership.slug}-TWO-1",
        f"session-{partnership.slug}-TWO-2",
    ]
    assert str(events[0]["URL"]) == "http://testserver:8000/training/sessions/TWO/"


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("address", "statements"),
    [
        ("/training/courses/", 3),
        ("/training/courses/CWT/", 7),
        ("/training/e-learning/", 3),
        ("/training/calendar/", 4),
        ("/training/calendar.ics", 4),
    ],
)
def test_the_same_statements_however_long_the_list(
    client: Client,
    partnership: Partnership,
    django_assert_num_queries: Any,
    address: str,
    statements: int,
    number: int,
) -> None:
    host_for(partnership, "testserver")
    group = GroupFactory(partnership=partnership)
    course = CourseFactory(partnership=partnership, code="CWT", groups=[group])
    for _ in range(number):
        SessionFactory(partnership=partnership, course=course)
        CourseFactory(partnership=partnership, groups=[group])
        CourseFactory(partnership=partnership, mode=Mode.E_LEARNING, groups=[group])
    with django_assert_num_queries(statements):
        assert client.get(address).status_code == 200
