"""What the tables themselves refuse, and the named sets of bookings."""

import pytest
from django.db import IntegrityError, transaction

from bookings.enums import HOLDS_A_PLACE, LIVE, NEVER_BOOKED, BookingStatus
from bookings.models import Booking
from bookings.models.booking import CLEAR_ALPHABET, new_reference
from tests.factories import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db


def test_two_bookings_never_share_a_place() -> None:
    first = BookingFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        BookingFactory(session=first.session, place_number=first.place_number)


@pytest.mark.parametrize("status", LIVE)
def test_one_person_has_one_live_booking_of_a_session(status: str) -> None:
    first = BookingFactory(status=status)
    with pytest.raises(IntegrityError), transaction.atomic():
        BookingFactory(session=first.session, person=first.person, status=BookingStatus.WAITING)


@pytest.mark.parametrize("status", [one for one in BookingStatus if one not in LIVE])
def test_a_booking_that_ended_leaves_room_for_another(status: str) -> None:
    first = BookingFactory(status=status)
    assert BookingFactory(session=first.session, person=first.person).pk


def test_places_count_from_one() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BookingFactory(place_number=0)


@pytest.mark.rule("R44")
@pytest.mark.parametrize("status", list(BookingStatus))
def test_whoever_never_held_a_place_never_counts_as_booked(status: str) -> None:
    session = SessionFactory()
    counted = BookingFactory(session=session, status=status)
    BookingFactory(session=session, status=status, never_held_place=True)
    expected = [] if status in NEVER_BOOKED else [counted]
    assert list(Booking.objects.filter(session=session).ever_booked()) == expected


def test_those_who_hold_a_place_do() -> None:
    session = SessionFactory()
    made = {status: BookingFactory(session=session, status=status) for status in BookingStatus}
    assert set(Booking.objects.filter(session=session).holding_a_place()) == {made[status] for status in HOLDS_A_PLACE}
    assert all(made[status].holds_a_place is (status in HOLDS_A_PLACE) for status in BookingStatus)


def test_references_are_clear_to_read_aloud() -> None:
    references = {new_reference() for _ in range(200)}
    assert len(references) == 200
    assert all(len(one) == 8 and set(one) <= set(CLEAR_ALPHABET) for one in references)
    assert not set(CLEAR_ALPHABET) & set("01ILOU")
