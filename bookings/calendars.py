"""Calendar files: one event for each day of a session, with one lasting identifier per booking (ux 4.1).

An event is sent as an invitation and taken out as a cancellation of the same identifier with a higher sequence
number; sent as anything else it would leave dead entries behind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse

from bookings.models import Booking
from core.models import Partnership
from core.periods import LONDON
from courses.models import CourseSession

NOTE = "Declining this invitation does not cancel your place. To cancel, use the link in your confirmation."
# The rule itself, shorter and safer for calendar programs than a list of past and future changes.
LONDON_RULES = """\
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19810329T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
"""


@cache
def _london() -> Any:
    from icalendar import Timezone

    return Timezone.from_ical(LONDON_RULES)


def calendar_file(*, booking: Booking, now: dt.datetime, cancelled: bool = False) -> str:
    """The invitation of a booking as iCalendar text, or its cancellation. Times carry London's zone and its clock
    changes.
    """
    events = [
        _event(booking, number, starts_at, ends_at, now=now, cancelled=cancelled).to_ical().decode()
        for number, (starts_at, ends_at) in enumerate(_days(booking), 1)
    ]
    # The frame never changes and is quicker written than built.
    method = "CANCEL" if cancelled else "REQUEST"
    head = (
        f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Archway//Safeguarding training//EN\nMETHOD:{method}\n{LONDON_RULES}"
    )
    return head.replace("\n", "\r\n") + "".join(events) + "END:VCALENDAR\r\n"


def _days(booking: Booking) -> list[tuple[dt.datetime, dt.datetime]]:
    session = booking.session
    if session.starts_at.astimezone(LONDON).date() == session.ends_at.astimezone(LONDON).date():
        return [(session.starts_at, session.ends_at)]
    return list(session.parts.order_by("starts_at").values_list("starts_at", "ends_at")) or [
        (session.starts_at, session.ends_at)
    ]


def _event(
    booking: Booking, number: int, starts_at: dt.datetime, ends_at: dt.datetime, *, now: dt.datetime, cancelled: bool
) -> Any:
    from icalendar import Event, vCalAddress

    session, partnership = booking.session, booking.session.partnership
    event = Event()
    event.add("uid", f"booking-{booking.reference}-{number}@{settings.MAIL_DOMAIN}")
    event.add("sequence", booking.calendar_sequence)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("dtstart", starts_at.astimezone(LONDON))
    event.add("dtend", ends_at.astimezone(LONDON))
    event.add("summary", session.course.title)
    event.add("location", _place(booking))
    event.add("description", f"{partnership.name}\nReference {booking.reference}\n{NOTE}")
    organiser = vCalAddress(f"mailto:{partnership.contact_email or f'training@{settings.MAIL_DOMAIN}'}")
    organiser.params["CN"] = partnership.name
    event.add("organizer", organiser)
    if booking.person.email:
        learner = vCalAddress(f"mailto:{booking.person.email}")
        learner.params["PARTSTAT"], learner.params["RSVP"] = "ACCEPTED", "FALSE"
        event.add("attendee", learner)
    return event


def _place(booking: Booking) -> str:
    venue = booking.session.venue
    if venue is None or not venue.address:
        return str(booking.session.where)
    return f"{venue.name}, {venue.address}"


def programme_feed(*, sessions: Iterable[CourseSession], partnership: Partnership, now: dt.datetime) -> str:
    """The programme as iCalendar text that anyone may subscribe to: one event for each sitting. Give sessions with
    parts.
    """
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Archway//Safeguarding training//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Safeguarding training – {partnership.display_name}")
    calendar.add_component(_london())
    host = partnership.host_names.values_list("host", flat=True).first() or ""
    for session in sessions:
        for number, part in enumerate(session.parts.all(), 1):
            event = Event()
            event.add("uid", f"session-{partnership.slug}-{session.ref}-{number}@{settings.MAIL_DOMAIN}")
            event.add("dtstamp", now.astimezone(dt.UTC))
            event.add("dtstart", part.starts_at.astimezone(LONDON))
            event.add("dtend", part.ends_at.astimezone(LONDON))
            event.add("summary", session.course.title)
            event.add("location", session.where)
            event.add("url", partnership.link_to(reverse("bookings:session", args=[session.ref]), host=host))
            calendar.add_component(event)
    return str(calendar.to_ical().decode())
