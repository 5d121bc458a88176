"""Partnership files made up from a seed, in the formats real ones come in, with a date at every edge.

Each set of files has sessions on both sides of both ends of its quarter, bookings made on both sides of every change of
policy, and cancellations on both sides of the last free midnight.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path

from tests.reports.independent import last_free_day, quarter_bounds

TIERS = "ABCDEFG"
LENGTHS = ["briefing", "half_day", "full_day", "2_days", "3_days", "e_learning"]
SECTORS = ["Local authority", "Police", "Health (NHS)", "Education - state-funded", "Housing", "Private provider"]
HELD = ["attended"] * 9 + ["cancelled"] * 5 + ["did_not_attend"] * 2
HELD += ["refused_late", "part", "substituted", "transferred", "waiting", "declined", "walk_in", "late_cancelled"]
CANCELLED = ["session_cancelled"] * 4 + ["cancelled", "late_cancelled", "waiting", "declined", "transferred"]
AHEAD = ["booked"] * 4 + ["waiting", "cancelled", "declined", "requested"]


@dataclass(frozen=True)
class Case:
    """What one set of files is about. ``notices`` are the policies' notice days, the first from long ago."""

    seed: int
    quarter: str
    about: str
    start_month: int = 4
    nation: str = "England"
    unit: str = "working_days"
    notices: tuple[int, ...] = (3, 5)
    change_on: dt.date = dt.date(2025, 4, 1)

    def __str__(self) -> str:
        return f"{self.seed}-{self.quarter}-{self.about.replace(' ', '-')}"


CASES = [
    Case(1, "2025-Q1", "policy changes at the quarter's start"),
    Case(2, "2024-Q4", "clocks go forward and Easter is near"),
    Case(3, "2025-Q3", "clocks go back and Christmas", notices=(5, 10), change_on=dt.date(2025, 12, 1)),
    Case(4, "2025-Q4", "New Year and the end of the programme year", notices=(2, 7)),
    Case(5, "2026-Q1", "May bank holidays", notices=(3, 7), change_on=dt.date(2026, 4, 1)),
    Case(6, "2025-Q2", "summer bank holiday", notices=(1, 3), change_on=dt.date(2025, 8, 25)),
    Case(7, "2025-Q1", "Scotland works on Easter Monday", nation="Scotland"),
    Case(8, "2025-Q3", "Scotland has Saint Andrew", nation="Scotland", notices=(5, 10)),
    Case(9, "2025-Q1", "academic year from September", start_month=9),
    Case(10, "2025-Q4", "calendar year", start_month=1, notices=(3, 4)),
    Case(11, "2025-Q1", "calendar days of notice", unit="calendar_days", notices=(7, 14)),
    Case(12, "2024-Q4", "calendar days over the clock change", unit="calendar_days", notices=(2, 3)),
    Case(13, "2025-Q1", "no notice at all", notices=(0, 1)),
    Case(14, "2025-Q1", "one policy only", notices=(10,)),
    Case(15, "2024-Q1", "three policies", notices=(2, 5, 10), change_on=dt.date(2024, 4, 1)),
    Case(16, "2025-Q2", "school year from August", start_month=8, notices=(4, 6)),
    Case(17, "2025-Q1", "long notice over Christmas", start_month=1, notices=(12, 20), change_on=dt.date(2024, 12, 27)),
    Case(18, "2025-Q4", "leap months", start_month=3, notices=(6, 8), change_on=dt.date(2026, 1, 1)),
]


def write_files(case: Case, folder: Path) -> None:
    """The partnership file and the five imports of ``case`` in ``folder``."""
    Files(case, folder).write()


class Files:
    def __init__(self, case: Case, folder: Path) -> None:
        self.case, self.folder = case, folder
        self.draw = random.Random(case.seed)
        self.first, self.last = quarter_bounds(case.quarter, case.start_month)
        self.policies = self._policies()
        self.agencies = [f"{tier}{n}" for tier in TIERS for n in (1, 2)]
        self.staff = [(f"worker{n}@example.org", self.agencies[n % len(self.agencies)]) for n in range(84)]
        self.courses = [f"CO{n}{length[:2].upper()}" for n, length in enumerate(LENGTHS)] + ["EMPTY", "CALLED"]

    def write(self) -> None:
        (self.folder / "partnership.toml").write_text(self._partnership())
        agencies = [
            [code, f"Agency {code}", self.draw.choice(SECTORS), code[0], "none"]
            for code in [*self.agencies, "IDLE", "LOST"]
        ]
        agencies[-2][3] = agencies[-1][3] = "F"
        self._csv("agencies", "code,name,sector,charge_tier,contribution", agencies)
        everyone = [*self.staff, ("lost@example.org", "LOST")]
        people = [
            [email, "Sam", f"Worker {n}", agency, "Nurse", "1", "", "", "", ""]
            for n, (email, agency) in enumerate(everyone)
        ]
        columns = "email,first_name,last_name,agency_code,job_title,groups"
        columns += ",manager_name,manager_email,start_date,end_date"
        self._csv("staff", columns, people)
        lengths = [*LENGTHS, "half_day", "full_day"]
        courses = [
            [code, f"Course {code}", "children", "1", length, 3, "in_person", 10, "", "", ""]
            for code, length in zip(self.courses, lengths, strict=True)
        ]
        columns = "code,title,strand,groups,length,hours,mode,capacity,prerequisites,refresh_months,priorities"
        self._csv("courses", columns, courses)
        self._write_sessions_and_bookings()

    def _policies(self) -> list[tuple[dt.date, int]]:
        changes = [self.case.change_on + dt.timedelta(days=20 * n) for n in range(len(self.case.notices) - 1)]
        return list(zip([dt.date(2020, 4, 1), *changes], self.case.notices, strict=True))

    def _partnership(self) -> str:
        lines = [
            f'slug = "made-{self.case.seed}"',
            f'name = "Made-up partnership {self.case.seed}"',
            f'host_names = ["made-{self.case.seed}.localhost"]',
            'strands = ["children"]',
            f'nation = "{self.case.nation}"',
            f"year_start_month = {self.case.start_month}",
            '[[frameworks]]\ncode = "own"\nname = "Own groups"\ntier_word = "Group"',
            'groups = [{ code = "1", name = "Everyone", provided_by = "multi_agency", refresh_months = 36 }]',
        ]
        for n, (starts, days) in enumerate(self.policies):
            lines += [
                f"[[charging_policies]]\neffective_from = {starts}",
                f'notice = {{ days = {days}, unit = "{self.case.unit}" }}',
                f"absence = {{ full_day = {50 + 15 * n}, half_day = {25 + 7 * n}.50, briefing = 0 }}",
                f"place_fees = {{ D = {{ full_day = {40 + n}, half_day = 30 }}, E = {{ half_day = 20 }}, "
                f"F = {{ full_day = 100, half_day = 60.25, briefing = 5 }}, G = {{ full_day = 10, e_learning = 8 }} }}",
                "late_grace_minutes = { full_day = 15, half_day = 0 }\nwaiver_working_days = 5",
            ]
        return "\n".join(lines) + "\n"

    def _sessions(self) -> list[tuple[str, str, str, list[tuple[dt.datetime, dt.datetime]]]]:
        """Reference, course, status and parts of each session; some on the very edges of the quarter."""
        day, at = dt.timedelta(days=1), dt.datetime.combine
        edges = [
            at(self.first - day, dt.time(23, 30)),
            at(self.first, dt.time(0, 0)),
            at(self.first, dt.time(9, 30)),
            at(self.last, dt.time(23, 0)),
            at(self.last + day, dt.time(0, 0)),
            at(self.last + day, dt.time(9, 30)),
        ]
        span = (self.last - self.first).days
        inside = [at(self.first + self.draw.randrange(span) * day, dt.time(9, 30)) for _ in range(16)]
        sessions = []
        for n, start in enumerate(edges + inside):
            course = self.courses[n % len(LENGTHS)]
            status = "held" if n < 12 else self.draw.choice(["held", "held", "cancelled", "scheduled"])
            sessions.append((f"S{n:03}", course, status, [(start, start + dt.timedelta(minutes=45))]))
        over = at(self.first - day, dt.time(9, 30)), at(self.last, dt.time(9, 30))
        for n, start in enumerate(over):
            parts = [(start + k * day, start + k * day + dt.timedelta(hours=6)) for k in range(2)]
            sessions.append((f"P{n:03}", self.courses[3], "held", parts))
        noon = at(self.first + 9 * day, dt.time(12, 0))
        sessions.append(("NONE", "EMPTY", "held", [(noon, noon + dt.timedelta(hours=1))]))
        sessions.append(("OFF", "CALLED", "cancelled", [(noon, noon + dt.timedelta(hours=1))]))
        return sessions

    def _write_sessions_and_bookings(self) -> None:
        rows, bookings = [], []
        for ref, course, status, parts in self._sessions():
            for number, (start, end) in enumerate(parts):
                costs = [self.draw.choice(["0", "150", "99.99", "40.5"]) for _ in range(3)]
                capacity = 24 + number
                rows.append([ref, course, f"{start:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}", "", "in_person"])
                rows[-1] += [capacity, status, *costs]
            bookings += self._bookings(ref, status, parts[0][0])
        columns = "ref,course_code,start,end,venue,mode,capacity,status,trainer_cost,venue_cost,refreshment_cost"
        self._csv("sessions", columns, rows)
        self._csv("bookings", "session_ref,email,booked_at,outcome,cancelled_at,absence_reason", bookings)

    def _bookings(self, ref: str, status: str, start: dt.datetime) -> list[list[str]]:
        if ref == "NONE":
            return [[ref, email, self._when(self._booked_at(start)), "waiting", "", ""] for email, _ in self.staff[:3]]
        if ref == "OFF":
            return [[ref, "lost@example.org", self._when(self._booked_at(start)), "session_cancelled", "", ""]]
        outcomes = {"held": HELD, "cancelled": CANCELLED, "scheduled": AHEAD}[status]
        return [
            self._booking(ref, email, self.draw.choice(outcomes), start)
            for email, _ in self.draw.sample(self.staff, self.draw.randrange(6, 23))
        ]

    def _booking(self, ref: str, email: str, outcome: str, start: dt.datetime) -> list[str]:
        booked = self._booked_at(start)
        cancelled = ""
        if outcome in ("cancelled", "late_cancelled", "transferred"):
            cancelled = self._when(self._cancelled_at(booked, start, late=outcome == "late_cancelled"))
        reason = (
            self.draw.choice(["", "sickness", "operational need", "left agency"]) if outcome == "did_not_attend" else ""
        )
        return [ref, email, self._when(booked), outcome, cancelled, reason]

    def _booked_at(self, start: dt.datetime) -> dt.datetime:
        """Some months before the session, or one minute on either side of the midnight on which a policy changes."""
        changes = [dt.datetime.combine(day, dt.time()) for day, _ in self.policies[1:] if day < start.date()]
        if changes and self.draw.random() < 0.4:
            return self.draw.choice(changes) - dt.timedelta(minutes=self.draw.choice([0, 1]))
        return start.replace(hour=10, minute=0) - dt.timedelta(days=self.draw.randrange(21, 90))

    def _cancelled_at(self, booked: dt.datetime, start: dt.datetime, *, late: bool) -> dt.datetime:
        """One minute before or at the midnight that ends the last free day, or some days around it."""
        notice = next(days for day, days in reversed(self.policies) if day <= booked.date())
        free = last_free_day(start.date(), {"days": notice, "unit": self.case.unit}, self.case.nation)
        midnight = dt.datetime.combine(free + dt.timedelta(days=1), dt.time())
        minute = dt.timedelta(minutes=1)
        around = [-minute, 0 * minute, minute, dt.timedelta(days=-3), dt.timedelta(hours=9)]
        return max(midnight if late else midnight + self.draw.choice(around), booked + minute)

    @staticmethod
    def _when(moment: dt.datetime) -> str:
        return f"{moment:%Y-%m-%d %H:%M}"

    def _csv(self, name: str, columns: str, rows: list[list[object]]) -> None:
        with (self.folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(columns.split(","))
            writer.writerows(rows)
