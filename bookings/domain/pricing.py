"""From a booking to the charge it should have: prices, tiers and the sentence that explains it (R53, R56, R57)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import prefetch_related_objects

from agencies.models import Agency, AgencyMembership
from bookings.enums import ABSENCES, PRESENCES, BookingStatus, ChargeKind, ChargeState
from bookings.models import Booking, Charge, ChargingPolicy
from core.periods import london_day
from core.templatetags.archway import money
from courses.enums import SessionStatus

from .notice import notice_given

NOTHING = Decimal("0.00")


def price_of(*, policy: ChargingPolicy, tier: str | None, length: str, days: int, kind: str) -> Decimal:
    """The price of one event in pounds: the tier's own, else that of every tier, per day; £0 where none (R56, R60)."""
    table = policy.price_table
    amount = table.get((kind, tier or "", length))
    return (table.get((kind, "", length), NOTHING) if amount is None else amount) * days


def charge_for(
    *, status: str, policy: ChargingPolicy | None, tier: str | None, length: str, days: int
) -> tuple[ChargeKind, Decimal] | None:
    """What a booking that ended in ``status`` costs, and as what; None for nothing (R53, R55, R56).

    An absence costs the absence charge or the tier's place fee, whichever is higher, never both; it counts as a place
    fee when that is the higher. Having come, in full or in part, costs the place fee. A charge of £0 is no charge.
    """
    if policy is None or status not in (*ABSENCES, *PRESENCES):
        return None
    kind = ChargeKind.PLACE
    amount = price_of(policy=policy, tier=tier, length=length, days=days, kind=ChargeKind.PLACE)
    if status in ABSENCES:
        absence = price_of(policy=policy, tier=tier, length=length, days=days, kind=ChargeKind.ABSENCE)
        if absence >= amount:
            kind, amount = ChargeKind.ABSENCE, absence
    return (kind, amount) if amount > 0 else None


def tier_of(*, agency: Agency, on: dt.date) -> str | None:
    """The charge tier of an agency on a day: what a booking made then is priced by (R56). One statement."""
    return _tier(agency, on, _memberships({agency.pk, agency.parent_id}))


def tiers_at_booking(bookings: list[Booking]) -> dict[int, str | None]:
    """The charge tier of each booking's agency on the day of booking, by the booking's id (R56). One statement."""
    agencies = {booking.agency_id for booking in bookings} | {booking.agency.parent_id for booking in bookings}
    memberships = _memberships(agencies)
    return {booking.pk: _tier(booking.agency, london_day(booking.booked_at), memberships) for booking in bookings}


def _memberships(agencies: set[int | None]) -> dict[int, list[AgencyMembership]]:
    found: dict[int, list[AgencyMembership]] = {}
    for membership in AgencyMembership.objects.filter(agency__in=agencies - {None}).order_by("-effective_from"):
        found.setdefault(membership.agency_id, []).append(membership)
    return found


def _tier(agency: Agency, day: dt.date, memberships: dict[int, list[AgencyMembership]]) -> str | None:
    """The tier in force on a day; a site without terms of its own has its parent's."""
    for agency_id in (agency.pk, agency.parent_id or 0):
        for membership in memberships.get(agency_id, []):
            if membership.effective_from <= day:
                return str(membership.charge_tier)
    return None


def priced(bookings: list[Booking], *, now: dt.datetime) -> list[Charge]:
    """The charges, not yet saved, that these bookings should have. Prices, tiers and courses are read together.

    Nothing for a session that the partnership cancelled, whatever became of the booking.
    """
    ended = [booking for booking in bookings if booking.policy_id and booking.status in (*ABSENCES, *PRESENCES)]
    if not ended:
        return []
    prefetch_related_objects(ended, "session__course", "session__partnership", "policy__prices", "agency")
    tiers = tiers_at_booking(ended)
    charges = []
    for booking in ended:
        course, tier = booking.session.course, tiers[booking.pk]
        found = charge_for(
            status=booking.status, policy=booking.policy, tier=tier, length=course.length, days=course.days
        )
        if found and booking.session.status != SessionStatus.CANCELLED:
            charges.append(_new_charge(booking, *found, tier=tier, now=now))
    return charges


def _new_charge(booking: Booking, kind: ChargeKind, amount: Decimal, *, tier: str | None, now: dt.datetime) -> Charge:
    return Charge(
        partnership=booking.session.partnership,
        booking=booking,
        agency_id=booking.agency_id,
        policy=booking.policy,
        kind=kind,
        amount=amount,
        state=ChargeState.PROPOSED,
        explanation=explain(booking, kind=kind, amount=amount, tier=tier),
        raised_at=now,
    )


def explain(booking: Booking, *, kind: str, amount: Decimal, tier: str | None) -> str:
    """Why a booking costs what it costs, for the agency: "Cancelled 2 working days before; 5 needed. Full day £80."
    (R53).
    """
    course = booking.session.course
    price = f"{course.get_length_display()} {money(amount)}"
    if course.days > 1:
        price = f"{course.days} days at {money(amount / course.days)}: {money(amount)}"
    if kind == ChargeKind.PLACE:
        price = f"Place fee{f' of tier {tier}' if tier else ''}: {price.lower()}"
    return f"{_what_happened(booking)}. {price}."


def _what_happened(booking: Booking) -> str:
    policy = booking.policy
    if booking.status != BookingStatus.LATE_CANCELLED or policy is None or booking.cancelled_at is None:
        return str(booking.get_status_display())
    session = booking.session
    nation = session.partnership.nation
    given = notice_given(policy=policy, first_day=session.first_day, nation=nation, cancelled_at=booking.cancelled_at)
    unit = policy.get_notice_unit_display()
    return f"Cancelled {given} {unit.removesuffix('s') if given == 1 else unit} before; {policy.notice_days} needed"
