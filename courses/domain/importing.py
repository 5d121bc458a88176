"""What a row of the list of courses means, and how it is written (R26-R41, R153)."""

from __future__ import annotations

from typing import Any

from django.db import models

from competencies.queries import groups_by_code
from core.imports.ledger import Ledger, as_before
from core.imports.lookup import by_code, codes_by_key, refuse_circles, refuse_unknown
from core.imports.rows import CHANGED, NEW, CheckedRow
from core.models import Partnership
from courses.enums import LengthBand
from courses.models import Course, Priority

PLAIN = ["title", "strand", "hours", "mode", "capacity", "refresh_months"]
FIELDS = [*PLAIN, "length", "days"]


def length_word(length: str, days: int) -> str:
    """A course's length as files write it: briefing, half_day, full_day, 2_days, e_learning."""
    return f"{days}_days" if length == LengthBand.FULL_DAY and days > 1 else str(length)


def length_of(word: str) -> tuple[str, int]:
    """Length band and days of a file's word; several days are priced per day in the full-day band."""
    days, _, unit = word.partition("_")
    return (LengthBand.FULL_DAY, int(days)) if unit == "days" else (word, 1)


def linked(
    through: type[models.Model], left: str, right: str, courses: models.QuerySet[Course]
) -> dict[int, list[int]]:
    """``{left id: [right ids]}`` of a many-to-many table, for these courses."""
    found: dict[int, list[int]] = {}
    rows = through._default_manager.filter(**{f"{left.removesuffix('_id')}__in": courses})
    for left_id, right_id in rows.values_list(left, right):
        found.setdefault(left_id, []).append(right_id)
    return found


class KnownCourses:
    """The courses of a partnership: read once, compared row by row, written in bulk."""

    def __init__(self, partnership: Partnership) -> None:
        self.partnership = partnership
        courses = Course.objects.of(partnership)
        self.courses: dict[str, Course] = by_code((course.code, course) for course in courses)
        self.group_ids = groups_by_code(partnership)
        self.group_codes = {pk: code for code, pk in sorted(self.group_ids.items(), key=lambda pair: -len(pair[0]))}
        self.priorities = by_code(
            (priority.name, priority) for priority in Priority.objects.filter(partnership=partnership)
        )
        self.groups = linked(Course.groups.through, "course_id", "group_id", courses)
        self.served = linked(Course.priorities.through, "course_id", "priority_id", courses)
        self.needed = linked(Course.prerequisites.through, "from_course_id", "to_course_id", courses)

    def compare(self, rows: list[CheckedRow], refused: list[CheckedRow]) -> None:
        """Refuse what rows name and nobody knows; settle whether each is new, changed or neither."""
        for row in [*rows, *refused]:
            self._resolve(row)
        self._check_prerequisites(rows)
        for row in rows:
            if row.is_good:
                row.found = self.courses.get(row.values["code"].casefold())
                if row.found is not None:
                    row.compare_with(self._known(row.found))

    def _check_prerequisites(self, rows: list[CheckedRow]) -> None:
        """Every course needed is known or in the file, and none is needed before itself."""
        refuse_unknown(rows, "prerequisites", prerequisites_of, self.courses, "course", "code")
        written = codes_by_key((course.code for course in self.courses.values()), rows, "code")
        for row in rows:
            if "prerequisites" in row.values:
                needed = {written.get(code.casefold(), code) for code in row.values["prerequisites"]}
                row.values["prerequisites"] = sorted(needed, key=str.casefold)
        codes = {course.pk: code for code, course in self.courses.items()}
        edges = {codes[pk]: [codes[need] for need in needs if need in codes] for pk, needs in self.needed.items()}
        edges |= {
            row.values["code"].casefold(): [code.casefold() for code in row.values["prerequisites"]]
            for row in rows
            if "prerequisites" in row.values
        }
        refuse_circles(rows, "prerequisites", edges, "the course would be needed before itself", "code")

    def _resolve(self, row: CheckedRow) -> None:
        values = row.values
        groups = []
        for code in values.get("groups", ()):
            if code.casefold() in self.group_ids:
                groups.append(self.group_codes[self.group_ids[code.casefold()]])
            else:
                row.refuse("groups", f"there is no group “{code}”")
        names = []
        for name in values.get("priorities", ()):
            if name.casefold() in self.priorities:
                names.append(self.priorities[name.casefold()].name)
            else:
                known = "; ".join(sorted(priority.name for priority in self.priorities.values()))
                row.refuse("priorities", f"“{name[:60]}” is not one of the partnership's priorities: {known or 'none'}")
        values |= {
            name: sorted(set(value)) for name, value in (("groups", groups), ("priorities", names)) if name in values
        }

    def _known(self, course: Course) -> dict[str, Any]:
        codes = {one.pk: one.code for one in self.courses.values()}
        names = {one.pk: one.name for one in self.priorities.values()}
        return {name: getattr(course, name) for name in PLAIN} | {
            "length": length_word(course.length, course.days),
            "groups": sorted(self.group_codes[pk] for pk in self.groups.get(course.pk, ())),
            "priorities": sorted(names[pk] for pk in self.served.get(course.pk, ())),
            "prerequisites": sorted((codes[pk] for pk in self.needed.get(course.pk, ())), key=str.casefold),
        }

    def write(self, rows: list[CheckedRow], *, ledger: Ledger) -> None:
        """Write courses, then what they are for and what they need; an audit event for each (R26)."""
        changed = [row.found for row in rows if row.state == CHANGED]
        before = {course.pk: as_before(course, FIELDS) for course in changed}
        courses = [self._course_of(row) for row in rows]
        new = [course for row, course in zip(rows, courses, strict=True) if row.state == NEW]
        ledger.create(new)
        ledger.change(changed, before, FIELDS)
        self.courses |= by_code((course.code, course) for course in new)
        self._write_links(rows, courses, ledger)
        ledger.record("course.imported", new, reference="code")
        ledger.record_changes(
            "course.changed_by_import",
            [(row.found, row.changed_values()) for row in rows if row.state == CHANGED],
            reference="code",
        )

    def _course_of(self, row: CheckedRow) -> Course:
        course: Course = row.found or Course(partnership=self.partnership, code=row.values["code"])
        for name in PLAIN:
            if name in row.values:
                setattr(course, name, row.values[name])
        course.length, course.days = length_of(row.values["length"])
        return course

    def _write_links(self, rows: list[CheckedRow], courses: list[Course], ledger: Ledger) -> None:
        groups, served, needed = {}, {}, {}
        for row, course in zip(rows, courses, strict=True):
            values = row.values
            if "groups" in values:
                groups[course.pk] = {self.group_ids[code] for code in values["groups"]}
            if "priorities" in values:
                served[course.pk] = {self.priorities[name.casefold()].pk for name in values["priorities"]}
            if "prerequisites" in values:
                needed[course.pk] = {self.courses[code.casefold()].pk for code in values["prerequisites"]}
        ledger.link(Course.groups.through, "course_id", "group_id", groups, self.groups)
        ledger.link(Course.priorities.through, "course_id", "priority_id", served, self.served)
        ledger.link(Course.prerequisites.through, "from_course_id", "to_course_id", needed, self.needed)


def prerequisites_of(row: CheckedRow) -> list[str]:
    return list(row.values.get("prerequisites", ()))
