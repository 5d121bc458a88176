"""The register: a trainer's marks, one by one, and what each leads to (R63; domain 2.8).

A mark decides nothing until the register is finished (``attendance``). Trainers may share a register: each mark is
saved by itself, the last one counts, and saving the same one again changes nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from bookings.enums import BookingStatus
from bookings.models import Attendance, Booking, ChargingPolicy, Mark
from core import audit
from core.errors import RuleBroken
from core.models import AuditEvent
from core.periods import london_day
from courses.enums import SessionStatus
from courses.models import CourseSession

from .locking import session_locked

# Whoever is on the register: those with a confirmed place, and those who walked in.
ON_THE_REGISTER = (BookingStatus.BOOKED, BookingStatus.WALK_IN)


class RegisterClosed(RuleBroken):
    default_message = "The register of this session was finished. Correct it with a reason."


class RegisterNotOpen(RuleBroken):
    default_message = "The register opens on the day of the session."


class NotOnTheRegister(RuleBroken):
    default_message = "This person is not on the register of this session."


@dataclass(frozen=True)
class Marking:
    """What a trainer says about one person. ``minutes_late`` counts from the start; None when nobody looked at the
    clock.
    """

    mark: str
    minutes_late: int | None = None
    let_in: bool = True
    left_early: bool = False

    def as_fields(self) -> dict[str, Any]:
        """The fields of ``Attendance``; what does not belong to the mark is left out."""
        late, here = self.mark == Mark.LATE, self.mark != Mark.ABSENT
        return {
            "mark": self.mark,
            "minutes_late": self.minutes_late if late else None,
            "let_in": self.let_in if late else True,
            "left_early": self.left_early and here,
        }


def grace_minutes(*, policy: ChargingPolicy | None, length: str) -> int:
    """For how many minutes after the start people are let in without a decision; 0 where the policy names none."""
    return int((policy.late_grace_minutes or {}).get(length, 0)) if policy else 0


def outcome_of(*, marking: Marking, grace: int, walked_in: bool) -> BookingStatus:
    """The status that a mark leads to (domain 2.8, T9).

    Late within the grace is attended. Later than that the trainer decides: let in is attended, refused is "Arrived
    too late". Whoever leaves early attended part of it. A lateness that nobody timed is the trainer's decision too.
    Someone who never booked cannot have missed anything: marked absent, they were added by mistake and owe nothing.
    """
    if marking.mark == Mark.ABSENT:
        return BookingStatus.CANCELLED if walked_in else BookingStatus.DID_NOT_ATTEND
    if marking.mark == Mark.LATE and not marking.let_in:
        in_grace = marking.minutes_late is not None and marking.minutes_late <= grace
        if not in_grace:
            return BookingStatus.REFUSED_LATE
    if marking.left_early:
        return BookingStatus.PART
    return BookingStatus.WALK_IN if walked_in else BookingStatus.ATTENDED


def mark_attendance(
    *,
    booking: Booking,
    mark: str,
    by: User | None,
    now: dt.datetime,
    minutes_late: int | None = None,
    let_in: bool = True,
    left_early: bool = False,
) -> Attendance:
    """Save one mark of the register (R63). The last mark counts; the same mark again leaves no trace.

    Raises ``RegisterNotOpen`` before the session's first day, ``RegisterClosed`` once it is finished,
    ``NotOnTheRegister``.
    """
    with session_locked(booking.session) as session:
        refuse_unless_open(session=session, now=now)
        held = Booking.objects.select_related("attendance").get(pk=booking.pk)
        held.session = session
        if held.status not in ON_THE_REGISTER:
            raise NotOnTheRegister
        return write_mark(held, Marking(mark, minutes_late, let_in, left_early), by=by, now=now)


def refuse_unless_open(*, session: CourseSession, now: dt.datetime) -> None:
    """Raises ``RegisterNotOpen`` or ``RegisterClosed`` when marks are not taken."""
    if session.status == SessionStatus.CANCELLED:
        raise RegisterNotOpen("This session was cancelled, so it has no register.")
    if session.status == SessionStatus.HELD:
        raise RegisterClosed
    if london_day(now) < session.first_day:
        raise RegisterNotOpen


def write_mark(
    booking: Booking, marking: Marking, *, by: User | None, now: dt.datetime, reason: str = ""
) -> Attendance:
    """Write a mark and its audit row; nothing when it says what was said before. Belongs inside a transaction."""
    fields = marking.as_fields()
    attendance: Attendance | None = getattr(booking, "attendance", None)
    before = {name: getattr(attendance, name) for name in fields} if attendance else {}
    if attendance is not None and before == fields:
        return attendance
    attendance = attendance or Attendance(booking=booking)
    for name, value in {**fields, "marked_by_id": by.pk if by else 0, "marked_at": now}.items():
        setattr(attendance, name, value)
    attendance.save()
    audit.record_many([_event(attendance, by=by, now=now, before=before, reason=reason)])
    return attendance


def write_marks(bookings: list[Booking], marking: Marking, *, by: User | None, now: dt.datetime) -> None:
    """The same mark for many people who have none, in two statements. Belongs inside a transaction."""
    made = [
        Attendance(booking=booking, marked_by_id=by.pk if by else 0, marked_at=now, **marking.as_fields())
        for booking in bookings
    ]
    Attendance.objects.bulk_create(made)
    audit.record_many([_event(attendance, by=by, now=now, before={}) for attendance in made])


def _event(
    attendance: Attendance, *, by: User | None, now: dt.datetime, before: dict[str, Any], reason: str = ""
) -> AuditEvent:
    booking = attendance.booking
    return audit.event(
        "attendance.marked",
        attendance,
        partnership=booking.session.partnership,
        by=by,
        now=now,
        reference=booking.reference,
        before=before,
        after=marking_of(attendance).as_fields(),
        reason=reason,
    )


def marking_of(attendance: Attendance) -> Marking:
    """What was marked, as the rule reads it."""
    return Marking(attendance.mark, attendance.minutes_late, attendance.let_in, attendance.left_early)
