"""The quarterly figures worked out a second time, straight from the files and from the published definitions.

Deliberately shares nothing with the service: no model, no working-day function, no price list, not even its rounding.
When the two disagree, one of them reads the rules wrongly.
"""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

ENGLAND = """
2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26
2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
"""
SCOTLAND = """
2024-01-01 2024-01-02 2024-03-29 2024-05-06 2024-05-27 2024-08-05 2024-12-02 2024-12-25 2024-12-26
2025-01-01 2025-01-02 2025-04-18 2025-05-05 2025-05-26 2025-08-04 2025-12-01 2025-12-25 2025-12-26
"""
BANK_HOLIDAYS = {
    "England": {dt.date.fromisoformat(day) for day in ENGLAND.split()},
    "Scotland": {dt.date.fromisoformat(day) for day in SCOTLAND.split()},
}
NOT_BOOKED = {"waiting", "declined", "walk_in"}
GONE = {"cancelled", "late_cancelled", "substituted", "transferred"}
CAME = {"attended", "part", "walk_in"}
MISSED = {"did_not_attend", "refused_late", "late_cancelled"}


def expected_figures(folder: Path, quarter: str) -> dict[str, Any]:
    """The report on ``quarter`` (``2025-Q1``) of the files in ``folder``, with the keys of the published format."""
    files = _Files(folder)
    first, last = quarter_bounds(quarter, files.partnership.get("year_start_month", 4))
    sessions = {ref: s for ref, s in files.sessions.items() if first <= s["first_day"] <= last}
    rows = [_Row(files, row) for row in files.bookings if row["session_ref"] in sessions]
    codes = sorted({s["course_code"] for s in sessions.values()})
    return {
        "partnership": files.partnership["slug"],
        "period": {"quarter": quarter, "start": first.isoformat(), "end": last.isoformat()},
        "totals": _figures(list(sessions.values()), rows) | {"courses": len(codes)},
        "courses": [
            {"code": code}
            | _figures(
                [s for s in sessions.values() if s["course_code"] == code], [r for r in rows if r.course == code]
            )
            for code in codes
        ],
        "agencies": [
            {"code": code} | _booking_figures([r for r in rows if r.agency == code])
            for code in sorted({r.agency for r in rows})
        ],
    }


def quarter_bounds(quarter: str, start_month: int) -> tuple[dt.date, dt.date]:
    year, number = int(quarter[:4]), int(quarter[-1])
    months = year * 12 + (start_month - 1) + 3 * (number - 1)
    first = dt.date(months // 12, months % 12 + 1, 1)
    after = dt.date((months + 3) // 12, (months + 3) % 12 + 1, 1)
    return first, after - dt.timedelta(days=1)


def last_free_day(first_day: dt.date, notice: dict[str, Any], nation: str) -> dt.date:
    """The day up to whose end a cancellation is free."""
    if notice["unit"] == "calendar_days":
        return first_day - dt.timedelta(days=notice["days"])
    day, left = first_day, notice["days"]
    while left:
        day -= dt.timedelta(days=1)
        left -= day.isoweekday() < 6 and day not in BANK_HOLIDAYS[nation]
    return day


class _Files:
    def __init__(self, folder: Path) -> None:
        self.partnership = tomllib.loads((folder / "partnership.toml").read_text())
        self.agencies = {row["code"]: row for row in _rows(folder / "agencies.csv")}
        self.staff = {row["email"]: row for row in _rows(folder / "staff.csv")}
        self.courses = {row["code"]: row for row in _rows(folder / "courses.csv")}
        self.bookings = _rows(folder / "bookings.csv")
        self.sessions: dict[str, dict[str, Any]] = {}
        for row in sorted(_rows(folder / "sessions.csv"), key=lambda row: row["start"]):
            session = self.sessions.setdefault(row["ref"], {**row, "first_day": _day(row["start"]), "costs": Counter()})
            for cost in ("trainer_cost", "venue_cost", "refreshment_cost"):
                session["costs"][cost] += Decimal(row[cost] or "0")

    def policy_on(self, day: dt.date) -> dict[str, Any]:
        begun = [policy for policy in self.partnership["charging_policies"] if policy["effective_from"] <= day]
        return max(begun, key=lambda policy: policy["effective_from"])


class _Row:
    """One booking row: what became of it and what it costs."""

    def __init__(self, files: _Files, row: dict[str, str]) -> None:
        session = files.sessions[row["session_ref"]]
        self.course = session["course_code"]
        self.agency = files.staff[row["email"]]["agency_code"]
        self.counts = session["status"] == "held"
        policy = files.policy_on(_day(row["booked_at"]))
        self.outcome = row["outcome"]
        if self.outcome == "cancelled" and row["cancelled_at"]:
            free = last_free_day(session["first_day"], policy["notice"], files.partnership["nation"])
            self.outcome = "late_cancelled" if _day(row["cancelled_at"]) > free else "cancelled"
        tier = files.agencies[self.agency]["charge_tier"]
        self.charge = _price(self.outcome, policy, tier, files.courses[self.course]["length"])


def _price(outcome: str, policy: dict[str, Any], tier: str, length: str) -> Decimal:
    days = 1
    if length.endswith("_days"):
        days, length = int(length.split("_")[0]), "full_day"
    fee = Decimal(str(policy["place_fees"].get(tier, {}).get(length, 0))) * days
    absence = Decimal(str(policy["absence"].get(length, 0))) * days
    if outcome in MISSED:
        return max(fee, absence)
    return fee if outcome in CAME else Decimal(0)


def _figures(sessions: list[dict[str, Any]], rows: list[_Row]) -> dict[str, Any]:
    held = [s for s in sessions if s["status"] == "held"]
    over = [s for s in sessions if s["status"] in ("held", "cancelled")]
    figures: dict[str, Any] = {
        "sessions_held": len(held),
        "sessions_cancelled": len(over) - len(held),
        "places": sum(int(s["capacity"]) for s in held),
        **_booking_figures(rows),
    }
    for cost in ("trainer_cost", "venue_cost", "refreshment_cost"):
        figures[cost] = _money(sum((s["costs"][cost] for s in over), Decimal(0)))
    outcomes = Counter(row.outcome for row in rows if row.counts)
    expected = figures["booked"] - sum(outcomes[code] for code in GONE)
    return figures | {
        "expected": expected,
        "take_up": _rate(figures["attended"], figures["places"]),
        "show_rate": _rate(outcomes["attended"] + outcomes["part"], expected),
        "dna_rate": _rate(outcomes["did_not_attend"] + outcomes["refused_late"], expected),
        "late_cancel_rate": _rate(outcomes["late_cancelled"], figures["booked"]),
    }


def _booking_figures(rows: list[_Row]) -> dict[str, Any]:
    counted = [row for row in rows if row.counts]
    outcomes = Counter(row.outcome for row in counted)
    charges = [row.charge for row in counted if row.charge]
    return {
        "applications": len(counted) - outcomes["walk_in"],
        "booked": sum(row.outcome not in NOT_BOOKED for row in counted),
        "waiting": outcomes["waiting"],
        "declined": outcomes["declined"],
        "cancelled_in_time": outcomes["cancelled"],
        "late_cancelled": outcomes["late_cancelled"],
        "did_not_attend": outcomes["did_not_attend"],
        "refused_late": outcomes["refused_late"],
        "part": outcomes["part"],
        "substituted": outcomes["substituted"],
        "walk_in": outcomes["walk_in"],
        "attended": outcomes["attended"] + outcomes["walk_in"],
        "charges_raised_count": len(charges),
        "charges_raised": _money(sum(charges, Decimal(0))),
    }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])


def _rate(part: int, whole: int) -> float | None:
    if whole == 0:
        return None
    return float((Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"), ROUND_HALF_UP))


def _money(amount: Decimal) -> float:
    return int(amount) if amount == int(amount) else float(round(amount, 2))
