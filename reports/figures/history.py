"""The same figures for up to 8 quarters, so that a quarter can be seen beside the last one and the year before."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, Q, Sum, Value, When

from bookings.enums import ATTENDED_IN_FULL
from bookings.models import Booking, Charge
from core.models import Partnership
from core.periods import Quarter
from courses.enums import SessionStatus
from courses.models import CourseSession
from evaluations.models import ImpactFollowUp, InitialEvaluation

from .counts import Tally
from .numbers import pounds, rate

QUARTERS_SHOWN = 8


def quarters_up_to(quarter: Quarter, count: int) -> list[Quarter]:
    """``count`` quarters ending with ``quarter``, the oldest first."""
    quarters = [quarter]
    while len(quarters) < count:
        quarters.append(quarters[-1].previous)
    return quarters[::-1]


def _number_of(quarters: list[Quarter], path: str) -> Case:
    """Which of ``quarters`` the session at ``path`` belongs to, as its place in the list."""
    whens = [
        When(**{f"{path}starts_at__gte": each.starts_at, f"{path}starts_at__lt": each.ends_before}, then=Value(number))
        for number, each in enumerate(quarters)
    ]
    return Case(*whens)


def _within(quarters: list[Quarter], path: str) -> Q:
    first, last = quarters[0], quarters[-1]
    return Q(**{f"{path}starts_at__gte": first.starts_at, f"{path}starts_at__lt": last.ends_before})


def count_history(partnership: Partnership, quarter: Quarter, current: dict[str, Any]) -> list[dict[str, Any]]:
    """One entry for each quarter since the first session of at most 8 quarters ago, the asked one last (R141).

    ``current`` is the entry of ``quarter`` itself, from ``entry_of``: its bookings are not counted a second time.
    """
    past = quarters_up_to(quarter.previous, QUARTERS_SHOWN - 1)
    tallies = _tallies(partnership, past)
    evaluated = _evaluated(partnership, past)
    followed_up = _followed_up(partnership, past)
    entries = [
        entry_of(each, tallies[n], evaluated=evaluated.get(n, 0), invited=followed_up[n][0], answered=followed_up[n][1])
        for n, each in enumerate(past)
    ]
    begun = next((n for n, tally in enumerate(tallies) if sum(tally.sessions.values())), len(entries))
    return [*entries[begun:], current]


def entry_of(quarter: Quarter, tally: Tally, *, evaluated: int, invited: int, answered: int) -> dict[str, Any]:
    """One quarter's line of the history."""
    return {
        "quarter": str(quarter),
        "label": f"Q{quarter.number} {quarter.year_label[2:].replace('-', '/')}",
        **tally.session_figures(),
        "booked": tally.booked,
        "expected": tally.expected,
        "attended": tally.attended,
        "absent": tally.absent,
        "take_up": rate(tally.attended, tally.places),
        "dna_rate": rate(tally.absent, tally.expected),
        "charges_raised": pounds(tally.charged()[1]),
        "evaluations": evaluated,
        "evaluation_rate": rate(evaluated, tally.attended),
        "impact_invited": invited,
        "impact_answered": answered,
        "impact_rate": rate(answered, invited),
    }


def _tallies(partnership: Partnership, quarters: list[Quarter]) -> list[Tally]:
    tallies = [Tally() for _ in quarters]
    sessions = CourseSession.objects.of(partnership).filter(_within(quarters, "")).order_by()
    rows = sessions.values_list(_number_of(quarters, ""), "status").annotate(count=Count("pk"), places=Sum("capacity"))
    for number, status, count, places in rows:
        tallies[number].sessions[status] += count
        tallies[number].places += places if status == SessionStatus.HELD else 0
    bookings = Booking.objects.of(partnership).filter(
        _within(quarters, "session__"), session__status=SessionStatus.HELD
    )
    number_of = _number_of(quarters, "session__")
    for number, status, count in bookings.order_by().values_list(number_of, "status").annotate(count=Count("pk")):
        tallies[number].statuses[status] += count
    _add_charges(tallies, partnership, quarters)
    return tallies


def _add_charges(tallies: list[Tally], partnership: Partnership, quarters: list[Quarter]) -> None:
    path = "booking__session__"
    charges = Charge.objects.of(partnership).filter(
        _within(quarters, path), booking__session__status=SessionStatus.HELD
    )
    rows = charges.order_by().values_list(_number_of(quarters, path), "kind", "state")
    for number, *charge in rows.annotate(count=Count("pk"), amount=Sum("amount")):
        tallies[number].add_charges(*charge)


def _evaluated(partnership: Partnership, quarters: list[Quarter]) -> dict[int, int]:
    """How many who attended in full sent their evaluation, per quarter of the session."""
    path = "booking__session__"
    evaluations = InitialEvaluation.objects.filter(
        _within(quarters, path),
        booking__partnership=partnership,
        booking__session__status=SessionStatus.HELD,
        booking__status__in=ATTENDED_IN_FULL,
    )
    rows = evaluations.order_by().values_list(_number_of(quarters, path)).annotate(count=Count("pk"))
    return dict(rows)


def _followed_up(partnership: Partnership, quarters: list[Quarter]) -> list[tuple[int, int]]:
    """Learners asked about impact and those who answered, per quarter in which they were due to be asked."""
    counts: dict[str, Count] = {}
    for number, quarter in enumerate(quarters):
        asked = Q(due_on__gte=quarter.start, due_on__lte=quarter.end, invited_at__isnull=False)
        counts[f"invited_{number}"] = Count("pk", filter=asked)
        counts[f"answered_{number}"] = Count("pk", filter=asked & Q(answered_at__isnull=False))
    due = ImpactFollowUp.objects.filter(
        partnership=partnership,
        stage=ImpactFollowUp.Stage.LEARNER,
        due_on__gte=quarters[0].start,
        due_on__lte=quarters[-1].end,
    )
    found = due.aggregate(**counts)
    return [(found[f"invited_{n}"], found[f"answered_{n}"]) for n in range(len(quarters))]
