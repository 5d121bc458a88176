"""What the rows of the list of sessions mean: those with one reference are the parts of one session (R61, R153)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.imports.ledger import Ledger, as_before
from core.imports.lookup import by_code
from core.imports.rows import CHANGED, NEW, UNCHANGED, CheckedRow, shown
from core.models import Partnership
from courses.models import Course, CourseSession, SessionPart, Venue
from courses.signals import sessions_changing

from .scheduling import bounds_of, overlapping

COSTS = ["trainer_cost", "venue_cost", "refreshment_cost"]
FIELDS = ["course", "venue", "mode", "capacity", "status", "starts_at", "ends_at", *COSTS]


@dataclass
class SessionPlan:
    """A session as the file describes it: its rows in the order of their start."""

    rows: list[CheckedRow]
    session: CourseSession | None = None
    parts: dict[dt.datetime, SessionPart] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        return any(row.state != UNCHANGED for row in self.rows)

    @property
    def gone(self) -> list[SessionPart]:
        """Parts that the file no longer names."""
        starts = {row.values["start"] for row in self.rows}
        return [part for start, part in self.parts.items() if start not in starts]


class KnownSessions:
    """The sessions of a partnership that a file names: read once, compared session by session, written in bulk."""

    def __init__(self, partnership: Partnership, *, now: dt.datetime, writing: bool) -> None:
        self.partnership, self.now = partnership, now
        self.courses: dict[str, Course] = by_code((course.code, course) for course in Course.objects.of(partnership))
        self.venues: dict[str, Venue] = by_code((venue.name, venue) for venue in Venue.objects.of(partnership))
        sessions = CourseSession.objects.of(partnership).select_related("course", "venue").order_by("pk")
        if writing:
            sessions = sessions.select_for_update(of=("self",), no_key=True)
        self.sessions: dict[str, CourseSession] = by_code((session.ref, session) for session in sessions)
        self.parts: dict[int, list[SessionPart]] = {}
        for part in SessionPart.objects.filter(session__partnership=partnership):
            self.parts.setdefault(part.session_id, []).append(part)

    def compare(self, rows: list[CheckedRow], refused: list[CheckedRow]) -> None:
        """Refuse what cannot be; settle for each row whether its part is new, changed or neither.

        ``row.found`` becomes the plan of its session, shared by the rows of one reference.
        """
        plans: dict[str, SessionPlan] = {}
        for row in refused:
            self._resolve(row)
        for row in sorted(rows, key=lambda row: (row.values["start"], row.line)):
            self._resolve(row)
            plans.setdefault(row.values["ref"].casefold(), SessionPlan([])).rows.append(row)
        lines = {row.values["ref"].casefold(): row.line for row in reversed(refused) if "ref" in row.values}
        for ref, plan in plans.items():
            _check_parts(plan)
            _refuse_with_others(plan, lines.get(ref))
            if all(row.is_good for row in plan.rows):
                self._compare_plan(plan, self.sessions.get(ref))
        self._ask_others(plans.values())

    def _resolve(self, row: CheckedRow) -> None:
        values = row.values
        code = values.get("course_code", "")
        course = self.courses.get(code.casefold())
        if course is not None:
            values["course_code"] = course.code
        elif code:
            row.refuse("course_code", f"there is no course “{code}”")
        if "start" in values and "end" in values and values["end"] <= values["start"]:
            row.refuse("end", "is not after the start")
        known = self.venues.get(values.get("venue", "").casefold())
        if known is not None:
            values["venue"] = known.name

    def _compare_plan(self, plan: SessionPlan, session: CourseSession | None) -> None:
        first = plan.rows[0]
        plan.values = {
            name: first.values[name]
            for name in ("course_code", "venue", "mode", "capacity", "status")
            if name in first.values
        }
        for name in COSTS:
            if name in first.values:
                plan.values[name] = sum((row.values[name] for row in plan.rows), Decimal(0))
        for row in plan.rows:
            row.found = plan
        if session is None:
            return
        plan.session = session
        plan.parts = {part.starts_at: part for part in self.parts.get(session.pk, ())}
        for row in plan.rows:
            part = plan.parts.get(row.values["start"])
            row.state = UNCHANGED if part is not None else NEW
            if part is not None and part.ends_at != row.values["end"]:
                row.changes.append(("end", shown(part.ends_at), shown(row.values["end"])))
                row.state = CHANGED
        self._compare_session(plan, session)

    def _compare_session(self, plan: SessionPlan, session: CourseSession) -> None:
        """What changes of the session as a whole is told on the row of its first part."""
        known = {
            "course_code": session.course.code,
            "venue": session.venue.name if session.venue else "",
            **{name: getattr(session, name) for name in ("mode", "capacity", "status", *COSTS)},
        }
        changes = [
            (name, shown(known[name]), shown(value)) for name, value in plan.values.items() if known[name] != value
        ]
        changes += [("start", shown(part.starts_at), "") for part in plan.gone]
        first = plan.rows[0]
        if changes:
            first.changes = changes + first.changes
            first.state = CHANGED

    def _ask_others(self, plans: Iterable[SessionPlan]) -> None:
        """Refuse what the apps above, asked by signal, have something against."""
        known = {plan.session.pk: plan for plan in plans if plan.session is not None and plan.is_changed}
        changes = {pk: {name: plan.values[name] for name in ("capacity", "status")} for pk, plan in known.items()}
        answers: list[tuple[Any, Any]] = (
            sessions_changing.send(sender=CourseSession, changes=changes, now=self.now) if changes else []
        )
        for _, objections in answers:
            for pk, (column, reason) in objections.items():
                for row in known[pk].rows:
                    row.refuse(column, reason)

    def write(self, rows: list[CheckedRow], *, ledger: Ledger) -> None:
        """Write venues not yet known, sessions and their parts; an audit event for each session (R61)."""
        plans = list({id(row.found): row.found for row in rows}.values())
        self._write_venues(plans, ledger)
        new = [plan for plan in plans if plan.session is None]
        changed = [plan for plan in plans if plan.session is not None]
        before = {plan.session.pk: as_before(plan.session, FIELDS) for plan in changed}
        for plan in plans:
            self._fill(plan)
        ledger.create([plan.session for plan in new])
        ledger.change([plan.session for plan in changed], before, FIELDS)
        self._write_parts(plans, ledger)
        ledger.record("session.imported", [plan.session for plan in new], reference="ref")
        ledger.record_changes(
            "session.changed_by_import", [(plan.session, _changes_of(plan)) for plan in changed], reference="ref"
        )

    def _write_venues(self, plans: list[SessionPlan], ledger: Ledger) -> None:
        names = {plan.values["venue"].casefold(): plan.values["venue"] for plan in plans if plan.values.get("venue")}
        missing = [
            Venue(partnership=self.partnership, name=name) for key, name in names.items() if key not in self.venues
        ]
        ledger.create(missing)
        ledger.record("venue.imported", missing, reference="name")
        self.venues |= by_code((venue.name, venue) for venue in missing)

    def _fill(self, plan: SessionPlan) -> None:
        first, values = plan.rows[0].values, plan.values
        session = plan.session or CourseSession(partnership=self.partnership, ref=first["ref"])
        session.course = self.courses[values["course_code"].casefold()]
        if "venue" in values:
            session.venue = self.venues.get(values["venue"].casefold())
        for name in ("mode", "capacity", "status", *COSTS):
            if name in values:
                setattr(session, name, values[name])
        session.starts_at, session.ends_at = bounds_of((row.values["start"], row.values["end"]) for row in plan.rows)
        plan.session = session

    def _write_parts(self, plans: list[SessionPlan], ledger: Ledger) -> None:
        new, changed, before, gone = [], [], {}, []
        for plan in plans:
            gone += plan.gone
            for row in plan.rows:
                start, end = row.values["start"], row.values["end"]
                part = plan.parts.get(start)
                if part is None:
                    new.append(SessionPart(session=plan.session, starts_at=start, ends_at=end))
                elif part.ends_at != end:
                    before[part.pk] = as_before(part, ["ends_at"])
                    part.ends_at = end
                    changed.append(part)
        ledger.delete(gone)
        ledger.create(new)
        ledger.change(changed, before, ["ends_at"])


def _changes_of(plan: SessionPlan) -> dict[str, list[str]]:
    """All changes of a session's rows for the trail; a new part counts as one."""
    changes: dict[str, list[str]] = {}
    for row in plan.rows:
        changes |= row.changed_values()
        if row.state == NEW:
            changes[f"part {shown(row.values['start'])}"] = ["", shown(row.values["end"])]
    return changes


def _check_parts(plan: SessionPlan) -> None:
    """The parts of one session are of one course and follow one another."""
    first = plan.rows[0]
    clashing = set(overlapping((row.values["start"], row.values["end"]) for row in plan.rows))
    for row in plan.rows[1:]:
        if row.values["course_code"] != first.values["course_code"]:
            row.refuse("course_code", f"line {first.line} says {first.values['course_code']} for the same session")
        if (row.values["start"], row.values["end"]) in clashing:
            row.refuse("start", "begins before the part before it has ended")


def _refuse_with_others(plan: SessionPlan, refused_line: int | None) -> None:
    """A session goes in whole or not at all: one wrong part keeps the others out."""
    wrong = refused_line or next((row.line for row in plan.rows if not row.is_good), None)
    for row in plan.rows:
        if wrong is not None and row.is_good:
            row.refuse("ref", f"line {wrong} of the same session is wrong")
