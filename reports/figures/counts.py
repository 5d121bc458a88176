"""The counting itself: what the sessions of a quarter offered, what became of their bookings, what was charged.

Every figure is an aggregate in the database; nothing here reads a booking row. Bookings of a session that the
partnership cancelled, and of one not held yet, count nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from bookings.enums import BookingStatus as S
from bookings.enums import ChargeKind, ChargeState
from bookings.models import Booking, Charge
from core.models import Partnership
from core.periods import Quarter
from courses.enums import SessionStatus
from courses.models import CourseSession

from .numbers import pounds, rate

# The report's words for what became of a booking, in the order of the report.
OUTCOMES = {
    "waiting": S.WAITING,
    "declined": S.DECLINED,
    "cancelled_in_time": S.CANCELLED,
    "late_cancelled": S.LATE_CANCELLED,
    "did_not_attend": S.DID_NOT_ATTEND,
    "refused_late": S.REFUSED_LATE,
    "part": S.PART,
    "substituted": S.SUBSTITUTED,
    "walk_in": S.WALK_IN,
}
COSTS = ("trainer_cost", "venue_cost", "refreshment_cost")
KINDS = {"absence": ChargeKind.ABSENCE, "place": ChargeKind.PLACE}


class Tally:
    """What has been counted for one course, one agency or the whole quarter."""

    def __init__(self) -> None:
        self.sessions: dict[str, int] = defaultdict(int)
        self.places = 0
        self.costs: dict[str, Decimal] = defaultdict(Decimal)
        self.statuses: dict[str, int] = defaultdict(int)
        self.charges: dict[tuple[str, str], tuple[int, Decimal]] = {}

    def add_charges(self, kind: str, state: str, count: int, amount: Decimal) -> None:
        before = self.charges.get((kind, state), (0, Decimal(0)))
        self.charges[kind, state] = (before[0] + count, before[1] + amount)

    def outcome(self, name: str) -> int:
        return self.statuses[OUTCOMES[name]]

    @property
    def applications(self) -> int:
        """Everyone who applied: booked, waiting and declined; a walk-in never applied."""
        return sum(self.statuses.values()) - self.outcome("walk_in")

    @property
    def booked(self) -> int:
        """Bookings that ever held a place."""
        return self.applications - self.outcome("waiting") - self.outcome("declined")

    @property
    def attended(self) -> int:
        """People who came for the whole session, walk-ins included."""
        return self.statuses[S.ATTENDED] + self.outcome("walk_in")

    @property
    def expected(self) -> int:
        """Bookings for which somebody should have come on the day."""
        gone = ("cancelled_in_time", "late_cancelled", "substituted")
        return self.booked - sum(self.outcome(name) for name in gone) - self.statuses[S.TRANSFERRED]

    @property
    def absent(self) -> int:
        return self.outcome("did_not_attend") + self.outcome("refused_late")

    def charged(self, *, kind: str = "", state: str = "") -> tuple[int, Decimal]:
        """How many charges, and how much; of one kind or state, or all whatever became of them."""
        chosen = [
            value
            for (of_kind, in_state), value in self.charges.items()
            if kind in ("", of_kind) and state in ("", in_state)
        ]
        return sum(count for count, _ in chosen), sum((amount for _, amount in chosen), Decimal(0))

    def session_figures(self) -> dict[str, Any]:
        return {
            "sessions_held": self.sessions[SessionStatus.HELD],
            "sessions_cancelled": self.sessions[SessionStatus.CANCELLED],
            "places": self.places,
        }

    def booking_figures(self) -> dict[str, Any]:
        count, amount = self.charged()
        return {
            "applications": self.applications,
            "booked": self.booked,
            **{name: self.statuses[status] for name, status in OUTCOMES.items()},
            "attended": self.attended,
            "charges_raised_count": count,
            "charges_raised": pounds(amount),
        }

    def cost_figures(self) -> dict[str, Any]:
        return {name: pounds(self.costs[name]) for name in COSTS}

    def rate_figures(self) -> dict[str, Any]:
        """The four rates, each with its own name because "attendance rate" means three different things."""
        came = self.statuses[S.ATTENDED] + self.outcome("part")
        return {
            "expected": self.expected,
            "take_up": rate(self.attended, self.places),
            "show_rate": rate(came, self.expected),
            "dna_rate": rate(self.absent, self.expected),
            "late_cancel_rate": rate(self.outcome("late_cancelled"), self.booked),
        }

    def more_figures(self) -> dict[str, Any]:
        """What the report adds: moves, and charges by kind and by what became of them."""
        more: dict[str, Any] = {"transferred": self.statuses[S.TRANSFERRED]}
        for name, kind in KINDS.items():
            count, amount = self.charged(kind=kind)
            more |= {f"{name}_charges_raised_count": count, f"{name}_charges_raised": pounds(amount)}
        waived_count, waived = self.charged(state=ChargeState.WAIVED)
        return more | {"charges_waived_count": waived_count, "charges_waived": pounds(waived)}


class Tallies:
    """The tallies of a quarter: per course, per agency, and of everything."""

    def __init__(self) -> None:
        self.courses: dict[int, Tally] = defaultdict(Tally)
        self.agencies: dict[int, Tally] = defaultdict(Tally)
        self.total = Tally()

    def of_course(self, course_id: int) -> Iterable[Tally]:
        return self.courses[course_id], self.total


def count_quarter(partnership: Partnership, quarter: Quarter) -> Tallies:
    """All tallies of the sessions whose first day lies in ``quarter``, in five statements (R141)."""
    tallies = Tallies()
    _count_sessions(tallies, partnership, quarter)
    _count_bookings(tallies, partnership, quarter)
    _count_charges(tallies, partnership, quarter)
    return tallies


def _count_sessions(tallies: Tallies, partnership: Partnership, quarter: Quarter) -> None:
    """Sessions by status; places of those held; costs of those held and of those cancelled, which cost money too."""
    sessions = CourseSession.objects.of(partnership).starting_in(quarter).order_by()
    sums = {name: Sum(name) for name in COSTS}
    rows = sessions.values("course_id", "status").annotate(count=Count("pk"), places=Sum("capacity"), **sums)
    for row in rows:
        for tally in tallies.of_course(row["course_id"]):
            tally.sessions[row["status"]] += row["count"]
            if row["status"] == SessionStatus.HELD:
                tally.places += row["places"]
            if row["status"] != SessionStatus.SCHEDULED:
                for name in COSTS:
                    tally.costs[name] += row[name]


def _count_bookings(tallies: Tallies, partnership: Partnership, quarter: Quarter) -> None:
    """Bookings by status: per course of held sessions, and per agency with a row in any session of the quarter."""
    bookings = Booking.objects.of(partnership).filter(
        session__starts_at__gte=quarter.starts_at, session__starts_at__lt=quarter.ends_before
    )
    per_course = (
        bookings.filter(session__status=SessionStatus.HELD).order_by().values_list("session__course_id", "status")
    )
    for course_id, status, count in per_course.annotate(count=Count("pk")):
        for tally in tallies.of_course(course_id):
            tally.statuses[status] += count
    per_agency = bookings.order_by().values_list("agency_id", "session__status", "status")
    for agency_id, session_status, status, count in per_agency.annotate(count=Count("pk")):
        counted = count if session_status == SessionStatus.HELD else 0
        tallies.agencies[agency_id].statuses[status] += counted


def _count_charges(tallies: Tallies, partnership: Partnership, quarter: Quarter) -> None:
    """Every charge ever raised for the held sessions, by kind and by what became of it."""
    charges = Charge.objects.of(partnership).filter(
        booking__session__starts_at__gte=quarter.starts_at,
        booking__session__starts_at__lt=quarter.ends_before,
        booking__session__status=SessionStatus.HELD,
    )
    counted = {"count": Count("pk"), "amount": Sum("amount")}
    per_course = charges.order_by().values_list("booking__session__course_id", "kind", "state")
    for course_id, *charge in per_course.annotate(**counted):
        for tally in tallies.of_course(course_id):
            tally.add_charges(*charge)
    per_agency = charges.order_by().values_list("agency_id", "kind", "state")
    for agency_id, *charge in per_agency.annotate(**counted):
        tallies.agencies[agency_id].add_charges(*charge)
