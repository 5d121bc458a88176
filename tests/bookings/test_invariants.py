"""Each invariant is silent on what is right and names what is wrong."""

import pytest
from django.db import connection

from bookings.domain.placing import place_booking
from bookings.enums import BookingStatus
from bookings.invariants import (
    bookings_without_confirmation,
    certificates_without_attendance,
    charges_that_do_not_tie,
    overbooked_sessions,
    people_booked_twice,
    places_above_capacity,
)
from bookings.models import Booking, Certificate, Charge
from core.invariants import registered_invariants
from core.models import OutboxMessage
from courses.models import CourseSession
from tests.factories import AgencyFactory, BookingFactory, EmploymentFactory, PolicyFactory, SessionFactory, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking() -> Booking:
    session = SessionFactory(starts_at=at("2026-03-12 09:30"), capacity=1)
    PolicyFactory(partnership=session.partnership)
    person = EmploymentFactory(person__partnership=session.partnership).person
    return place_booking(session=session, person=person, by=None, now=at("2026-02-02 10:00"))


def charge_of(booking: Booking) -> Charge:
    return Charge.objects.create(
        partnership=booking.partnership,
        booking=booking,
        agency=booking.agency,
        policy=booking.policy,
        kind="absence",
        amount=50,
        raised_at=at("2026-03-12 17:00"),
    )


def test_after_a_booking_all_hold(booking: Booking) -> None:
    assert [problem for one in registered_invariants() for problem in one.check()] == []


def test_more_bookings_than_places(booking: Booking) -> None:
    BookingFactory(session=booking.session, place_number=None)
    assert overbooked_sessions() == [f"Session {booking.session.ref} has 2 bookings for 1 places."]


def test_a_place_above_the_capacity(booking: Booking) -> None:
    CourseSession.objects.update(capacity=0)
    assert places_above_capacity() == [f"Booking {booking.reference} holds a place above the capacity."]


def test_nobody_is_booked_twice(booking: Booking) -> None:
    assert people_booked_twice() == []


def test_a_booking_without_its_confirmation(booking: Booking) -> None:
    OutboxMessage.objects.all().delete()
    assert bookings_without_confirmation() == [f"Booking {booking.reference} has no confirmation."]


def test_bookings_from_a_file_need_no_confirmation(booking: Booking) -> None:
    BookingFactory(session=SessionFactory(partnership=booking.partnership))
    assert bookings_without_confirmation() == []


def test_a_certificate_without_attendance(booking: Booking) -> None:
    certificate = Certificate.objects.create(
        partnership=booking.partnership, booking=booking, released_at=at("2026-03-13 10:00")
    )
    assert certificates_without_attendance() == [f"Certificate {certificate.pk} has no attendance behind it."]
    Certificate.objects.update(withdrawn_at=at("2026-03-13 11:00"))
    assert certificates_without_attendance() == []


def test_a_charge_that_fits_its_booking(booking: Booking) -> None:
    Booking.objects.update(status=BookingStatus.DID_NOT_ATTEND)
    charge_of(booking)
    assert charges_that_do_not_tie() == []


def test_a_charge_without_a_cause_or_to_another_agency(booking: Booking) -> None:
    charge = charge_of(booking)
    wrong = [f"Charge {charge.pk} does not fit its booking."]
    assert charges_that_do_not_tie() == wrong
    Booking.objects.update(status=BookingStatus.DID_NOT_ATTEND)
    Charge.objects.update(agency=AgencyFactory(partnership=booking.partnership))
    assert charges_that_do_not_tie() == wrong


@pytest.mark.postgres
def test_postgres_itself_refuses_a_place_above_the_capacity(booking: Booking) -> None:
    from django.db import IntegrityError

    assert connection.vendor == "postgresql"
    with pytest.raises(IntegrityError, match="above the capacity"):
        BookingFactory(session=booking.session, place_number=2)
