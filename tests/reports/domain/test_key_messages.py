"""The sentences worked out from the figures until somebody writes better ones."""

from __future__ import annotations

import datetime as dt

import pytest

from agencies.enums import Sector
from bookings.enums import BookingStatus as S
from core.models import Partnership
from reports.domain.key_messages import work_out_messages
from reports.figures import quarterly_figures
from tests.factories import AgencyFactory, CourseFactory, PartnershipFactory
from tests.reports.builders import QUARTER, booked, evaluate, follow_up, held

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory()


def messages(partnership: Partnership) -> list[str]:
    return work_out_messages(quarterly_figures(partnership, QUARTER))


def test_a_quarter_without_training_says_so(partnership: Partnership) -> None:
    assert messages(partnership) == ["No training was held. There are no figures to report for this quarter."]


def test_a_first_quarter_is_compared_with_nothing(partnership: Partnership) -> None:
    booked(held(partnership), S.ATTENDED, 1)
    assert messages(partnership) == [
        "The first quarter with figures. 1 person attended.",
        "Everyone expected came. Nobody was absent.",
    ]


@pytest.mark.parametrize(
    ("before", "now", "wanted"),
    [
        (
            (20, 0),
            (30, 10),
            [
                "Attendance is up. 30 people attended, 10 more than last quarter. "
                "The biggest rise was in Police, by 10.",
                "Non-attendance is up. 25% of those expected did not come, or came too late, "
                "25 points higher than last quarter.",
            ],
        ),
        (
            (20, 20),
            (10, 10),
            [
                "Attendance is down. 10 people attended, 10 fewer than last quarter.",
                "Non-attendance has not changed. 50% of those expected did not come, or came too late, "
                "as in the last quarter.",
            ],
        ),
        (
            (20, 0),
            (8, 1),
            [
                "Attendance is down. 8 people attended, 12 fewer than last quarter.",
                "Not everyone came. 1 of 9 people expected did not come, or came too late.",
            ],
        ),
    ],
)
def test_a_quarter_is_compared_with_the_last_one(
    partnership: Partnership, before: tuple[int, int], now: tuple[int, int], wanted: list[str]
) -> None:
    police = AgencyFactory(partnership=partnership, sector=Sector.POLICE)
    for day, (attended, absent) in (("2025-01-20 09:30", before), ("2025-05-09 09:30", now)):
        session = held(partnership, day)
        booked(session, S.ATTENDED, attended, police)
        booked(session, S.DID_NOT_ATTEND, absent, police)
    assert messages(partnership) == wanted


def test_what_people_learned_is_said_once_enough_have_answered(partnership: Partnership) -> None:
    for booking in booked(held(partnership), S.ATTENDED, 10):
        evaluate(booking, before=5, after=8)
    assert messages(partnership)[-1] == "Confidence rose. It was 8.0 out of 10 after the course and 5.0 before."
    for booking in booked(held(partnership, "2025-01-20 09:30"), S.ATTENDED, 10):
        evaluate(booking, before=5, after=8)
        follow_up(booking, dt.date(2025, 4, 20), later=7)
    assert messages(partnership)[-1] == (
        "Learning is reaching practice. 3 months on, average confidence was 7.0 out of 10, up from 5.0 before."
    )


def test_a_priority_nothing_served_is_called_out(partnership: Partnership) -> None:
    booked(held(partnership), S.ATTENDED, 1)
    CourseFactory(partnership=partnership, priorities=["Early help", "Neglect"])
    assert messages(partnership)[-1] == (
        "Not every priority was served. No session was held for Early help or Neglect."
    )
