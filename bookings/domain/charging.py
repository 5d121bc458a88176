"""Proposing charges: what an agency may owe for an absence or a place, always first as a proposal (R53-R57).

The prices are worked out in ``pricing``. The tier is that of the agency's membership in force on the day of booking,
as are agency and policy (T11, R57): what a booking may cost is settled when it is made, and an agency that changes
tier changes what its later bookings cost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import User
from bookings.enums import ChargeState
from bookings.models import Booking, Charge
from core import audit
from core.errors import RuleBroken
from core.models import AuditEvent
from courses.models import CourseSession

from .pricing import charge_for, price_of, priced, tier_of

__all__ = [
    "ChargeDecided",
    "charge_for",
    "price_of",
    "raise_charge",
    "raise_charges",
    "revise_charge",
    "take_back_charges",
    "tier_of",
]
BATCH = 1000


class ChargeDecided(RuleBroken):
    default_message = (
        "The charge of this booking has been confirmed already. Waive it first, then correct the register."
    )


def raise_charge(*, booking: Booking, by: User | None, now: dt.datetime) -> Charge | None:
    """Propose the charge of one booking; the existing one when it was raised before, None when it costs nothing (R53,
    R55).
    """
    with transaction.atomic():
        raise_charges(bookings=[booking], by=by, now=now)
        charge: Charge | None = Charge.objects.filter(booking=booking).first()
    return charge


def raise_charges(*, bookings: Iterable[Booking], by: User | None, now: dt.datetime) -> list[Charge]:
    """Propose the charges of many bookings in a constant number of statements per thousand; returns the new ones
    (R53-R57).

    Safe to run twice and side by side: the bookings' rows are locked, and a booking has at most one charge.
    """
    wanted = priced(list(bookings), now=now)
    new: list[Charge] = []
    with transaction.atomic():
        for start in range(0, len(wanted), BATCH):
            new += _write_missing(wanted[start : start + BATCH])
        audit.record_many([_event("charge.raised", charge, by=by, now=now, after=_facts(charge)) for charge in new])
    return new


def _write_missing(charges: list[Charge]) -> list[Charge]:
    ids = sorted(charge.booking_id for charge in charges)
    rows = Booking.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    list(rows.values_list("pk", flat=True))
    charged = set(Charge.objects.filter(booking__in=ids).values_list("booking_id", flat=True))
    return list(Charge.objects.bulk_create([charge for charge in charges if charge.booking_id not in charged]))


def revise_charge(*, booking: Booking, reason: str, by: User | None, now: dt.datetime) -> Charge | None:
    """Make the charge fit a booking whose outcome was corrected: raised, changed or taken back (R53).

    Only a proposal changes by itself; a waived charge stays waived. Raises ``ChargeDecided`` when a confirmed one
    would change.
    """
    with transaction.atomic():
        charges = Charge.objects.select_for_update(of=("self",)).select_related("partnership")
        charge: Charge | None = charges.filter(booking=booking).first()
        if charge is None:
            return raise_charge(booking=booking, by=by, now=now)
        charge.booking = booking
        wanted = next(iter(priced([booking], now=now)), None)
        same = wanted is not None and (wanted.kind, wanted.amount) == (charge.kind, charge.amount)
        if same or charge.state == ChargeState.WAIVED:
            return charge
        if charge.state == ChargeState.CONFIRMED:
            raise ChargeDecided
        return _replace(charge, wanted, reason=reason, by=by, now=now)


def _replace(charge: Charge, wanted: Charge | None, *, reason: str, by: User | None, now: dt.datetime) -> Charge | None:
    before = _facts(charge)
    if wanted is None:
        audit.record_many([_event("charge.taken_back", charge, by=by, now=now, before=before, reason=reason)])
        charge.delete()
        return None
    charge.kind, charge.amount, charge.explanation = wanted.kind, wanted.amount, wanted.explanation
    charge.save(update_fields=["kind", "amount", "explanation"])
    details = {"before": before, "after": _facts(charge), "reason": reason}
    audit.record_many([_event("charge.changed", charge, by=by, now=now, **details)])
    return charge


def take_back_charges(*, session: CourseSession, reason: str, by: User | None, now: dt.datetime) -> int:
    """Take back what was proposed for a session that the partnership cancelled; what was confirmed is waived (R53)."""
    raised = Charge.objects.filter(booking__session=session).exclude(state=ChargeState.WAIVED)
    charges = list(raised.select_related("booking", "partnership"))
    events = []
    for charge in charges:
        if charge.state == ChargeState.PROPOSED:
            events.append(_event("charge.taken_back", charge, by=by, now=now, before=_facts(charge), reason=reason))
        else:
            before = _facts(charge)
            charge.state, charge.decision_reason = ChargeState.WAIVED, reason
            charge.decided_at, charge.decided_by_id = now, by.pk if by else 0
            charge.save(update_fields=["state", "decision_reason", "decided_at", "decided_by_id"])
            events.append(
                _event("charge.waived", charge, by=by, now=now, before=before, after=_facts(charge), reason=reason)
            )
    audit.record_many(events)
    Charge.objects.filter(booking__session=session, state=ChargeState.PROPOSED).delete()
    return len(charges)


def _facts(charge: Charge) -> dict[str, str]:
    return {"kind": str(charge.kind), "amount": str(charge.amount), "state": str(charge.state)}


def _event(action: str, charge: Charge, *, by: User | None, now: dt.datetime, **details: Any) -> AuditEvent:
    """An audit event of a charge; the booking's reference names it for people."""
    return audit.event(
        action, charge, partnership=charge.partnership, by=by, now=now, reference=charge.booking.reference, **details
    )
