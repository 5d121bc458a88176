"""Find training: what is listed, filtered, counted and sorted, and what it costs the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from agencies.models import Person
from bookings.enums import BookingStatus
from core.models import Partnership
from courses.enums import SessionStatus
from courses.models import CourseSession
from tests.factories import (
    BookingFactory,
    CourseFactory,
    FrameworkFactory,
    GroupFactory,
    SessionFactory,
    VenueFactory,
    host_for,
    in_days,
)

As = Callable[[Person], Client]


@pytest.fixture
def levels(partnership: Partnership) -> list[Any]:
    framework = FrameworkFactory(partnership=partnership, code="main", tier_word="Level")
    return [GroupFactory(framework=framework, code=str(number), order=number) for number in (1, 2, 3)]


def titles(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/training/{query}")
    assert response.status_code == 200
    return [card["title"] for _, cards in response.context["months"] for card in cards]


def date_of(partnership: Partnership, title: str, days: int = 30, **details: Any) -> CourseSession:
    course = {name.removeprefix("course__"): details.pop(name) for name in list(details) if name.startswith("course__")}
    made = CourseFactory(partnership=partnership, title=title, **course)
    return SessionFactory(partnership=partnership, course=made, starts_at=in_days(days), **details)


def test_lists_only_dates_that_may_still_be_booked(client: Client, partnership: Partnership) -> None:
    date_of(partnership, "Open")
    date_of(partnership, "Begun", days=-1)
    date_of(partnership, "Cancelled", status=SessionStatus.CANCELLED)
    date_of(partnership, "Draft", course__state="draft")
    assert titles(client) == ["Open"]


def test_dates_stand_under_their_months_soonest_first(client: Client, partnership: Partnership) -> None:
    date_of(partnership, "Second", days=70)
    date_of(partnership, "First", days=5)
    months = client.get("/training/").context["months"]
    assert [[card["title"] for card in cards] for _, cards in months] == [["First"], ["Second"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=neglect", ["Neglect"]),
        ("?q=NEG%20river", ["Neglect"]),
        ("?q=fire", []),
        ("?q=early+help", ["Lead"]),
        ("?level=main.2", ["Lead"]),
        ("?level=main.2&level=main.3", ["Neglect", "Lead"]),
        ("?how=virtual", ["Lead"]),
        ("?topic=early-help", ["Lead"]),
        ("?when=soon", ["Neglect"]),
        ("?when=later", ["Lead"]),
        ("?strand=adults", ["Lead"]),
        ("?places=left", ["Lead"]),
        ("?level=main.3&how=virtual", []),
        ("?sort=title", ["Lead", "Neglect"]),
        ("?sort=places", ["Lead", "Neglect"]),
    ],
)
def test_filters_and_orders(
    client: Client, partnership: Partnership, levels: list[Any], query: str, found: list[str]
) -> None:
    venue = VenueFactory(partnership=partnership, name="Riverside Hall")
    neglect = date_of(partnership, "Neglect", venue=venue, capacity=1, course__groups=[levels[2]])
    BookingFactory(session=neglect)
    date_of(
        partnership,
        "Lead",
        days=200,
        course__groups=[levels[1]],
        course__priorities=["Early help"],
        course__mode="virtual",
        course__strand="adults",
    )
    assert titles(client, query) == found


@pytest.mark.parametrize(
    "query",
    [
        "?level=none.9",
        "?level=",
        "?when=yesterday",
        "?how=by-post",
        "?sort=upside-down",
        "?page=abc",
        "?page=-4",
        "?q=%00",
    ],
)
def test_what_is_unknown_in_the_address_is_ignored(client: Client, partnership: Partnership, query: str) -> None:
    date_of(partnership, "Open")
    assert titles(client, query) == ["Open"]


def test_an_unknown_value_beside_a_known_one_is_dropped(
    client: Client, partnership: Partnership, levels: list[Any]
) -> None:
    date_of(partnership, "Level 3", course__groups=[levels[2]])
    date_of(partnership, "Level 2", course__groups=[levels[1]])
    assert titles(client, "?level=main.3&level=nonsense") == ["Level 3"]


def test_each_option_says_how_many_dates_it_would_show(
    client: Client, partnership: Partnership, levels: list[Any]
) -> None:
    date_of(partnership, "A", course__groups=[levels[1], levels[2]])
    date_of(partnership, "B", course__groups=[levels[2]], course__mode="virtual")
    groups = {group["name"]: group["options"] for group in client.get("/training/?how=virtual").context["groups"]}
    assert [(option["label"], option["count"]) for option in groups["level"]] == [("Level 3", 1)]
    assert [(option["label"], option["count"]) for option in groups["how"]] == [
        ("Face to face", 1),
        ("Online, live", 1),
    ]


def test_a_chip_for_each_filter_leads_to_the_list_without_it(
    client: Client, partnership: Partnership, levels: list[Any]
) -> None:
    date_of(partnership, "A", course__groups=[levels[2]])
    chips = client.get("/training/?level=main.3&when=soon&q=A&page=2").context["chips"]
    assert [(chip["label"], chip["remove_url"]) for chip in chips] == [
        ("Level 3", "/training/?when=soon&q=A"),
        ("Next 3 months", "/training/?level=main.3&q=A"),
        ("“A”", "/training/?level=main.3&when=soon"),
    ]


def test_a_card_says_the_places_left_and_who_waits(client: Client, partnership: Partnership) -> None:
    session = date_of(partnership, "Small", capacity=3)
    BookingFactory(session=session)
    BookingFactory(session=session, status=BookingStatus.CANCELLED)
    assert "2 places left" in client.get("/training/").content.decode()
    BookingFactory.create_batch(2, session=session)
    BookingFactory.create_batch(2, session=session, status=BookingStatus.WAITING)
    page = client.get("/training/").content.decode()
    assert "<strong>Full</strong>" in page
    assert "2 people waiting" in page


def test_ones_own_booking_takes_the_place_of_the_call_to_book(
    as_: As, partnership: Partnership, learner: Person
) -> None:
    booked = BookingFactory(session=date_of(partnership, "Mine"), person=learner)
    BookingFactory(session=date_of(partnership, "Queue", days=40), person=learner, status=BookingStatus.WAITING)
    page = as_(learner).get("/training/").content.decode()
    assert page.count("You are booked") == 1
    assert page.count("You are on the waiting list") == 1
    assert f"/my/bookings/{booked.reference}/" in page


def test_another_person_sees_nothing_of_that_booking(client: Client, partnership: Partnership, learner: Person) -> None:
    BookingFactory(session=date_of(partnership, "Mine"), person=learner)
    assert "You are booked" not in client.get("/training/").content.decode()


def test_twenty_dates_a_page(client: Client, partnership: Partnership) -> None:
    course = CourseFactory(partnership=partnership)
    SessionFactory.create_batch(23, partnership=partnership, course=course)
    assert len(titles(client)) == 20
    assert len(titles(client, "?page=2")) == 3
    assert client.get("/training/").context["heading"] == "23 dates"


def test_nothing_found_says_so_and_offers_a_way_on(client: Client, partnership: Partnership) -> None:
    date_of(partnership, "Open")
    page = client.get("/training/?q=nothing+like+this").content.decode()
    assert "No dates match. Remove a filter, or ask to be told" in page
    assert 'role="status"' in page


def test_an_empty_programme_says_so(client: Client, partnership: Partnership) -> None:
    assert "No dates are open yet. Ask to be told when they are." in client.get("/training/").content.decode()


def _dates(partnership: Partnership, number: int) -> None:
    group = GroupFactory(partnership=partnership)
    course = CourseFactory(partnership=partnership, groups=[group], priorities=["Neglect", "Core"])
    venue = VenueFactory(partnership=partnership)
    SessionFactory.create_batch(number, partnership=partnership, course=course, venue=venue, parts=[])
    for session in CourseSession.objects.all()[:3]:
        BookingFactory(session=session)


@pytest.mark.parametrize("number", [1, 30, 50, 500])
def test_a_visitor_costs_four_statements_however_many_dates(
    client: Client, partnership: Partnership, django_assert_num_queries: Any, number: int
) -> None:
    host_for(partnership, "testserver")
    _dates(partnership, number)
    with django_assert_num_queries(4):
        assert client.get("/training/?q=core").status_code == 200


@pytest.mark.parametrize("number", [1, 50])
def test_a_signed_in_person_costs_four_more_for_who_they_are(
    as_: As, partnership: Partnership, learner: Person, django_assert_num_queries: Any, number: int
) -> None:
    host_for(partnership, "testserver")
    _dates(partnership, number)
    client = as_(learner)
    with django_assert_num_queries(8):
        assert client.get("/training/").status_code == 200
