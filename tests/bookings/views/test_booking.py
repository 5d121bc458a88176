"""Booking a place: three short pages, asked for once, kept between the steps."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from agencies.models import Person
from bookings.enums import BookingStatus
from bookings.models import Booking, BookingNeeds
from core.models import OutboxMessage, Partnership
from courses.enums import ManagerApproval, SessionStatus
from courses.models import CourseSession
from tests.factories import (
    BookingFactory,
    CourseFactory,
    SessionFactory,
    UserFactory,
    host_for,
    person_with_account,
    sign_in,
)

As = Callable[[Person], Client]
NEEDS = {"access": ["large_print"], "other": "", "diet": "No nuts"}


@pytest.fixture
def session(partnership: Partnership) -> CourseSession:
    course = CourseFactory(partnership=partnership, title="Core Working Together")
    return SessionFactory(partnership=partnership, course=course, ref="CWT-1", refreshment_cost=120)


def text_of(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def confirm(client: Client, ref: str = "CWT-1", **answers: Any) -> HttpResponse:
    """From the questions to the confirm button, as a browser does it."""
    client.post(f"/book/{ref}/needs/", {**NEEDS, **answers})
    page = client.get(f"/book/{ref}/check/").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(submission_id|place_seen)" value="([^"]*)"', page))
    return client.post(f"/book/{ref}/check/", {**hidden, "declaration": "on"}, follow=True)


def test_three_requests_from_questions_to_booked(as_: As, session: CourseSession, learner: Person) -> None:
    client = as_(learner)
    assert client.get("/book/CWT-1/").headers["Location"] == "/book/CWT-1/needs/"
    done = confirm(client)
    booking = Booking.objects.get()
    assert (booking.person, booking.status, booking.place_number) == (learner, BookingStatus.BOOKED, 1)
    page = text_of(done)
    assert "You are booked" in page
    assert booking.reference in page
    assert "We have emailed you, with a calendar file attached." in page
    needs = BookingNeeds.objects.get()
    assert (needs.access, needs.diet) == (["large_print"], "No nuts")


def test_the_questions_say_what_is_missing(as_: As, session: CourseSession, learner: Person) -> None:
    response = as_(learner).post("/book/CWT-1/needs/", {})
    page = text_of(response)
    assert "<title>Error: What you need on the day" in page
    assert '<a href="#id_access_0">Select what you need, or “No, none of these”</a>' in page
    assert "Error:</span> Select what you need" in page


def test_none_of_these_excludes_the_others(as_: As, session: CourseSession, learner: Person) -> None:
    response = as_(learner).post("/book/CWT-1/needs/", {"access": ["none", "large_print"]})
    assert "not both" in text_of(response)


def test_nothing_needed_keeps_nothing(as_: As, session: CourseSession, learner: Person) -> None:
    confirm(as_(learner), access=["none"], diet="")
    assert Booking.objects.count() == 1
    assert BookingNeeds.objects.count() == 0


def test_food_is_asked_only_where_there_is_some_and_room_needs_only_in_rooms(
    as_: As, partnership: Partnership, learner: Person
) -> None:
    SessionFactory(partnership=partnership, ref="ONLINE", mode="virtual", venue=None)
    page = text_of(as_(learner).get("/book/ONLINE/needs/"))
    assert "Food allergies" not in page
    assert "Captions" in page
    assert "Step-free" not in page


def test_answers_are_kept_when_one_goes_back(as_: As, session: CourseSession, learner: Person) -> None:
    client = as_(learner)
    client.post("/book/CWT-1/needs/", NEEDS)
    page = text_of(client.get("/book/CWT-1/needs/"))
    assert "No nuts</textarea>" in page
    assert re.search(r'<input[^>]*value="large_print"[^>]* checked', page)


def test_check_your_answers_states_agency_needs_and_the_exact_charge(
    as_: As, session: CourseSession, learner: Person
) -> None:
    client = as_(learner)
    client.post("/book/CWT-1/needs/", NEEDS)
    page = text_of(client.get("/book/CWT-1/check/"))
    for words in ("Oakfield Primary School", "Large print or slides in advance", "No nuts", "Confirm booking"):
        assert words in page
    assert "You can cancel free until" in page
    assert "your agency is charged £50." in page


def test_check_before_the_questions_leads_to_the_questions(as_: As, session: CourseSession, learner: Person) -> None:
    assert as_(learner).get("/book/CWT-1/check/").headers["Location"] == "/book/CWT-1/needs/"


def test_sending_the_form_twice_books_once_and_shows_the_first_result(
    as_: As, session: CourseSession, learner: Person
) -> None:
    client = as_(learner)
    client.post("/book/CWT-1/needs/", NEEDS)
    sent = {"submission_id": "5f0c5f5e-0000-4000-8000-000000000001", "place_seen": "True"}
    first = client.post("/book/CWT-1/check/", sent)
    again = client.post("/book/CWT-1/check/", sent)
    assert Booking.objects.count() == 1
    result = f"/my/bookings/{Booking.objects.get().reference}/done/"
    assert [first.headers["Location"], again.headers["Location"]] == [result, result]


def test_the_last_place_gone_meanwhile_says_so_and_keeps_the_answers(
    as_: As, session: CourseSession, learner: Person
) -> None:
    CourseSession.objects.update(capacity=1)
    client = as_(learner)
    client.post("/book/CWT-1/needs/", NEEDS)
    page = client.get("/book/CWT-1/check/").content.decode()
    number = re.search(r'name="submission_id" value="([^"]+)"', page)
    BookingFactory(session=session)
    done = client.post("/book/CWT-1/check/", {"submission_id": number[1], "place_seen": "True"}, follow=True)  # type: ignore[index]
    page = text_of(done)
    assert "You are number 1 on the waiting list" in page
    assert "The last place has just gone." in page
    assert BookingNeeds.objects.get().diet == "No nuts"


def test_a_full_date_says_beforehand_that_one_will_wait(as_: As, session: CourseSession, learner: Person) -> None:
    CourseSession.objects.update(capacity=1)
    BookingFactory(session=session)
    client = as_(learner)
    client.post("/book/CWT-1/needs/", NEEDS)
    page = text_of(client.get("/book/CWT-1/check/"))
    assert "You join the waiting list" in page
    assert "Join the waiting list</button>" in page
    done = text_of(confirm(client))
    assert "You are number 1 on the waiting list" in done
    assert "The last place has just gone" not in done


@pytest.mark.parametrize("mode", [ManagerApproval.DECLARATION, ManagerApproval.EMAIL])
def test_the_manager_s_support_is_declared_where_the_course_asks_for_it(
    as_: As, session: CourseSession, learner: Person, mode: str
) -> None:
    session.course.manager_approval = mode
    session.course.save()
    client = as_(learner)
    client.post("/book/CWT-1/needs/", NEEDS)
    refused = client.post("/book/CWT-1/check/", {"submission_id": "5f0c5f5e-0000-4000-8000-000000000001"})
    assert '<a href="#id_declaration">Confirm that your line manager agrees that you go</a>' in text_of(refused)
    assert Booking.objects.count() == 0
    confirm(client)
    assert Booking.objects.count() == 1


def test_a_date_cancelled_meanwhile_is_refused_on_the_same_page(
    as_: As, session: CourseSession, learner: Person
) -> None:
    client = as_(learner)
    client.post("/book/CWT-1/needs/", NEEDS)
    CourseSession.objects.update(status=SessionStatus.CANCELLED)
    sent = client.post("/book/CWT-1/check/", {"submission_id": "5f0c5f5e-0000-4000-8000-000000000001"})
    assert "This date was cancelled. Choose another date." in text_of(sent)
    assert Booking.objects.count() == 0


def test_whoever_cannot_book_reads_the_reason_and_a_way_on(as_: As, session: CourseSession, learner: Person) -> None:
    CourseSession.objects.update(status=SessionStatus.CANCELLED)
    page = text_of(as_(learner).get("/book/CWT-1/"))
    assert "You cannot book this date" in page
    assert "This date was cancelled." in page
    assert "Find other training" in page


def test_whoever_is_booked_already_is_led_to_that_booking(as_: As, session: CourseSession, learner: Person) -> None:
    booking = BookingFactory(session=session, person=learner)
    for step in ("", "needs/", "check/"):
        assert as_(learner).get(f"/book/CWT-1/{step}").headers["Location"] == f"/my/bookings/{booking.reference}/"


def test_sign_in_is_asked_only_here_and_returns_to_the_same_step(client: Client, session: CourseSession) -> None:
    response = client.get("/book/CWT-1/")
    assert response.headers["Location"] == "/accounts/login/?next=/book/CWT-1/"


def test_a_new_account_gives_its_details_first_and_comes_back(client: Client, session: CourseSession) -> None:
    response = sign_in(client, UserFactory(email="new@oakfield.example")).get("/book/CWT-1/")
    assert response.headers["Location"] == "/my/details/?next=%2Fbook%2FCWT-1%2F"


def test_the_confirmation_belongs_to_its_person(
    client: Client, partnership: Partnership, session: CourseSession, learner: Person
) -> None:
    booking = BookingFactory(session=session, person=learner)
    other = person_with_account(partnership)
    assert sign_in(client, other).get(f"/my/bookings/{booking.reference}/done/").status_code == 404


def test_booking_tells_the_person_by_mail(as_: As, session: CourseSession, learner: Person) -> None:
    confirm(as_(learner))
    assert OutboxMessage.objects.filter(kind="booked", recipient=learner.email).count() == 1


@pytest.mark.parametrize("others", [1, 3])
def test_confirming_costs_thirteen_statements_however_many_are_booked(
    as_: As, session: CourseSession, learner: Person, django_assert_num_queries: Any, others: int
) -> None:
    """And the two savepoints that stand for the transactions of a test."""
    host_for(session.partnership, "testserver")
    BookingFactory.create_batch(others, session=session)
    client = as_(learner)
    client.post("/book/CWT-1/needs/", {"access": ["none"]})
    sent = {"submission_id": "5f0c5f5e-0000-4000-8000-000000000001", "place_seen": "True"}
    with django_assert_num_queries(13 + 4):
        client.post("/book/CWT-1/check/", sent)
