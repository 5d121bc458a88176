"""Named reads about bookings: the places of sessions, one's own booking of them, and what a booking made now would cost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from agencies.models import Agency
from bookings.domain.cancellation import last_free_day
from bookings.domain.charging import charge_for, price_of, tier_of
from bookings.domain.policies import policy_for
from bookings.enums import HOLDS_A_PLACE, LIVE, BookingStatus, ChargeKind
from bookings.models import Booking, ChargingPolicy
from core.periods import london_day
from courses.models import CourseSession


def count_of(bookings: QuerySet[Booking]) -> Coalesce:
    """How many of ``bookings`` belong to the session of the outer query, for annotations."""
    of_session = bookings.filter(session=OuterRef("pk")).order_by().values("session")
    return Coalesce(Subquery(of_session.annotate(number=Count("pk")).values("number")), 0)


def with_places(sessions: QuerySet[CourseSession]) -> QuerySet[CourseSession]:
    """Sessions that know how many places are ``taken`` and how many people are ``waiting``; no statement more (R44)."""
    return sessions.annotate(
        taken=count_of(Booking.objects.filter(status__in=HOLDS_A_PLACE)),
        waiting=count_of(Booking.objects.filter(status=BookingStatus.WAITING)),
    )


def with_my_booking(sessions: QuerySet[CourseSession], person: Any) -> QuerySet[CourseSession]:
    """Sessions that know ``my_reference`` and ``my_status`` of the person's live booking; both empty for a visitor."""
    mine = Booking.objects.filter(session=OuterRef("pk"), person=person.pk if person else None, status__in=LIVE)
    return sessions.annotate(my_reference=Subquery(mine.values("reference")), my_status=Subquery(mine.values("status")))


@dataclass(frozen=True)
class Terms:
    """What a booking of a session would cost, and until when it can be given up for nothing. Amounts in pounds."""

    free_until: dt.date | None  # None where nothing is charged for an absence
    place_fee: Decimal
    absence: Decimal  # what the agency pays for cancelling late or not coming
    agency_known: bool
    highest_fee: Decimal  # the highest place fee that any tier pays


def terms_of_booking(*, session: CourseSession, agency: Agency | None, now: dt.datetime) -> Terms:
    """The terms of a booking made at ``now`` for ``agency``, or for a visitor whose agency is not known (R53, R56, R57)."""
    today = london_day(now)
    policy = policy_for(session.partnership, today)
    tier = tier_of(agency=agency, on=today) if agency else None
    return _terms(session, policy, tier, agency_known=agency is not None)


def terms_of(booking: Booking) -> Terms:
    """The terms that an existing booking keeps (R57)."""
    tier = tier_of(agency=booking.agency, on=london_day(booking.booked_at))
    return _terms(booking.session, booking.policy, tier, agency_known=True)


def _terms(session: CourseSession, policy: ChargingPolicy | None, tier: str | None, *, agency_known: bool) -> Terms:
    course = session.course
    size = {"length": course.length, "days": course.days}
    if policy is None:
        return Terms(None, Decimal(0), Decimal(0), agency_known, Decimal(0))
    charge = charge_for(status=BookingStatus.DID_NOT_ATTEND, policy=policy, tier=tier, **size)
    free_until = last_free_day(policy=policy, first_day=session.first_day, nation=session.partnership.nation)
    tiers = {price.tier for price in policy.prices.all()} | {""}
    fees = [price_of(policy=policy, tier=one, kind=ChargeKind.PLACE, **size) for one in tiers]
    return Terms(
        free_until=free_until if charge else None,
        place_fee=price_of(policy=policy, tier=tier, kind=ChargeKind.PLACE, **size),
        absence=charge[1] if charge else Decimal(0),
        agency_known=agency_known,
        highest_fee=max(fees),
    )
