"""What people said they learned, and when too few of them did to say it."""

from __future__ import annotations

import datetime as dt

import pytest

from bookings.enums import BookingStatus as S
from core.models import Partnership
from evaluations.models import Baseline
from reports.figures import quarterly_figures
from tests.factories import CourseFactory, PartnershipFactory
from tests.reports.builders import NOW, QUARTER, booked, evaluate, follow_up, held

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory()


@pytest.mark.parametrize(("people", "wanted"), [(9, None), (10, 8.0)])
def test_averages_need_10_people(partnership: Partnership, people: int, wanted: float | None) -> None:
    for booking in booked(held(partnership), S.ATTENDED, people):
        evaluate(booking, after=8)
    evaluations = quarterly_figures(partnership, QUARTER)["evaluations"]
    assert (evaluations["received"], evaluations["rate"]) == (people, 1.0)
    assert evaluations["confidence_after"] == wanted
    assert (evaluations["overall"], evaluations["would_recommend"]) == ((4.0, 9.0) if wanted else (None, None))


def test_confidence_before_is_that_of_booking_where_it_was_asked(partnership: Partnership) -> None:
    bookings = booked(held(partnership), S.ATTENDED, 10)
    for booking in bookings:
        evaluate(booking, before=6)
    for booking in bookings[:5]:
        Baseline.objects.create(booking=booking, recognise=3, act=4, agencies=5, answered_at=NOW)
    assert quarterly_figures(partnership, QUARTER)["evaluations"]["confidence_before"] == 5.0


def test_impact_is_that_of_surveys_due_in_the_quarter_and_of_the_same_people_each_time(
    partnership: Partnership,
) -> None:
    session = held(partnership, "2025-01-20 09:30", course=CourseFactory(partnership=partnership, code="NE310"))
    for number, booking in enumerate(booked(session, S.ATTENDED, 12)):
        evaluate(booking, before=4, after=9)
        follow_up(booking, dt.date(2025, 4, 20), later=7 if number < 10 else None)
    late = booked(session, S.ATTENDED)[0]
    follow_up(late, dt.date(2025, 7, 1), later=1)
    impact = quarterly_figures(partnership, QUARTER)["impact"]
    assert (impact["invited"], impact["answered"], impact["rate"], impact["paired"]) == (12, 10, 0.8333, 10)
    assert (impact["confidence_before"], impact["confidence_after"], impact["confidence_later"]) == (4.0, 9.0, 7.0)
    assert [(one["code"], one["replies"], one["confidence_later"]) for one in impact["courses"]] == [("NE310", 10, 7.0)]
    assert impact["used_learning"] == 10


def test_a_course_with_few_replies_gives_no_average_of_its_own(partnership: Partnership) -> None:
    for booking in booked(held(partnership, "2025-01-20 09:30"), S.ATTENDED, 9):
        evaluate(booking)
        follow_up(booking, dt.date(2025, 4, 20), later=7)
    impact = quarterly_figures(partnership, QUARTER)["impact"]
    assert (impact["answered"], impact["confidence_later"], impact["courses"]) == (9, None, [])
