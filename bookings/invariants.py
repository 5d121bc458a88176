"""What must hold for bookings at all times (reliability 2.1). Each check reads only and names what is wrong."""

from __future__ import annotations

from django.db.models import Count, Exists, F, OuterRef, Q

from bookings import emails
from bookings.enums import ABSENCES, ATTENDED_IN_FULL, HOLDS_A_PLACE, LIVE, PRESENCES, BookingStatus
from bookings.models import Booking, Certificate, Charge
from core.invariants import register_invariant
from core.models import AuditEvent, OutboxMessage
from courses.models import CourseSession


def overbooked_sessions() -> list[str]:
    """Sessions with more bookings that hold a place than places (invariant 1)."""
    held = Count("bookings", filter=Q(bookings__status__in=HOLDS_A_PLACE))
    over = CourseSession.objects.annotate(held=held).filter(held__gt=F("capacity"))
    return [f"Session {one.ref} has {one.held} bookings for {one.capacity} places." for one in over]


def places_above_capacity() -> list[str]:
    """Bookings that hold a place number which their session does not have (invariant 1)."""
    above = Booking.objects.filter(status__in=HOLDS_A_PLACE, place_number__gt=F("session__capacity"))
    return [f"Booking {reference} holds a place above the capacity." for reference in _references(above)]


def people_booked_twice() -> list[str]:
    """People with two live bookings of one session (invariant 2)."""
    live = Booking.objects.filter(status__in=LIVE).values("session__ref", "person_id").order_by()
    twice = live.annotate(number=Count("pk")).filter(number__gt=1)
    return [f"Person {one['person_id']} has {one['number']} bookings of {one['session__ref']}." for one in twice]


def bookings_without_confirmation() -> list[str]:
    """Bookings placed here whose confirmation was never queued (invariant 3). Those brought in from files have none."""
    about = {"object_type": Booking._meta.label_lower, "object_id": OuterRef("pk")}
    placed = AuditEvent.objects.filter(action="booking.placed", **about)
    queued = OutboxMessage.objects.filter(
        kind=emails.BOOKED.name, about_type=Booking._meta.label_lower, about_id=OuterRef("pk")
    )
    booked = Booking.objects.filter(status=BookingStatus.BOOKED).exclude(person__email="")
    missing = booked.filter(Exists(placed), ~Exists(queued))
    return [f"Booking {reference} has no confirmation." for reference in _references(missing)]


def certificates_without_attendance() -> list[str]:
    """Valid certificates of people who did not attend in full (invariant 4)."""
    wrong = Certificate.objects.filter(withdrawn_at=None).exclude(booking__status__in=ATTENDED_IN_FULL)
    return [f"Certificate {pk} has no attendance behind it." for pk in wrong.values_list("pk", flat=True)]


def charges_that_do_not_tie() -> list[str]:
    """Charges whose agency, policy or cause is not that of their booking (invariant 5)."""
    causes = Q(booking__status__in=[*ABSENCES, *PRESENCES])
    same = Q(agency=F("booking__agency"), policy=F("booking__policy"), partnership=F("booking__partnership"))
    wrong = Charge.objects.exclude(causes & same).exclude(state="waived")
    return [f"Charge {pk} does not fit its booking." for pk in wrong.values_list("pk", flat=True)]


def _references(bookings: object) -> list[str]:
    return list(bookings.values_list("reference", flat=True))  # type: ignore[attr-defined]


register_invariant("No session has more bookings than places", overbooked_sessions)
register_invariant("No place number is above the capacity", places_above_capacity)
register_invariant("Nobody has two live bookings of one session", people_booked_twice)
register_invariant("Every booking made here has its confirmation", bookings_without_confirmation)
register_invariant("Every valid certificate has attendance behind it", certificates_without_attendance)
register_invariant("Every charge fits its booking, agency and policy", charges_that_do_not_tie)
