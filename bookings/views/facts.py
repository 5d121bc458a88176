"""The booking panel in words: where, cost, cancelling, approval. The figures come from ``bookings.queries.Terms``."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bookings.queries import Terms
from core.periods import london_day
from core.templatetags.archway import london_date, long_date, money, time_range
from courses.enums import ManagerApproval, Mode
from courses.models import CourseSession

Fact = dict[str, Any]


def short_day(day: dt.date) -> str:
    """``Tuesday 3 March``: a day whose year stands beside it already."""
    return london_date(day).rsplit(" ", 1)[0]


def where(session: CourseSession, *, travel_link: bool = False) -> Fact:
    """The venue with its address, or that it is online."""
    if session.mode != Mode.IN_PERSON:
        text = "The link is on the page of your booking."
        return {"icon": "screen", "label": "Where", "heading": session.where, "text": text}
    venue = session.venue
    fact = {"icon": "pin", "label": "Venue", "heading": session.where, "text": venue.address if venue else ""}
    if travel_link and venue and (venue.travel or venue.access):
        fact |= {"text": f"{venue.address}." if venue.address else "", "url": "#travel", "link": "Travel and access"}
    return fact


def cost(terms: Terms) -> Fact:
    """What coming costs: the person's own agency, or what a visitor has to know."""
    fact = {"icon": "pound", "label": "Cost"}
    if terms.agency_known:
        heading = "Free for your agency" if not terms.place_fee else f"{money(terms.place_fee)} for your agency"
        return {**fact, "heading": heading, "text": "" if not terms.place_fee else "We send your agency an invoice."}
    if not terms.highest_fee:
        return {**fact, "heading": "Free", "text": "Coming costs nothing."}
    text = f"Up to {money(terms.highest_fee)} for other organisations. Sign in to see what yours pays."
    return {
        **fact,
        "heading": "Free for partner agencies" if not terms.place_fee else money(terms.place_fee),
        "text": text,
    }


def cancelling(terms: Terms, *, now: dt.datetime) -> Fact:
    """Until which day a place can be given up for nothing, and what it costs after; nothing where it never costs."""
    if terms.free_until is None:
        return {
            "icon": "cross",
            "label": "Cancelling",
            "heading": "Cancelling is free",
            "text": "Tell us as soon as you can.",
        }
    owed = f"{'your' if terms.agency_known else 'an'} agency is charged {money(terms.absence)}"
    if london_day(now) > terms.free_until:
        heading = f"The last day to cancel free was {short_day(terms.free_until)}"
        return {
            "icon": "cross",
            "label": "Cancelling",
            "heading": heading,
            "text": f"If you cancel or do not attend, {owed}.",
        }
    heading = f"Cancel free until {short_day(terms.free_until)}"
    text = f"After that, or if you do not attend, {owed}."
    return {"icon": "cross", "label": "Cancelling", "heading": heading, "text": text}


def charge_sentence(terms: Terms, *, now: dt.datetime) -> str:
    """The same agreement in one sentence, above the button that books."""
    if terms.free_until is None:
        return (
            "Your agency is not charged if you cancel or do not attend. Tell us as soon as you can if you cannot come."
        )
    owed = f"your agency is charged {money(terms.absence)}"
    if london_day(now) > terms.free_until:
        return (
            f"The last day to cancel free was {london_date(terms.free_until)}. If you cancel or do not attend, {owed}."
        )
    return f"You can cancel free until {london_date(terms.free_until)}. After that, or if you do not attend, {owed}."


def approval(session: CourseSession) -> Fact | None:
    """What the course asks of the line manager."""
    if session.course.manager_approval == ManagerApproval.NONE:
        return None
    text = "You confirm this when you book. We copy them on your confirmation."
    return {"icon": "people", "label": "Approval", "heading": "Your manager needs to agree", "text": text}


def panel_facts(session: CourseSession, terms: Terms, *, now: dt.datetime) -> list[Fact]:
    """In the order of the booking panel: where, cost, cancelling, approval."""
    facts = [where(session, travel_link=True), cost(terms), cancelling(terms, now=now), approval(session)]
    return [fact for fact in facts if fact]


def days_of(session: CourseSession) -> list[str]:
    """Each sitting of a session of several days, in words."""
    parts = list(session.parts.all())
    return (
        [f"{long_date(part.starts_at)}, {time_range(part.starts_at, part.ends_at)}" for part in parts]
        if len(parts) > 1
        else []
    )
