"""One booking: its page, its calendar file, giving it up with the exact price."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from agencies.models import Person
from bookings.domain.notice import last_free_day
from bookings.enums import BookingStatus
from bookings.models import Booking, Charge, ChargingPolicy
from core.models import Partnership
from core.templatetags.archway import london_date
from tests.factories import (
    BookingFactory,
    CourseFactory,
    NeedsFactory,
    SessionFactory,
    in_days,
    person_with_account,
    sign_in,
)

As = Callable[[Person], Client]


@pytest.fixture
def booking(partnership: Partnership, learner: Person) -> Booking:
    course = CourseFactory(partnership=partnership, title="Core Working Together")
    return BookingFactory(session=SessionFactory(partnership=partnership, course=course), person=learner)


def text_of(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def free_until(booking: Booking) -> str:
    policy = ChargingPolicy.objects.get()
    first_day = booking.session.first_day
    return london_date(last_free_day(policy=policy, first_day=first_day, nation=booking.partnership.nation))


def test_the_page_says_when_where_what_one_needs_and_until_when_cancelling_is_free(
    as_: As, booking: Booking, learner: Person
) -> None:
    NeedsFactory(booking=booking, access=["large_print"], diet="No nuts")
    page = text_of(as_(learner).get(f"/my/bookings/{booking.reference}/"))
    for words in (
        booking.reference,
        booking.session.venue.name,
        booking.session.venue.travel,
        "Large print or slides in advance; No nuts",
        f"Cancel free until {free_until(booking).rsplit(' ', 1)[0]}",
        "your agency is charged £50.",
    ):
        assert words in page


def test_another_person_s_booking_and_a_missing_one_answer_alike(
    client: Client, partnership: Partnership, booking: Booking, administrator: Person
) -> None:
    for person in (person_with_account(partnership), administrator):
        sign_in(client, person)
        for tail in ("", "cancel/", "done/", "calendar.ics"):
            assert client.get(f"/my/bookings/{booking.reference}/{tail}").status_code == 404
        assert client.get("/my/bookings/ZZZZZZZZ/").status_code == 404


def test_the_calendar_file_is_an_invitation_with_london_s_zone(as_: As, booking: Booking, learner: Person) -> None:
    response = as_(learner).get(f"/my/bookings/{booking.reference}/calendar.ics")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    text = response.content.decode()
    assert "METHOD:REQUEST" in text
    assert "DTSTART;TZID=Europe/London:" in text
    assert f"UID:booking-{booking.reference}-1@" in text


def test_the_calendar_file_of_a_cancelled_booking_takes_the_event_out(
    as_: As, booking: Booking, learner: Person
) -> None:
    Booking.objects.update(status=BookingStatus.CANCELLED, place_number=None)
    assert "METHOD:CANCEL" in as_(learner).get(f"/my/bookings/{booking.reference}/calendar.ics").content.decode()


def test_cancelling_in_time_is_free_and_says_the_exact_last_day(as_: As, booking: Booking, learner: Person) -> None:
    client = as_(learner)
    page = text_of(client.get(f"/my/bookings/{booking.reference}/cancel/"))
    assert f"You can cancel free until {free_until(booking)}, so your agency is not charged." in page
    done = text_of(client.post(f"/my/bookings/{booking.reference}/cancel/", follow=True))
    assert "Your place on Core Working Together is cancelled. There is no charge." in done
    assert Booking.objects.get().status == BookingStatus.CANCELLED


def test_cancelling_late_says_the_exact_sum_before_and_after(
    as_: As, partnership: Partnership, learner: Person
) -> None:
    booking = BookingFactory(session=SessionFactory(partnership=partnership, starts_at=in_days(1)), person=learner)
    client = as_(learner)
    page = text_of(client.get(f"/my/bookings/{booking.reference}/cancel/"))
    assert f"The last day to cancel free was {free_until(booking)}." in page
    assert "If you cancel now, your agency will be charged £50." in page
    done = text_of(client.post(f"/my/bookings/{booking.reference}/cancel/", follow=True))
    assert "Your agency will be charged £50." in done
    assert Charge.objects.get().amount == 50


def test_someone_waiting_leaves_the_list_at_no_cost(as_: As, booking: Booking, learner: Person) -> None:
    Booking.objects.update(status=BookingStatus.WAITING, place_number=None)
    client = as_(learner)
    page = text_of(client.get(f"/my/bookings/{booking.reference}/cancel/"))
    assert "Leave the waiting list" in page
    assert "It costs nothing." in page
    done = text_of(client.post(f"/my/bookings/{booking.reference}/cancel/", follow=True))
    assert "You have left the waiting list for Core Working Together." in done


def test_looking_at_the_page_cancels_nothing(as_: As, booking: Booking, learner: Person) -> None:
    as_(learner).get(f"/my/bookings/{booking.reference}/cancel/")
    assert Booking.objects.get().status == BookingStatus.BOOKED


def test_a_session_that_has_begun_cannot_be_cancelled(as_: As, partnership: Partnership, learner: Person) -> None:
    session = SessionFactory(partnership=partnership, starts_at=in_days(-1))
    booking = BookingFactory(session=session, person=learner)
    client, address = as_(learner), f"/my/bookings/{booking.reference}/cancel/"
    assert client.get(address).headers["Location"] == f"/my/bookings/{booking.reference}/"
    refused = client.post(address)
    assert "<title>Error: Cancel your place" in text_of(refused)
    assert "This session has begun" in text_of(refused)


def test_the_waiting_list_position_counts_those_before(as_: As, booking: Booking, learner: Person) -> None:
    Booking.objects.update(status=BookingStatus.WAITING, place_number=None)
    BookingFactory(session=booking.session, status=BookingStatus.WAITING, booked_at=in_days(-100))
    page = text_of(as_(learner).get(f"/my/bookings/{booking.reference}/"))
    assert "You are number 2 on the waiting list." in page


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("https://meet.example/abc", 'href="https://meet.example/abc"'),
        ("", "Not known yet. Look here again before the day."),
        ("javascript:alert(1)", "Not known yet. Look here again before the day."),
    ],
)
def test_an_online_session_s_link_is_shown_to_who_is_booked_only(
    as_: As, partnership: Partnership, learner: Person, link: str, words: str
) -> None:
    session = SessionFactory(partnership=partnership, mode="virtual", venue=None, joining_link=link)
    booking = BookingFactory(session=session, person=learner)
    client, address = as_(learner), f"/my/bookings/{booking.reference}/"
    assert words in text_of(client.get(address))
    Booking.objects.update(status=BookingStatus.WAITING, place_number=None)
    assert "Link to join" not in text_of(client.get(address))
    assert "meet.example" not in text_of(client.get(f"/training/sessions/{session.ref}/"))
