"""The mails of bookings: their kinds, and one function for each that queues it with its facts.

Call these inside the transaction that causes the mail. Line managers are copied on what touches a working day or
money (ux 4.1: booked, place free, cancelled, cancelled by us, did not attend); a person without an address is reached
through them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.urls import reverse

from agencies.models import Employment, Person
from bookings.calendars import calendar_file
from bookings.domain.notice import last_free_day
from bookings.enums import BookingStatus
from bookings.models import Booking, Certificate, Charge
from core.mail import MailKind, register_mail
from core.models import OutboxMessage
from core.outbox import new_message, queue_many, queue_message
from core.periods import LONDON, at_clock, london_day
from core.templatetags.archway import clock, london_date, money, time_range
from courses.models import CourseSession

MAILS = "bookings/mail"
BOOKED = register_mail(MailKind("booked", "Confirmation of a booking", f"{MAILS}/booked"))
WAITING = register_mail(MailKind("waiting", "Place on the waiting list", f"{MAILS}/waiting"))
PLACE_FREE = register_mail(MailKind("place_free", "A place has come free", f"{MAILS}/place_free"))
CANCELLED = register_mail(MailKind("cancelled_by_learner", "Booking cancelled", f"{MAILS}/cancelled"))
CANCELLED_LATE = register_mail(MailKind("cancelled_late", "Booking cancelled late", f"{MAILS}/cancelled_late"))
CANCELLED_BY_US = register_mail(MailKind("cancelled_by_us", "Session cancelled by us", f"{MAILS}/cancelled_by_us"))
DID_NOT_ATTEND = register_mail(
    MailKind("did_not_attend", "Did not attend, or arrived too late", f"{MAILS}/did_not_attend")
)
CERTIFICATE_READY = register_mail(MailKind("certificate_ready", "Certificate ready", f"{MAILS}/certificate_ready"))
REGISTER_DUE = register_mail(MailKind("register_due", "Register not finished", f"{MAILS}/register_due"))


def booking_path(booking: Booking) -> str:
    return reverse("bookings:booking", args=[booking.reference])


def course_path(session: CourseSession) -> str:
    """The page with the other dates of the course."""
    return reverse("bookings:course", args=[session.course.code])


def session_facts(session: CourseSession) -> dict[str, str]:
    """The session in words: course, day in full and in short, times, place."""
    first, last = session.starts_at.astimezone(LONDON), session.ends_at.astimezone(LONDON)
    day, times = london_date(first), time_range(session.starts_at, session.ends_at)
    if first.date() != last.date():
        day, times = f"{day} to {london_date(last)}", f"starts at {clock(first)}"
    return {
        "course": session.course.title,
        "day": day,
        "short_day": f"{first:%a} {first.day} {first:%B}",
        "times": times,
        "place": session.where,
        "place_address": session.venue.address if session.venue else "",
        "travel": session.venue.travel if session.venue else "",
        "joining_link": session.joining_link,
    }


def _facts(booking: Booking, **more: Any) -> dict[str, Any]:
    facts = {"name": booking.person.first_name, "full_name": booking.person.name, "reference": booking.reference}
    return {**facts, **session_facts(booking.session), "path": booking_path(booking), **more}


def managers_of(bookings: list[Booking], *, on: dt.date) -> dict[int, str]:
    """The line manager's address for each booking's id, at the agency the booking was made from. One statement."""
    people = {booking.person_id for booking in bookings}
    jobs = Employment.objects.current(on=on).filter(person__in=people)
    rows = jobs.values_list("person_id", "agency_id", "manager_email", "manager__email")
    addresses = {(person, agency): written or known or "" for person, agency, written, known in rows}
    return {booking.pk: addresses.get((booking.person_id, booking.agency_id), "") for booking in bookings}


def _message(
    kind: MailKind, booking: Booking, *, manager: str, due_at: dt.datetime, facts: dict[str, Any], **details: Any
) -> OutboxMessage | None:
    """One mail to the learner with a copy to the manager, or to the manager alone; None when neither has an address."""
    recipient = booking.person.email or manager
    if not recipient:
        return None
    return new_message(
        kind=kind.name,
        partnership=booking.session.partnership,
        about=booking,
        recipient=recipient,
        copy_to=manager if manager != recipient else "",
        due_at=due_at,
        facts=facts,
        **details,
    )


def _queue(*messages: OutboxMessage | None) -> None:
    queue_many([message for message in messages if message is not None])


def cancel_facts(booking: Booking) -> dict[str, str]:
    """Until when cancelling is free, as a sentence's end ("Tuesday 3 March 2026"); empty when nothing is ever
    charged.
    """
    if booking.policy is None:
        return {"free_until": ""}
    session = booking.session
    day = last_free_day(policy=booking.policy, first_day=session.first_day, nation=session.partnership.nation)
    return {"free_until": london_date(day), "free_until_iso": day.isoformat()}


def queue_booked(booking: Booking, *, manager: str, now: dt.datetime) -> None:
    """Mail 1: booked, with the invitation for the calendar."""
    facts = _facts(booking, **cancel_facts(booking))
    details = {"calendar": calendar_file(booking=booking, now=now), "useful_until": booking.session.starts_at}
    _queue(_message(BOOKED, booking, manager=manager, due_at=now, facts=facts, **details))


def queue_waiting(booking: Booking, *, position: int, manager: str, now: dt.datetime) -> None:
    """Mail 6: the place on the waiting list. Managers are not copied; they hear when there is a place."""
    to_manager = "" if booking.person.email else manager
    facts = _facts(booking, position=position)
    until = booking.session.starts_at
    _queue(_message(WAITING, booking, manager=to_manager, due_at=now, facts=facts, useful_until=until))


def queue_place_free(booking: Booking, *, hand_back_free: bool, now: dt.datetime) -> None:
    """Mail 5: a place came free and the person now has it. ``hand_back_free``: the last free day had passed already."""
    manager = managers_of([booking], on=london_day(now))[booking.pk]
    facts = _facts(booking, hand_back_free=hand_back_free, **cancel_facts(booking))
    details = {"calendar": calendar_file(booking=booking, now=now), "useful_until": booking.session.starts_at}
    _queue(_message(PLACE_FREE, booking, manager=manager, due_at=now, facts=facts, **details))


def queue_cancelled(booking: Booking, *, had_place: bool, charge: Charge | None, now: dt.datetime) -> None:
    """Mail 14: cancelled in time, or late with the charge that was proposed. Takes the event out of the calendar."""
    kind = CANCELLED_LATE if booking.status == BookingStatus.LATE_CANCELLED else CANCELLED
    manager = managers_of([booking], on=london_day(now))[booking.pk]
    if not had_place and booking.person.email:
        manager = ""
    facts = _facts(booking, had_place=had_place, **cancel_facts(booking), **charge_facts(charge))
    if kind is CANCELLED:
        facts["path"] = course_path(booking.session)
    calendar = calendar_file(booking=booking, now=now, cancelled=True) if had_place else ""
    _queue(_message(kind, booking, manager=manager, due_at=now, facts=facts, calendar=calendar))


def charge_facts(charge: Charge | None) -> dict[str, str]:
    """The amount and its reason; empty when nothing is charged."""
    return {"amount": money(charge.amount), "explanation": charge.explanation} if charge else {"amount": ""}


def queue_cancelled_by_us(bookings: list[Booking], *, waited: set[int], now: dt.datetime) -> None:
    """Mail 13, to everyone booked and everyone who ``waited`` (ids of bookings)."""
    managers = managers_of(bookings, on=london_day(now))
    messages = []
    for booking in bookings:
        had_place = booking.pk not in waited
        facts = _facts(booking, had_place=had_place, reason=booking.session.cancelled_reason)
        facts["path"] = course_path(booking.session)
        calendar = calendar_file(booking=booking, now=now, cancelled=True) if had_place else ""
        manager = managers[booking.pk] if had_place or not booking.person.email else ""
        messages.append(_message(CANCELLED_BY_US, booking, manager=manager, due_at=now, facts=facts, calendar=calendar))
    _queue(*messages)


def queue_absences(
    bookings: list[Booking], *, charges: dict[int, Charge], reply_by: Callable[[Booking], dt.date], due_at: dt.datetime
) -> None:
    """Mail 18, to learner and manager: what was recorded, what it would cost, and until when to tell us."""
    managers = managers_of(bookings, on=london_day(due_at))
    messages = []
    for booking in bookings:
        charge = charge_facts(charges.get(booking.pk))
        too_late = booking.status == BookingStatus.REFUSED_LATE
        facts = _facts(booking, too_late=too_late, reply_by=london_date(reply_by(booking)), **charge)
        messages.append(_message(DID_NOT_ATTEND, booking, manager=managers[booking.pk], due_at=due_at, facts=facts))
    _queue(*messages)


def queue_certificate(certificate: Certificate, *, now: dt.datetime) -> None:
    """Mail 17: the certificate can be downloaded."""
    booking = certificate.booking
    facts = _facts(booking, number=certificate.grouped_number)
    facts["path"] = reverse("bookings:certificate", args=[certificate.number])
    _queue(_message(CERTIFICATE_READY, booking, manager="", due_at=now, facts=facts))


def queue_register_due(session: CourseSession, *, trainer: Person, now: dt.datetime) -> None:
    """Mail 24: a trainer is asked to finish the register."""
    queue_message(
        kind=REGISTER_DUE.name,
        partnership=session.partnership,
        about=session,
        recipient=trainer.email,
        due_at=at_clock(london_day(now), 8),
        facts={
            "name": trainer.first_name,
            "path": reverse("bookings:register", args=[session.ref]),
            **session_facts(session),
        },
    )
