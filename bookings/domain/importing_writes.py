"""Writing bookings that come from a file: the bookings, what the register said, and the charges that follow (R53,
R153).
"""

from __future__ import annotations

from typing import Any

from bookings.enums import NEVER_BOOKED, REGISTERED, BookingStatus
from bookings.models import Attendance, Booking, Charge, Mark, Register
from bookings.models.booking import new_reference
from core.imports.ledger import Ledger, as_before
from core.imports.rows import CHANGED, NEW, CheckedRow
from courses.enums import SessionStatus

from .absence_reasons import reason_code
from .importing import BookingPlan
from .pricing import priced

FIELDS = [
    "agency",
    "policy",
    "status",
    "place_number",
    "never_held_place",
    "booked_at",
    "cancelled_at",
    "absence_reason",
    "absence_reason_text",
]
MARK_FIELDS = ["mark", "let_in", "left_early"]
MARKS: dict[str, dict[str, Any]] = {
    BookingStatus.ATTENDED: {"mark": Mark.HERE, "let_in": True, "left_early": False},
    BookingStatus.WALK_IN: {"mark": Mark.HERE, "let_in": True, "left_early": False},
    BookingStatus.PART: {"mark": Mark.HERE, "let_in": True, "left_early": True},
    BookingStatus.DID_NOT_ATTEND: {"mark": Mark.ABSENT, "let_in": True, "left_early": False},
    BookingStatus.REFUSED_LATE: {"mark": Mark.LATE, "let_in": False, "left_early": False},
}


def write_bookings(rows: list[CheckedRow], *, ledger: Ledger) -> None:
    """Write bookings, then marks, registers and proposed charges; an audit event for each booking and charge (R53).

    Places that fall free are written before they are given again. Nobody is written to: this is history.
    """
    changed = [row for row in rows if row.state == CHANGED]
    new = [row for row in rows if row.state == NEW]
    before = {row.found.booking.pk: as_before(row.found.booking, FIELDS) for row in changed}
    attended_before = {row.found.booking.pk: getattr(row.found.booking, "attendance", None) for row in changed}
    charged_before = {row.found.booking.pk: getattr(row.found.booking, "charge", None) for row in changed}
    references = iter(_fresh_references(len(new)))
    for row in rows:
        _fill(row, references)
    leaving = [row.found.booking for row in changed if row.found.place_number is None]
    ledger.change(leaving, before, FIELDS)
    ledger.change([row.found.booking for row in changed if row.found.place_number is not None], before, FIELDS)
    ledger.create([row.found.booking for row in new])
    bookings = [row.found.booking for row in rows]
    _write_marks(bookings, attended_before, ledger)
    _write_registers([row.found for row in rows], ledger)
    ledger.record("booking.imported", [row.found.booking for row in new], reference="reference")
    ledger.record_changes(
        "booking.changed_by_import",
        [(row.found.booking, row.changed_values()) for row in changed],
        reference="reference",
    )
    _write_charges(bookings, charged_before, ledger)


def _fresh_references(count: int) -> list[str]:
    """References that no booking has."""
    fresh: set[str] = set()
    while len(fresh) < count:
        wanted = {new_reference() for _ in range(count - len(fresh))}
        fresh |= wanted - set(Booking.objects.filter(reference__in=wanted).values_list("reference", flat=True))
    return list(fresh)


def _fill(row: CheckedRow, references: Any) -> None:
    plan: BookingPlan = row.found
    values = row.values
    booking = plan.booking or Booking(
        partnership_id=plan.session.partnership_id, person_id=plan.person_id, reference=next(references)
    )
    booking.session, booking.agency, booking.policy = plan.session, plan.agency, plan.policy
    booking.status, booking.place_number = plan.status, plan.place_number
    booking.never_held_place = plan.status in NEVER_BOOKED
    booking.booked_at = values["booked_at"]
    if "cancelled_at" in values:
        booking.cancelled_at = values["cancelled_at"]
    if "absence_reason" in values:
        booking.absence_reason = reason_code(values["absence_reason"])
        booking.absence_reason_text = values["absence_reason"]
    plan.booking = booking


def _write_marks(bookings: list[Booking], known: dict[int, Attendance | None], ledger: Ledger) -> None:
    """The trainer's marks that the outcomes speak of."""
    new, changed, before, gone = [], [], {}, []
    for booking in bookings:
        mark, wanted = known.get(booking.pk), MARKS.get(booking.status)
        if wanted is None:
            gone += [mark] if mark else []
        elif mark is None:
            at = booking.session.ends_at
            new.append(Attendance(booking=booking, marked_at=at, marked_by_id=ledger.by_id, **wanted))
        elif any(getattr(mark, name) != value for name, value in wanted.items()):
            before[mark.pk] = as_before(mark, MARK_FIELDS)
            for name, value in wanted.items():
                setattr(mark, name, value)
            changed.append(mark)
    ledger.delete(gone)
    ledger.change(changed, before, MARK_FIELDS)
    ledger.create(new)


def _write_registers(plans: list[BookingPlan], ledger: Ledger) -> None:
    """A session that was held and whose outcomes are known has had its register taken."""
    held = {
        plan.session.pk: plan.session
        for plan in plans
        if plan.status in REGISTERED and plan.session.status == SessionStatus.HELD
    }
    done = set(Register.objects.filter(session__in=held).values_list("session_id", flat=True))
    ledger.create(
        [
            Register(session=session, finished_at=session.ends_at, finished_by_id=ledger.by_id)
            for pk, session in held.items()
            if pk not in done
        ]
    )


def _write_charges(bookings: list[Booking], known: dict[int, Charge | None], ledger: Ledger) -> None:
    """Propose what the outcomes cost, exactly as a live one would; a proposal that no longer fits is replaced
    (R53-R57).
    """
    wanted = {charge.booking_id: charge for charge in priced(bookings, now=ledger.now)}
    new, gone = [], []
    for booking in bookings:
        old, charge = known.get(booking.pk), wanted.get(booking.pk)
        same = old is not None and charge is not None and (old.kind, old.amount) == (charge.kind, charge.amount)
        if same:
            continue
        if old is not None:
            old.booking = booking
            gone.append(old)
        if charge is not None:
            new.append(charge)
    ledger.record("charge.taken_back", gone, reference="booking.reference")
    ledger.delete(gone)
    ledger.create(new)
    ledger.record("charge.raised", new, reference="booking.reference")
