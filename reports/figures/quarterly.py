"""The quarterly report as plain data: what ``quarterly_report --format json`` prints and what every page shows."""

from __future__ import annotations

from typing import Any

from agencies.models import Agency
from core.models import Partnership
from core.periods import Quarter
from courses.models import Course

from .counts import Tallies, Tally, count_quarter
from .history import count_history, entry_of
from .learning import count_evaluations, count_impact
from .numbers import average, pounds
from .people import count_absence_reasons, count_certificates, count_priorities, count_sectors, count_trainers

MANY_WAITING = 10


def quarterly_figures(partnership: Partnership, quarter: Quarter) -> dict[str, Any]:
    """Every figure of the report on ``quarter``, JSON-ready (R141-R144).

    A session belongs to the quarter of its first day in London. ``totals``, ``courses`` and ``agencies`` hold the keys
    of the published format in its order; what follows is more of our own. Money is in pounds. Always the same small
    number of statements, however many bookings there are.
    """
    tallies = count_quarter(partnership, quarter)
    attended = tallies.total.attended
    agencies = _agencies(tallies)
    evaluations = count_evaluations(partnership, quarter, attended=attended)
    impact = count_impact(partnership, quarter)
    now = entry_of(
        quarter,
        tallies.total,
        evaluated=evaluations["received"],
        invited=impact["invited"],
        answered=impact["answered"],
    )
    return {
        "partnership": partnership.slug,
        "period": {"quarter": str(quarter), "start": quarter.start.isoformat(), "end": quarter.end.isoformat()},
        "totals": _totals(tallies),
        "courses": _courses(tallies),
        "agencies": agencies,
        "sectors": count_sectors(partnership, quarter, agencies),
        "absence_reasons": count_absence_reasons(partnership, quarter),
        "evaluations": evaluations,
        "impact": impact,
        "certificates": count_certificates(partnership, quarter, attended=attended),
        "trainers": count_trainers(partnership, quarter),
        "priorities": count_priorities(partnership, tallies),
        "sufficiency": _sufficiency(tallies),
        "history": count_history(partnership, quarter, now),
    }


def _totals(tallies: Tallies) -> dict[str, Any]:
    total = tallies.total
    cost = sum(total.costs.values())
    return {
        **_session_figures(total),
        "courses": len(tallies.courses),
        **total.more_figures(),
        "total_cost": pounds(cost) if cost else 0,
        "cost_per_attended": average(cost / total.attended, 2) if total.attended else None,
    }


def _session_figures(tally: Tally) -> dict[str, Any]:
    return tally.session_figures() | tally.booking_figures() | tally.cost_figures() | tally.rate_figures()


def _courses(tallies: Tallies) -> list[dict[str, Any]]:
    """One entry for every course with a session in the quarter, by code."""
    courses = Course.objects.filter(pk__in=tallies.courses).order_by("code").values_list("pk", "code", "title")
    return [
        {
            "code": code,
            **_session_figures(tallies.courses[pk]),
            "title": title,
            **tallies.courses[pk].more_figures(),
        }
        for pk, code, title in courses
    ]


def _agencies(tallies: Tallies) -> list[dict[str, Any]]:
    """One entry for every agency with a booking row in the quarter, by code; all noughts where nothing counts."""
    agencies = (
        Agency.objects.filter(pk__in=tallies.agencies).order_by("code").values_list("pk", "code", "name", "sector")
    )
    return [
        {
            "code": code,
            **tallies.agencies[pk].booking_figures(),
            "expected": tallies.agencies[pk].expected,
            "name": name,
            "sector": sector,
            **tallies.agencies[pk].more_figures(),
        }
        for pk, code, name, sector in agencies
    ]


def _sufficiency(tallies: Tallies) -> dict[str, int]:
    """Whether there were enough places: more are needed where more people waited than places stayed empty."""
    needed = [
        max(tally.outcome("waiting") - max(tally.places - tally.expected, 0), 0) for tally in tallies.courses.values()
    ]
    many = sum(tally.outcome("waiting") >= MANY_WAITING for tally in tallies.courses.values())
    return {
        "waiting": tallies.total.outcome("waiting"),
        "courses_with_many_waiting": many,
        "more_places_needed": sum(needed),
    }
