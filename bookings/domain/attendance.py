"""From the register to outcomes: finishing it and correcting it (R53, R63; domain 2.8).

Single marks and the rule of what each leads to are in ``marking``, people without a booking in ``walk_ins``.
"""

from __future__ import annotations

import datetime as dt

from accounts.models import User
from bookings import emails
from bookings.enums import REGISTERED, BookingStatus
from bookings.models import Booking, Charge, Mark, Register
from bookings.signals import attendance_recorded, register_finished
from core import audit
from core.errors import RuleBroken
from core.models import AuditEvent
from core.periods import at_clock, london_day
from core.working_days import add_working_days
from courses.enums import SessionStatus
from courses.models import CourseSession

from .certificates import match_certificate_to_attendance
from .charging import raise_charges, revise_charge
from .locking import session_locked
from .marking import (
    ON_THE_REGISTER,
    Marking,
    RegisterNotOpen,
    grace_minutes,
    mark_attendance,
    marking_of,
    outcome_of,
    write_mark,
    write_marks,
)
from .notice import reply_by
from .walk_ins import add_new_walk_in, add_walk_in

__all__ = [
    "Marking",
    "NotFinishedYet",
    "ReasonNeeded",
    "UnmarkedPeople",
    "add_new_walk_in",
    "add_walk_in",
    "correct_attendance",
    "finish_register",
    "mark_attendance",
]

ABSENT_WITHOUT_CANCELLING = (BookingStatus.DID_NOT_ATTEND, BookingStatus.REFUSED_LATE)


class UnmarkedPeople(RuleBroken):
    """Some people on the register have no mark. ``count`` says how many."""

    def __init__(self, count: int) -> None:
        self.count = count
        who = "1 person has" if count == 1 else f"{count} people have"
        super().__init__(f"{who} no mark yet. Mark everyone, or mark the rest as absent.")


class NotFinishedYet(RuleBroken):
    default_message = "This register is not finished, so there is nothing to correct. Change the mark instead."


class ReasonNeeded(RuleBroken):
    default_message = "Say why the register is corrected."


def finish_register(
    *, session: CourseSession, by: User | None, now: dt.datetime, rest_absent: bool = False
) -> Register:
    """Close the register: outcomes are set, charges proposed, the session counts as held (R53, R63, A5).

    Nobody is absent by omission: with people unmarked this raises ``UnmarkedPeople`` unless ``rest_absent`` says that
    they were. Those who did not come are written to the next working morning (mail 18). Finishing again changes
    nothing. Raises ``RegisterNotOpen`` before the session's last day has begun.
    """
    with session_locked(session) as locked:
        done = Register.objects.filter(session=locked).first()
        if done is not None:
            return done
        _refuse_unless_finishable(locked, now=now)
        bookings = _with_marks(locked)
        _mark_the_rest(bookings, rest_absent=rest_absent, by=by, now=now)
        _set_outcomes(bookings, by=by, now=now)
        register = _close(locked, by=by, now=now)
        raise_charges(bookings=bookings, by=by, now=now)
        _write_to_absent(locked, bookings, now=now)
        attendance_recorded.send(sender=Booking, bookings=bookings, by=by, now=now)
        register_finished.send(sender=Register, session=locked, by=by, now=now)
    return register


def _refuse_unless_finishable(session: CourseSession, *, now: dt.datetime) -> None:
    if session.status == SessionStatus.CANCELLED:
        raise RegisterNotOpen("This session was cancelled, so it has no register.")
    if now < session.starts_at or london_day(now) < london_day(session.ends_at):
        raise RegisterNotOpen("The register can be finished once the last day of the session has begun.")


def _with_marks(session: CourseSession) -> list[Booking]:
    rows = Booking.objects.filter(session=session, status__in=ON_THE_REGISTER).order_by("pk")
    bookings = list(rows.select_related("person", "policy", "agency", "attendance"))
    for booking in bookings:
        booking.session = session
    return bookings


def _mark_the_rest(bookings: list[Booking], *, rest_absent: bool, by: User | None, now: dt.datetime) -> None:
    unmarked = [booking for booking in bookings if not hasattr(booking, "attendance")]
    if unmarked and not rest_absent:
        raise UnmarkedPeople(len(unmarked))
    write_marks(unmarked, Marking(Mark.ABSENT), by=by, now=now)


def _set_outcomes(bookings: list[Booking], *, by: User | None, now: dt.datetime) -> None:
    events = []
    for booking in bookings:
        grace = grace_minutes(policy=booking.policy, length=booking.session.course.length)
        before, walked_in = booking.status, booking.status == BookingStatus.WALK_IN
        booking.status = outcome_of(marking=marking_of(booking.attendance), grace=grace, walked_in=walked_in)
        events.append(_outcome_event(booking, before=before, by=by, now=now))
    Booking.objects.bulk_update(bookings, ["status"], batch_size=500)
    audit.record_many(events)


def _outcome_event(booking: Booking, *, before: str, by: User | None, now: dt.datetime, reason: str = "") -> AuditEvent:
    return audit.event(
        "booking.outcome_recorded",
        booking,
        partnership=booking.session.partnership,
        by=by,
        now=now,
        reference=booking.reference,
        before={"status": before},
        after={"status": booking.status},
        reason=reason,
    )


def _close(session: CourseSession, *, by: User | None, now: dt.datetime) -> Register:
    register = Register.objects.create(session=session, finished_at=now, finished_by_id=by.pk if by else 0)
    before, session.status = session.status, SessionStatus.HELD
    session.save(update_fields=["status"])
    details = {"partnership": session.partnership, "by": by, "now": now, "reference": session.ref}
    audit.record("register.finished", session, before={"status": before}, after={"status": session.status}, **details)
    return register


def _write_to_absent(session: CourseSession, bookings: list[Booking], *, now: dt.datetime) -> None:
    """Mail 18, on the morning of the next working day, with the charge that was proposed and the day to answer by."""
    absent = [booking for booking in bookings if booking.status in ABSENT_WITHOUT_CANCELLING]
    if not absent:
        return
    nation = session.partnership.nation
    told_on = add_working_days(london_day(now), 1, nation=nation)
    charges = {charge.booking_id: charge for charge in Charge.objects.filter(booking__in=absent)}
    emails.queue_absences(
        absent,
        charges=charges,
        reply_by=lambda booking: reply_by(policy=booking.policy, told_on=told_on, nation=nation),
        due_at=at_clock(told_on, 8),
    )


def correct_attendance(
    *, booking: Booking, marking: Marking, reason: str, by: User | None, now: dt.datetime
) -> Booking:
    """Correct one person's mark after the register was finished, with a reason (R63).

    The outcome, the proposed charge and the certificate follow; a charge confirmed already is not changed behind
    anyone's back. Raises ``NotFinishedYet``, ``ReasonNeeded``, ``ChargeDecided``.
    """
    if not reason.strip():
        raise ReasonNeeded
    with session_locked(booking.session) as session:
        held: Booking = Booking.objects.select_related("person", "policy", "agency", "attendance").get(pk=booking.pk)
        held.session = session
        if session.status != SessionStatus.HELD or not _has_outcome(held):
            raise NotFinishedYet
        before = held.status
        write_mark(held, marking, by=by, now=now, reason=reason.strip())
        grace = grace_minutes(policy=held.policy, length=session.course.length)
        held.status = outcome_of(marking=marking, grace=grace, walked_in=_walked_in(held))
        if held.status != before:
            held.save(update_fields=["status"])
            audit.record_many([_outcome_event(held, before=before, by=by, now=now, reason=reason.strip())])
            revise_charge(booking=held, reason=reason.strip(), by=by, now=now)
            match_certificate_to_attendance(booking=held, by=by, now=now)
            attendance_recorded.send(sender=Booking, bookings=[held], by=by, now=now)
    return held


def _has_outcome(booking: Booking) -> bool:
    return booking.status in REGISTERED or hasattr(booking, "attendance")


def _walked_in(booking: Booking) -> bool:
    return booking.never_held_place or booking.status == BookingStatus.WALK_IN
