"""Named reads about bookings: the places of sessions, one's own booking of them, and what a booking would cost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import (
    Count,
    Exists,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from agencies.models import Agency, Employment, Person
from bookings.domain.cancellation import last_free_day
from bookings.domain.charging import charge_for, price_of, tier_of
from bookings.domain.marking import ON_THE_REGISTER
from bookings.domain.policies import policy_for
from bookings.enums import HOLDS_A_PLACE, LIVE, REGISTERED, BookingStatus, ChargeKind
from bookings.models import Booking, ChargingPolicy
from core.models import Partnership
from core.periods import london_day
from courses.enums import CourseState
from courses.models import Course, CourseSession, Priority

# What a card shows of a date: the rest of the rows stays in the database.
SHOWN = (
    *("ref", "starts_at", "ends_at", "mode", "status", "capacity", "partnership"),
    *("course__title", "course__code", "course__strand", "course__length", "course__days", "course__mode"),
    "venue__name",
)
COMING = (*HOLDS_A_PLACE, BookingStatus.WAITING)
# Claims that led to nothing once the day has passed.
NEVER_CAME = (BookingStatus.REQUESTED, BookingStatus.WAITING, BookingStatus.OFFERED)


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


class CourseLink(NamedTuple):
    """A course and one of its groups (``level``) or priorities (``topic``, only ``name`` filled)."""

    kind: str
    course_id: int
    framework_id: int
    framework_code: str
    framework: str
    word: str
    code: str
    order: int
    name: str


def course_links(partnership: Partnership) -> list[CourseLink]:
    """The groups and priorities of every published course. One statement."""
    published = {"course__partnership": partnership, "course__state": CourseState.PUBLISHED}
    framework = [f"group__framework{part}" for part in ("_id", "__code", "__name", "__tier_word")]
    levels = Course.groups.through.objects.filter(**published).values_list(
        Value("level"), "course_id", *framework, "group__code", "group__order", "group__name"
    )
    nothing = [Value(0), Value(""), Value(""), Value(""), Value(""), Value(0)]
    topics = Course.priorities.through.objects.filter(**published).values_list(
        Value("topic"), "course_id", *nothing, "priority__name"
    )
    return [CourseLink(*row) for row in levels.union(topics, all=True)]


def open_dates(partnership: Partnership, *, person: Any, words: str, now: dt.datetime) -> list[Any]:
    """Every date that may still be booked, soonest first, with ``taken``, ``waiting`` and one's own booking of it.

    Each of ``words`` stands in the course's title, code, aim or topics, or in the venue. Two statements (F01, R44).
    """
    dates = CourseSession.objects.of(partnership).open_for_booking(now=now).select_related("course", "venue")
    for word in words.split():
        topics = Priority.objects.filter(courses=OuterRef("course"), name__icontains=word)
        course = Q(course__title__icontains=word) | Q(course__code__icontains=word) | Q(course__aim__icontains=word)
        venue = Q(venue__name__icontains=word) | Q(venue__address__icontains=word)
        dates = dates.filter(course | venue | Exists(topics))
    found = list(dates.only(*SHOWN).order_by("starts_at", "ref"))
    _count_places({date.pk: date for date in found}, person)
    return found


def _count_places(dates: dict[int, Any], person: Any) -> None:
    """Set ``taken``, ``waiting``, ``my_reference`` and ``my_status`` of each date."""
    for date in dates.values():
        date.taken, date.waiting, date.my_reference, date.my_status = 0, 0, "", ""
    live = Booking.objects.filter(session__in=list(dates), status__in=LIVE).order_by()
    mine = Max("reference", filter=Q(person=person.pk if person else 0))
    for session_id, status, number, reference in live.values_list("session", "status").annotate(Count("pk"), mine=mine):
        date = dates[session_id]
        date.taken += number if status in HOLDS_A_PLACE else 0
        date.waiting += number if status == BookingStatus.WAITING else 0
        if reference:
            date.my_reference, date.my_status = reference, status


def places_left(session: CourseSession) -> int:
    """How many places nobody holds, never below nought. For showing: what is booked is decided under the lock."""
    held = Booking.objects.filter(session=session, status__in=HOLDS_A_PLACE).count()
    return max(session.capacity - held, 0)


def waiting_position(booking: Booking) -> int:
    """Where on the waiting list someone stands, from 1; 0 for a booking that does not wait (R44)."""
    if booking.status != BookingStatus.WAITING:
        return 0
    before = Q(booked_at__lt=booking.booked_at) | Q(booked_at=booking.booked_at, pk__lt=booking.pk)
    return Booking.objects.filter(before, session=booking.session_id, status=BookingStatus.WAITING).count() + 1


def bookings_of(person: Person, *, now: dt.datetime) -> tuple[list[Booking], list[Booking]]:
    """A person's bookings with session, course and certificate: those still to come, and the record, latest first.

    One statement. What was given up in time is in neither (R65).
    """
    rows = Booking.objects.filter(person=person).filter(Q(status__in=LIVE) | Q(status=BookingStatus.LATE_CANCELLED))
    found = list(rows.select_related("session__course", "session__venue", "certificate").order_by("session__starts_at"))
    coming = [one for one in found if one.status in COMING and one.session.ends_at > now]
    record = [one for one in found if one not in coming and one.status not in NEVER_CAME]
    return coming, record[::-1]


def register_rows(session: CourseSession) -> list[Booking]:
    """Everyone on the register of a session by name, with agency, mark, needs and, once it is finished, the outcome.

    One statement for any number of people (R63).
    """
    listed = Booking.objects.filter(session=session, status__in=[*ON_THE_REGISTER, *REGISTERED])
    rows = listed.select_related("person", "agency", "attendance", "needs")
    return list(rows.order_by("person__first_name", "person__last_name", "pk"))


def people_named(partnership: Partnership, words: str, *, limit: int) -> list[Person]:
    """People whose first or last name begins with each of ``words``, or with that e-mail address; with their jobs."""
    people = Person.objects.of(partnership).prefetch_related(
        Prefetch("employments", Employment.objects.select_related("agency"))
    )
    for word in words.split():
        people = people.filter(Q(first_name__istartswith=word) | Q(last_name__istartswith=word) | Q(email__iexact=word))
    return list(people[:limit])


@dataclass(frozen=True)
class Terms:
    """What a booking of a session would cost, and until when it can be given up for nothing. Amounts in pounds."""

    free_until: dt.date | None  # None where nothing is charged for an absence
    place_fee: Decimal
    absence: Decimal  # what the agency pays for cancelling late or not coming
    agency_known: bool
    highest_fee: Decimal  # the highest place fee that any tier pays


def terms_of_booking(*, session: CourseSession, agency: Agency | None, now: dt.datetime) -> Terms:
    """The terms of a booking made at ``now`` for ``agency``, or for a visitor without a known one (R53, R56, R57)."""
    today = london_day(now)
    policy = policy_for(session.partnership, today)
    tier = tier_of(agency=agency, on=today) if agency else None
    return _terms(session, policy, tier, agency_known=agency is not None)


def terms_of(booking: Booking) -> Terms:
    """The terms that an existing booking keeps (R57)."""
    tier = tier_of(agency=booking.agency, on=london_day(booking.booked_at))
    return _terms(booking.session, booking.policy, tier, agency_known=True)


def _terms(session: CourseSession, policy: ChargingPolicy | None, tier: str | None, *, agency_known: bool) -> Terms:
    length, days = session.course.length, session.course.days
    if policy is None:
        return Terms(None, Decimal(0), Decimal(0), agency_known, Decimal(0))
    prefetch_related_objects([policy], "prices")
    charge = charge_for(status=BookingStatus.DID_NOT_ATTEND, policy=policy, tier=tier, length=length, days=days)
    free_until = last_free_day(policy=policy, first_day=session.first_day, nation=session.partnership.nation)
    tiers = {price.tier for price in policy.prices.all()} | {""}
    fees = [price_of(policy=policy, tier=one, kind=ChargeKind.PLACE, length=length, days=days) for one in tiers]
    return Terms(
        free_until=free_until if charge else None,
        place_fee=price_of(policy=policy, tier=tier, kind=ChargeKind.PLACE, length=length, days=days),
        absence=charge[1] if charge else Decimal(0),
        agency_known=agency_known,
        highest_fee=max(fees),
    )
