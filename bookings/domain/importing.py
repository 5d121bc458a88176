"""What a row of the list of bookings means (R43-R57, R153). Writing what it means is ``importing_writes``.

A booking from a file keeps the agency and the policy of the moment when it was made, like any other; nobody is
written to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from agencies.models import Agency, Employment, Person
from bookings.enums import HOLDS_A_PLACE, LIVE, REGISTERED, BookingStatus, ChargeState
from bookings.models import Booking, ChargingPolicy
from core.imports.lookup import by_code, rows_among
from core.imports.rows import CheckedRow
from core.models import Partnership
from core.periods import london_day
from courses.enums import SessionStatus
from courses.models import CourseSession

from .cancellation import is_late
from .places import free_places
from .policies import policy_for


@dataclass
class BookingPlan:
    """What a row comes to: the booking it changes, if there is one, and what it will be."""

    session: CourseSession
    person_id: int
    booking: Booking | None
    agency: Agency
    policy: ChargingPolicy | None
    status: BookingStatus = BookingStatus.BOOKED
    place_number: int | None = None

    @property
    def holds_a_place(self) -> bool:
        return self.status in HOLDS_A_PLACE


class KnownBookings:
    """The sessions, people and bookings that a file names: read once, compared row by row."""

    def __init__(self, partnership: Partnership, rows: list[CheckedRow], *, now: dt.datetime, writing: bool) -> None:
        self.partnership, self.now = partnership, now
        self.sessions = self._read_sessions(
            {row.values.get("session_ref", "").casefold() for row in rows}, lock=writing
        )
        emails = {row.values.get("email", "") for row in rows}
        everyone = Person.objects.of(partnership).exclude(email="").values_list("email", "pk")
        self.people: dict[str, int] = {email: pk for email, pk in everyone.iterator() if email in emails}
        self.agencies = {agency.pk: agency for agency in Agency.objects.of(partnership)}
        self.jobs = self._read_jobs()
        self.bookings: dict[tuple[int, int], list[Booking]] = {}
        ids = [session.pk for session in self.sessions.values()]
        mine = Booking.objects.order_by("booked_at", "pk")
        for booking in rows_among(mine.select_related("policy", "charge", "attendance", "certificate"), "session", ids):
            self.bookings.setdefault((booking.session_id, booking.person_id), []).append(booking)
        self._policies: dict[dt.date, ChargingPolicy | None] = {}

    def _read_sessions(self, refs: set[str], *, lock: bool) -> dict[str, CourseSession]:
        here = CourseSession.objects.of(self.partnership)
        ids = [pk for pk, ref in here.values_list("pk", "ref") if ref.casefold() in refs]
        named = here.filter(pk__in=ids).select_related("course", "partnership").order_by("pk")
        if lock:
            named = named.select_for_update(of=("self",), no_key=True)
        return by_code((session.ref, session) for session in named)

    def _read_jobs(self) -> dict[int, list[Employment]]:
        jobs: dict[int, list[Employment]] = {}
        for job in rows_among(Employment.objects.all(), "person", self.people.values()):
            jobs.setdefault(job.person_id, []).append(job)
        return jobs

    def compare(self, rows: list[CheckedRow], refused: list[CheckedRow]) -> None:
        """Refuse what cannot be and settle what each row changes; ``row.found`` becomes its ``BookingPlan``."""
        for row in [*rows, *refused]:
            self._resolve(row)
        for row in rows:
            if row.is_good:
                self._plan(row)
        by_session: dict[int, list[CheckedRow]] = {}
        for row in rows:
            if row.is_good:
                by_session.setdefault(row.found.session.pk, []).append(row)
        for planned in by_session.values():
            self._give_places(planned)
        for row in rows:
            if row.is_good and row.found.booking is not None:
                self._compare(row, row.found.booking)

    def _resolve(self, row: CheckedRow) -> None:
        ref, email = row.values.get("session_ref", ""), row.values.get("email", "")
        if ref and ref.casefold() not in self.sessions:
            row.refuse("session_ref", f"there is no session “{ref}”")
        if email and email not in self.people:
            row.refuse("email", f"there is no person with the email address {email}")

    # What a row comes to
    def _plan(self, row: CheckedRow) -> None:
        if not self._has_sound_dates(row):
            return
        session = self.sessions[row.values["session_ref"].casefold()]
        person_id = self.people[row.values["email"]]
        booking = self._booking_of(session, person_id)
        plan = self._terms(row, session, person_id, booking)
        if plan is None:
            row.refuse("email", "this person works for no agency, so the booking has none")
            return
        plan.status = self._status(row, plan)
        row.found = plan
        self._check_against_time(row, plan)
        if booking is not None:
            self._check_against_past(row, plan, booking)

    def _has_sound_dates(self, row: CheckedRow) -> bool:
        cancelled_at = row.values.get("cancelled_at")
        if cancelled_at is None:
            if row.values["outcome"] == BookingStatus.CANCELLED:
                row.refuse("cancelled_at", "is missing: it decides whether the booking was cancelled in time")
        elif cancelled_at < row.values["booked_at"]:
            row.refuse("cancelled_at", "is before the booking was made")
        return row.is_good

    def _booking_of(self, session: CourseSession, person_id: int) -> Booking | None:
        """The person's booking of the session: the one that counts now, else the latest."""
        theirs = self.bookings.get((session.pk, person_id), [])
        return next((booking for booking in theirs if booking.status in LIVE), theirs[-1] if theirs else None)

    def _terms(
        self, row: CheckedRow, session: CourseSession, person_id: int, booking: Booking | None
    ) -> BookingPlan | None:
        """Agency and policy of the moment of booking; a booking whose moment stays keeps those it has (T11, R57)."""
        booked_at = row.values["booked_at"]
        if booking is not None and booking.booked_at == booked_at:
            return BookingPlan(session, person_id, booking, self.agencies[booking.agency_id], booking.policy)
        day = london_day(booked_at)
        agency_id = agency_at(self.jobs.get(person_id, ()), day=day)
        if agency_id is None:
            return None
        return BookingPlan(session, person_id, booking, self.agencies[agency_id], self._policy_on(day))

    def _policy_on(self, day: dt.date) -> ChargingPolicy | None:
        if day not in self._policies:
            found = policy_for(self.partnership, day)
            # One object for each policy, so that its prices are read once.
            same = (known for known in self._policies.values() if known == found)
            self._policies[day] = next(same, found)
        return self._policies[day]

    def _status(self, row: CheckedRow, plan: BookingPlan) -> BookingStatus:
        """``cancelled`` is in time or late by the policy in force when the booking was made (R53, R57)."""
        status = BookingStatus(row.values["outcome"])
        cancelled_at = row.values.get("cancelled_at")
        if status == BookingStatus.CANCELLED and cancelled_at is not None:
            nation = self.partnership.nation
            first_day = plan.session.first_day
            if is_late(policy=plan.policy, first_day=first_day, nation=nation, cancelled_at=cancelled_at):
                return BookingStatus.LATE_CANCELLED
        return status

    # What speaks against it
    def _check_against_time(self, row: CheckedRow, plan: BookingPlan) -> None:
        session = plan.session
        to_come = session.status == SessionStatus.SCHEDULED and session.starts_at > self.now
        if to_come and plan.status in REGISTERED:
            row.refuse("outcome", f"{plan.status.label} cannot be: the session is still to come")

    def _check_against_past(self, row: CheckedRow, plan: BookingPlan, booking: Booking) -> None:
        """What people decided since is not undone by a file."""
        if booking.status == plan.status and booking.booked_at == row.values["booked_at"]:
            return
        charge, certificate = getattr(booking, "charge", None), getattr(booking, "certificate", None)
        if charge is not None and charge.state != ChargeState.PROPOSED:
            row.refuse(
                "outcome",
                f"its charge was {charge.get_state_display().lower()} already; change the booking on its page",
            )
        elif certificate is not None and certificate.withdrawn_at is None:
            row.refuse("outcome", "it has a certificate; change the booking on its page")
        elif booking.status in REGISTERED and plan.status in (*HOLDS_A_PLACE, BookingStatus.WAITING):
            row.refuse("outcome", f"the register says {booking.get_status_display()}; change it there")

    def _give_places(self, rows: list[CheckedRow]) -> None:
        """Number the places of bookings still to be held, first come first served; refuse those beyond the capacity
        (R44).

        A session that was held or cancelled needs no numbers, and may have been overfull.
        """
        session = rows[0].found.session
        holding = sorted(
            (row for row in rows if row.found.holds_a_place), key=lambda row: (row.values["booked_at"], row.line)
        )
        touched = {row.found.booking.pk for row in rows if row.found.booking is not None}
        for row in holding:
            booking = row.found.booking
            row.found.place_number = booking.place_number if booking is not None and booking.holds_a_place else None
        if session.status != SessionStatus.SCHEDULED:
            return
        others = [b.place_number for b in self._bookings_of(session) if b.holds_a_place and b.pk not in touched]
        kept = [row.found.place_number for row in holding if row.found.place_number is not None]
        free = free_places(capacity=session.capacity, taken=[*others, *kept])
        for row in holding:
            if row.found.place_number is None and free:
                row.found.place_number = free.pop(0)
            elif row.found.place_number is None:
                row.refuse("session_ref", f"all {session.capacity} places of {session.ref} are taken")

    def _bookings_of(self, session: CourseSession) -> Iterable[Booking]:
        return (one for (session_id, _), theirs in self.bookings.items() if session_id == session.pk for one in theirs)

    def _compare(self, row: CheckedRow, booking: Booking) -> None:
        row.values["outcome"] = str(row.found.status)
        row.compare_with(
            {
                "booked_at": booking.booked_at,
                "outcome": booking.status,
                "cancelled_at": booking.cancelled_at,
                "absence_reason": booking.absence_reason_text or booking.get_absence_reason_display(),
            }
        )


def agency_at(jobs: Iterable[Employment], *, day: dt.date) -> int | None:
    """The agency for which someone worked on ``day`` (T11): of several jobs the one begun last, then the one ended
    first.

    Where no job covers the day, the one that begins next or ended last.
    """
    jobs = list(jobs)
    current = [job for job in jobs if (job.start_date or day) <= day <= (job.end_date or day)]
    if current:
        best = max(current, key=lambda job: (job.start_date or dt.date.min, -(job.end_date or dt.date.max).toordinal()))
        return best.agency_id
    nearest = min(jobs, key=lambda job: _days_from(job, day), default=None)
    return nearest.agency_id if nearest is not None else None


def _days_from(job: Employment, day: dt.date) -> int:
    if job.start_date is not None and day < job.start_date:
        return (job.start_date - day).days
    return (day - (job.end_date or day)).days


def objections_to(changes: dict[int, dict[str, Any]], *, now: dt.datetime) -> dict[int, tuple[str, str]]:
    """What speaks against changing sessions by a file: fewer places than are held, or cancelling one to come without
    telling
    those who booked (R44). ``changes`` are capacity and status by session; returns column and reason by session.
    """
    found: dict[int, tuple[str, str]] = {}
    live = Booking.objects.filter(session__in=changes, status__in=[*HOLDS_A_PLACE, BookingStatus.WAITING])
    holding: dict[int, int] = {}
    to_come: set[int] = set()
    for session_id, status, starts_at in live.values_list("session_id", "status", "session__starts_at"):
        holding[session_id] = holding.get(session_id, 0) + (status in HOLDS_A_PLACE)
        if starts_at > now:
            to_come.add(session_id)
    for session_id, count in holding.items():
        change = changes[session_id]
        if change["status"] == SessionStatus.CANCELLED and session_id in to_come:
            found[session_id] = ("status", "people have booked it; cancel it on its page, so that they are told")
        elif change["status"] == SessionStatus.SCHEDULED and change["capacity"] < count:
            found[session_id] = ("capacity", f"{count} people hold places, so there cannot be fewer")
    return found
