"""The demo's sessions and bookings, in the columns of the import files.

Quarters before today's are told by their outcomes; the current one is told up to yesterday, and then come live
bookings.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.periods import Quarter
from core.working_days import add_working_days, is_working_day, next_working_day

from .programme import ABSENCE_REASONS, AGENCY_SHARES, FIRST_QUARTER, ROTATION, VENUES, CourseQuarter

Row = dict[str, str]
ENGLAND = "England"
START_TIMES = {
    "full_day": ("09:30", "16:30"),
    "half_day": ("09:30", "12:30"),
    "briefing": ("12:30", "14:00"),
    "2_days": ("09:30", "16:30"),
}
AFTERNOON = ("13:00", "16:00")


def costs_of(course: Row) -> Row:
    """What a session costs in pounds: a commissioned specialist for three courses, a room and tea where people meet."""
    in_person, whole_pool = course["mode"] == "in_person", course["code"] == "TT500"
    return {
        "trainer_cost": "1100" if course["code"] in ("DA330", "ON331", "SA334") else "0",
        "venue_cost": ("200" if whole_pool else "195") if in_person else "0",
        "refreshment_cost": ("60" if whole_pool else "58") if in_person else "0",
    }


@dataclass
class DemoSession:
    """One session with the outcomes that its bookings end in; ``live`` ones have not been held yet."""

    ref: str
    course: Row
    day: dt.date
    status: str
    afternoon: bool
    outcomes: list[tuple[str, str]] = field(default_factory=list)  # (outcome, agency code)
    live: bool = False

    @property
    def times(self) -> tuple[str, str]:
        if self.afternoon and self.course["length"] == "half_day":
            return AFTERNOON
        return START_TIMES[self.course["length"]]


class YearMaker:
    """Draws the sessions and bookings of every quarter from the first to four months ahead of ``today``."""

    def __init__(self, *, courses: list[Row], staff: list[Row], today: dt.date, rng: random.Random) -> None:
        self.courses = {course["code"]: course for course in courses}
        self.today = today
        self.rng = rng
        self.people: dict[str, list[str]] = defaultdict(list)
        for person in staff:
            self.people[person["agency_code"]].append(person["email"])
        self.agencies = [agency for codes, _ in AGENCY_SHARES for agency in codes]
        self.sessions: list[DemoSession] = []

    def make(self) -> tuple[list[Row], list[Row]]:
        """The rows of a sessions file and of a bookings file."""
        quarter = Quarter(2025, 1)
        last = Quarter.containing(self.today + dt.timedelta(days=110))
        while quarter <= last:
            self._add_quarter(quarter, self._plan(quarter))
            quarter = quarter.next
        self._leave_registers_open()
        self._add_today()
        return list(self._session_rows()), list(self._booking_rows())

    # --- Which sessions, with which outcomes ---------------------------------------------------------------------

    def _plan(self, quarter: Quarter) -> list[CourseQuarter]:
        if quarter == Quarter(2025, 1):
            return FIRST_QUARTER
        varied = [self._vary(course) for course in FIRST_QUARTER if course.code != "TT500" or quarter.number in (1, 3)]
        extra = self.rng.sample(ROTATION, 4)
        return varied + [CourseQuarter(code, 1, self._capacity(code) - 3, 2, 1, 1, 0, 1) for code in extra]

    def _vary(self, course: CourseQuarter) -> CourseQuarter:
        """The same course with somewhat other numbers, and fewer absences as the charging policy takes hold."""
        booked = min(round(course.booked * self.rng.uniform(0.8, 1.05)), course.sessions * self._capacity(course.code))
        absent = round(course.did_not_attend * self.rng.uniform(0.4, 1.0))
        return CourseQuarter(
            course.code,
            course.sessions,
            booked,
            course.cancelled,
            course.late_cancelled,
            absent,
            course.part,
            course.walk_in,
        )

    def _capacity(self, code: str) -> int:
        return int(self.courses[code]["capacity"])

    def _add_quarter(self, quarter: Quarter, plan: list[CourseQuarter]) -> None:
        agencies = self._agency_decks(exact=quarter == Quarter(2025, 1))
        days = self._days_of(quarter)
        for course in plan:
            sessions = [self._new_session(course.code, day) for day in self.rng.sample(days, course.sessions)]
            outcomes = self._outcomes_of(course, agencies)
            self.rng.shuffle(outcomes)
            for number, outcome in enumerate(outcomes):
                sessions[number % len(sessions)].outcomes.append(outcome)
            self.sessions += sessions
        if quarter != Quarter(2025, 1):
            self._cancel_one(days)

    def _days_of(self, quarter: Quarter) -> list[dt.date]:
        """Tuesdays to Thursdays that are working days, a little away from the quarter's ends."""
        span = (quarter.end - quarter.start).days
        days = [quarter.start + dt.timedelta(days=n) for n in range(7, span - 4)]
        return [day for day in days if day.weekday() in (1, 2, 3) and is_working_day(day, nation=ENGLAND)]

    def _new_session(self, code: str, day: dt.date) -> DemoSession:
        taken = {session.ref for session in self.sessions}
        ref = f"{code}-{day:%y%m%d}"
        while ref in taken:
            ref += "B"
        live = day >= self.today
        return DemoSession(
            ref, self.courses[code], day, "scheduled" if live else "held", self.rng.random() < 0.4, live=live
        )

    def _agency_decks(self, *, exact: bool) -> dict[str, list[str]]:
        """For each outcome the agencies it falls to, shuffled; the first quarter's add up to the published table."""
        names = ["cancelled", "late_cancelled", "did_not_attend", "part", "walk_in", "attended"]
        decks: dict[str, list[str]] = {name: [] for name in names}
        for codes, counts in AGENCY_SHARES:
            for name, count in zip(names, counts, strict=True):
                decks[name] += [codes[n % len(codes)] for n in range(count)]
        for deck in decks.values():
            if not exact:
                deck *= 3
            self.rng.shuffle(deck)
        return decks

    def _outcomes_of(self, course: CourseQuarter, decks: dict[str, list[str]]) -> list[tuple[str, str]]:
        counts = {
            "attended": course.attended,
            "cancelled": course.cancelled,
            "late_cancelled": course.late_cancelled,
            "did_not_attend": course.did_not_attend,
            "part": course.part,
            "walk_in": course.walk_in,
        }
        drawn = [(name, decks[name].pop()) for name, count in counts.items() for _ in range(count)]
        return self._with_rarer_outcomes(drawn) if course not in FIRST_QUARTER else drawn

    def _with_rarer_outcomes(self, drawn: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Now and then a colleague came instead, a place moved, someone came too late, or a manager did not agree."""
        rarer = ["substituted", "transferred", "refused_late", "declined", "waiting"]
        chosen = self.rng.sample(rarer, 2) if self.rng.random() < 0.5 else []
        return drawn + [(outcome, self.rng.choice(self.agencies)) for outcome in chosen]

    def _cancel_one(self, days: list[dt.date]) -> None:
        day = self.rng.choice(days)
        session = self._new_session(self.rng.choice(["CP303", "VC352", "DC336"]), day)
        session.status = "cancelled"
        session.outcomes = [("session_cancelled", self.rng.choice(self.agencies)) for _ in range(6)]
        self.sessions.append(session)

    def _leave_registers_open(self) -> None:
        """The two most recent sessions still wait for their registers."""
        held = sorted((s for s in self.sessions if s.status == "held"), key=lambda session: session.day)
        for session in held[-2:]:
            session.status, session.live = "scheduled", True

    def _add_today(self) -> None:
        """A session on the next working day (today, if it is one) to take a register of, and two more soon."""
        day = next_working_day(self.today, nation=ENGLAND)
        soon, later = add_working_days(day, 4, nation=ENGLAND), add_working_days(day, 8, nation=ENGLAND)
        for code, when, count in [("CP301", day, 18), ("EX320", soon, 23), ("DS410", later, 26)]:
            session = self._new_session(code, when)
            session.status, session.live, session.afternoon = "scheduled", True, False
            session.outcomes = [("attended", self.rng.choice(self.agencies)) for _ in range(count)]
            self.sessions.append(session)

    # --- Rows ----------------------------------------------------------------------------------------------------

    def _session_rows(self) -> Iterator[Row]:
        for session in self.sessions:
            start, end = session.times
            days = 2 if session.course["length"] == "2_days" else 1
            in_person = session.course["mode"] == "in_person"
            for number in range(days):
                day = add_working_days(session.day, number, nation=ENGLAND) if number else session.day
                yield {
                    "ref": session.ref,
                    "course_code": session.course["code"],
                    "start": f"{day} {start}",
                    "end": f"{day} {end}",
                    "venue": self.rng.choice(list(VENUES)) if in_person and number == 0 else "",
                    "mode": session.course["mode"],
                    "capacity": session.course["capacity"],
                    "status": session.status,
                    **costs_of(session.course),
                }

    def _booking_rows(self) -> Iterator[Row]:
        for session in self.sessions:
            taken: set[str] = set()
            places = int(session.course["capacity"])
            for outcome, agency in session.outcomes[: self._known_by_now(session)]:
                email = self._someone(agency, taken)
                row = self._booking(session, outcome, email)
                if session.live and row["outcome"] == "booked":
                    if places == 0:
                        row["outcome"] = "waiting"
                    else:
                        places -= 1
                yield row

    def _known_by_now(self, session: DemoSession) -> int:
        """How many of a session's bookings have been made: most for the next weeks, few for the months after."""
        ahead = (session.day - self.today).days
        share = 1.0 if ahead < 14 else max(0.2, 1 - ahead / 120)
        return round(len(session.outcomes) * share)

    def _someone(self, agency: str, taken: set[str]) -> str:
        """A person of the agency who is not on the session yet; of another agency once all of them are."""
        free = [email for email in self.people[agency] if email not in taken]
        while not free:
            free = [email for email in self.people[self.rng.choice(self.agencies)] if email not in taken]
        email = self.rng.choice(free)
        taken.add(email)
        return email

    def _booking(self, session: DemoSession, outcome: str, email: str) -> Row:
        live_outcome = {"cancelled": "cancelled", "session_cancelled": "session_cancelled"}
        if session.live:
            outcome = live_outcome.get(outcome, "booked")
        latest = min(session.day, self.today) - dt.timedelta(days=1)
        ahead = self.rng.randint(12, 60)
        booked = min(session.day - dt.timedelta(days=ahead), latest - dt.timedelta(days=self.rng.randint(0, 20)))
        cancelled = ""
        if outcome == "cancelled":
            cancelled = f"{add_working_days(session.day, -self.rng.randint(8, 11), nation=ENGLAND)} 10:15"
            booked = min(booked, session.day - dt.timedelta(days=25))
            if cancelled[:10] >= str(self.today):
                outcome, cancelled = "booked", ""
        elif outcome == "late_cancelled":
            cancelled = f"{add_working_days(session.day, -self.rng.randint(1, 2), nation=ENGLAND)} 09:40"
        absent = outcome in ("did_not_attend", "late_cancelled")
        return {
            "session_ref": session.ref,
            "email": email,
            "booked_at": f"{booked} {self.rng.randint(8, 17):02d}:{self.rng.randint(0, 59):02d}",
            "outcome": outcome,
            "cancelled_at": cancelled,
            "absence_reason": self.rng.choice(ABSENCE_REASONS) if absent else "",
        }
