"""The page of one date: what it says, what it costs, when it cannot be booked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agencies.models import Agency, Person
from bookings.domain.notice import last_free_day
from bookings.enums import BookingStatus
from bookings.models import ChargingPolicy
from core.models import Partnership
from core.templatetags.archway import london_date
from courses.enums import SessionStatus
from courses.models import CourseSession
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    CourseFactory,
    SessionFactory,
    deliver,
    in_days,
    person_with_account,
)

As = Callable[[Person], Client]


@pytest.fixture
def session(partnership: Partnership) -> CourseSession:
    course = CourseFactory(partnership=partnership, code="CWT", title="Core Working Together")
    return SessionFactory(partnership=partnership, course=course, ref="CWT-260312", refreshment_cost=120)


def page_of(client: Client, ref: str = "CWT-260312") -> str:
    response = client.get(f"/training/sessions/{ref}/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def free_until(session: CourseSession) -> str:
    policy = ChargingPolicy.objects.get()
    day = last_free_day(policy=policy, first_day=session.first_day, nation=session.partnership.nation)
    return london_date(day).rsplit(" ", 1)[0]


def test_a_visitor_reads_what_when_where_and_until_when_cancelling_is_free(
    client: Client, session: CourseSession
) -> None:
    page = page_of(client)
    for words in (
        '<h1 class="govuk-heading-xl">Core Working Together</h1>',
        london_date(session.starts_at),
        "9:30am to 4:30pm",
        session.venue.name,
        "24 places left",
        "Book your place",
        f"Cancel free until {free_until(session)}",
        "an agency is charged £50.",
        "Free for partner agencies",
        "Up to £100 for other organisations",
    ):
        assert words in page
    assert "Before you book" not in page


def test_a_learner_reads_what_their_own_agency_pays(as_: As, session: CourseSession, learner: Person) -> None:
    page = page_of(as_(learner))
    assert "Free for your agency" in page
    assert "After that, or if you do not attend, your agency is charged £50." in page
    assert "Before you book" in page


def test_a_paying_agency_reads_the_higher_of_fee_and_absence(
    as_: As, partnership: Partnership, session: CourseSession
) -> None:
    private = person_with_account(partnership, agency=AgencyFactory(partnership=partnership, tier="F"))
    page = page_of(as_(private))
    assert "£100 for your agency" in page
    assert "your agency is charged £100." in page


def test_after_the_last_free_day_the_page_says_so(client: Client, partnership: Partnership) -> None:
    SessionFactory(partnership=partnership, ref="SOON", starts_at=in_days(1))
    assert "The last day to cancel free was" in page_of(client, "SOON")


def test_without_a_policy_cancelling_is_free(client: Client, session: CourseSession) -> None:
    ChargingPolicy.objects.all().delete()
    assert "Cancelling is free" in page_of(client)


def test_a_full_date_offers_the_waiting_list(client: Client, session: CourseSession) -> None:
    CourseSession.objects.update(capacity=1)
    BookingFactory(session=session)
    BookingFactory(session=session, status=BookingStatus.WAITING)
    page = page_of(client)
    assert "Join the waiting list" in page
    assert "1 person is waiting." in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": SessionStatus.CANCELLED, "cancelled_reason": "The trainer is ill."}, "This date was cancelled."),
        ({"status": SessionStatus.HELD}, "This date has passed or has begun already."),
        ({"starts_at": in_days(-2), "ends_at": in_days(-2, "16:30")}, "This date has passed or has begun already."),
    ],
)
def test_a_date_that_is_over_has_a_banner_and_no_button(
    client: Client, session: CourseSession, changes: dict[str, Any], words: str
) -> None:
    CourseSession.objects.update(**changes)
    page = page_of(client)
    assert words in page
    assert "/book/" not in page
    assert changes.get("cancelled_reason", "") in page


def test_whoever_has_a_booking_is_led_to_it(as_: As, session: CourseSession, learner: Person) -> None:
    booking = BookingFactory(session=session, person=learner)
    page = page_of(as_(learner))
    assert "You are booked." in page
    assert f"/my/bookings/{booking.reference}/" in page
    assert "/book/" not in page


def test_someone_without_an_agency_reads_why_there_is_no_button(
    as_: As, partnership: Partnership, session: CourseSession
) -> None:
    person = person_with_account(partnership)
    person.employments.all().delete()
    page = page_of(as_(person))
    assert "We do not know your agency" in page
    assert "/book/" not in page


def test_other_dates_of_the_same_course_only(client: Client, partnership: Partnership, session: CourseSession) -> None:
    SessionFactory(partnership=partnership, course=session.course, ref="OTHER", starts_at=in_days(90))
    SessionFactory(partnership=partnership, ref="ELSEWHERE", starts_at=in_days(90))
    page = page_of(client)
    assert "/training/sessions/OTHER/" in page
    assert "/training/sessions/ELSEWHERE/" not in page


def test_trainers_are_named_by_agency_and_never_by_name(
    client: Client, session: CourseSession, trainer: Person, school: Agency
) -> None:
    deliver(session, trainer)
    page = page_of(client)
    assert "1 trainer, from Oakfield Primary School" in page
    assert trainer.name not in page


def test_a_session_of_several_days_names_each_day(client: Client, partnership: Partnership) -> None:
    days = [(in_days(40), in_days(40, "16:30")), (in_days(47), in_days(47, "16:30"))]
    SessionFactory(partnership=partnership, ref="TWO", starts_at=days[0][0], ends_at=days[1][1], parts=days)
    page = page_of(client, "TWO")
    assert "and 1 more day" in page
    assert page.count("9:30am to 4:30pm</li>") == 2


def test_a_draft_or_missing_date_is_not_found(client: Client, partnership: Partnership) -> None:
    SessionFactory(partnership=partnership, ref="DRAFT", course__state="draft")
    assert client.get("/training/sessions/DRAFT/").status_code == 404
    assert client.get("/training/sessions/NONE/").status_code == 404


def test_a_reference_with_a_slash_has_a_page(client: Client, partnership: Partnership) -> None:
    SessionFactory(partnership=partnership, ref="NEG/25/01")
    assert "/training/sessions/NEG/25/01/" in client.get("/training/").content.decode()
    page_of(client, "NEG/25/01")


@pytest.mark.parametrize("others", [1, 3])
def test_the_same_statements_however_many_bookings_and_dates(
    client: Client, session: CourseSession, django_assert_num_queries: Any, others: int
) -> None:
    for number in range(others):
        BookingFactory(session=session)
        SessionFactory(partnership=session.partnership, course=session.course, starts_at=in_days(90 + number))
    with django_assert_num_queries(9):
        page_of(client)
    assert timezone.now() < session.starts_at
