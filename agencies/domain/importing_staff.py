"""What a row of the list of staff means, and how it is written: a person and their work for one agency (R05, R153)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from agencies.models import Agency, Employment, Person
from competencies.queries import groups_by_code
from core.imports.ledger import Ledger, as_before
from core.imports.lookup import by_code, rows_among
from core.imports.rows import CHANGED, NEW, CheckedRow
from core.models import Partnership
from core.periods import london_day

EMPLOYMENT_FIELDS = ["job_title", "manager_name", "manager_email", "start_date", "end_date"]


class KnownStaff:
    """The people of a partnership that a file names, with their employments: read once, compared row by row, written
    in bulk.
    """

    def __init__(self, partnership: Partnership, emails: set[str], *, now: dt.datetime) -> None:
        self.partnership, self.today = partnership, london_day(now)
        self.agencies = by_code((agency.code, agency) for agency in Agency.objects.of(partnership))
        self.codes = {agency.pk: agency.code for agency in self.agencies.values()}
        self.group_ids = groups_by_code(partnership)
        # The shortest code of a group stands for it: the code alone for the first framework.
        self.group_codes = {pk: code for code, pk in sorted(self.group_ids.items(), key=lambda pair: -len(pair[0]))}
        everyone = Person.objects.of(partnership).exclude(email="")
        self.people: dict[str, Person] = {
            person.email: person for person in everyone.iterator() if person.email in emails
        }
        self.employments: dict[int, list[Employment]] = {}
        self.groups: dict[int, list[int]] = {}
        ids = {person.pk for person in self.people.values()}
        for employment in rows_among(Employment.objects.order_by("pk"), "person", ids):
            self.employments.setdefault(employment.person_id, []).append(employment)
        links = Employment.groups.through.objects.values_list("employment_id", "group_id")
        employed = [employment.pk for theirs in self.employments.values() for employment in theirs]
        for employment_id, group_id in rows_among(links, "employment", employed):
            self.groups.setdefault(employment_id, []).append(group_id)

    # What a row means
    def compare(self, row: CheckedRow) -> None:
        """Refuse what the row names and nobody knows; settle whether it is new, changed or neither.

        ``row.found`` becomes the person, the employment to change, and the employment that ends because the person
        moved.
        """
        self.resolve(row)
        if not row.is_good:
            return
        person = self.people.get(row.values["email"])
        if person is None:
            row.found = (None, None, None)
            self._check_dates(row, None)
            return
        employment = self._employment_at(row, person)
        moved_from = None if employment else self._left_behind(row, person)
        row.found = (person, employment, moved_from)
        self._check_dates(row, employment)
        row.compare_with(self._known(person, employment or moved_from))

    def resolve(self, row: CheckedRow) -> None:
        """Find the agency and the groups that the row names; refuse it where there are none."""
        values = row.values
        code = values.get("agency_code", "")
        agency = self.agencies.get(code.casefold())
        if agency is not None:
            values["agency_code"] = agency.code
        elif code:
            row.refuse("agency_code", f"there is no agency “{code}”")
        groups = []
        for code in values.get("groups", ()):
            if code.casefold() in self.group_ids:
                groups.append(self.group_codes[self.group_ids[code.casefold()]])
            else:
                row.refuse("groups", f"there is no group “{code}”")
        if "groups" in values:
            values["groups"] = sorted(set(groups))

    def _check_dates(self, row: CheckedRow, employment: Employment | None) -> None:
        start = row.values.get("start_date", employment.start_date if employment else None)
        end = row.values.get("end_date", employment.end_date if employment else None)
        if start and end and end < start:
            row.refuse("end_date", f"{end} is before the start date {start}")

    def _employment_at(self, row: CheckedRow, person: Person) -> Employment | None:
        """The person's employment at the row's agency that the row speaks of; None for a new one."""
        here = [
            one for one in self.employments.get(person.pk, ()) if self.codes[one.agency_id] == row.values["agency_code"]
        ]
        start, end = row.values.get("start_date"), row.values.get("end_date")
        open_ones = [one for one in here if one.end_date is None]
        same_start = [one for one in here if one.start_date == start]
        chosen = (same_start if end else []) or open_ones or same_start
        if chosen:
            return chosen[-1]
        latest = max(here, key=lambda one: one.end_date or dt.date.max, default=None)
        if latest is not None and start is not None and start > (latest.end_date or start):
            return None  # the person came back
        return latest

    def _left_behind(self, row: CheckedRow, person: Person) -> Employment | None:
        """The one open employment elsewhere that ends because the row opens one here. Someone with several keeps
        them.
        """
        end = row.values.get("end_date")
        if end is not None and end < self.today:
            return None
        open_ones = [one for one in self.employments.get(person.pk, ()) if one.end_date is None]
        return open_ones[0] if len(open_ones) == 1 else None

    def _known(self, person: Person, employment: Employment | None) -> dict[str, Any]:
        known: dict[str, Any] = {"first_name": person.first_name, "last_name": person.last_name}
        if employment is None:
            blank = {name: None if name.endswith("_date") else "" for name in EMPLOYMENT_FIELDS}
            return known | {"agency_code": "", "groups": []} | blank
        known["agency_code"] = self.codes[employment.agency_id]
        known["groups"] = sorted(self.group_codes[pk] for pk in self.groups.get(employment.pk, ()))
        return known | {name: getattr(employment, name) for name in EMPLOYMENT_FIELDS}

    # Writing
    def write(self, rows: list[CheckedRow], *, ledger: Ledger) -> None:
        """Write people, then where they work, then their groups; an audit event for each person (R05)."""
        new = [row for row in rows if row.state == NEW]
        changed = [row for row in rows if row.state == CHANGED]
        new_ids = self._insert_people(new, ledger)
        self._change_people(changed, ledger)
        person_ids = dict(zip((id(row) for row in new), new_ids, strict=True))
        person_ids |= {id(row): row.found[0].pk for row in changed}
        managers = self._ids_by_email(rows)
        employments = self._change_employments(changed, managers, ledger)
        employments |= self._insert_employments(rows, person_ids, managers, ledger)
        wanted = {
            employments[id(row)]: {self.group_ids[code] for code in row.values["groups"]}
            for row in rows
            if "groups" in row.values
        }
        ledger.link(Employment.groups.through, "employment_id", "group_id", wanted, self.groups)
        self._end_left_behind(changed, ledger)
        ledger.record_ids("person.imported", Person, new_ids)
        ledger.record_changes("person.changed_by_import", [(row.found[0], row.changed_values()) for row in changed])

    def _insert_people(self, rows: list[CheckedRow], ledger: Ledger) -> list[int]:
        owner = self.partnership.pk
        people = [(owner, row.values["email"], row.values["first_name"], row.values["last_name"]) for row in rows]
        return ledger.insert(Person, ["partnership", "email", "first_name", "last_name"], people)

    def _change_people(self, rows: list[CheckedRow], ledger: Ledger) -> None:
        changed, before, fields = [], {}, ["first_name", "last_name"]
        for row in rows:
            person: Person = row.found[0]
            names = (row.values["first_name"], row.values["last_name"])
            if (person.first_name, person.last_name) != names:
                before[person.pk] = as_before(person, fields)
                person.first_name, person.last_name = names
                changed.append(person)
        ledger.change(changed, before, fields)

    def _ids_by_email(self, rows: list[CheckedRow]) -> dict[str, int]:
        """Ids of the line managers named, as far as they are people known here."""
        named = {row.values.get("manager_email", "") for row in rows} - {""}
        everyone = Person.objects.of(self.partnership).exclude(email="").values_list("email", "pk")
        return {email: pk for email, pk in everyone.iterator() if email in named} if named else {}

    def _change_employments(self, rows: list[CheckedRow], managers: dict[str, int], ledger: Ledger) -> dict[int, int]:
        """Set what the rows say. The line manager's own record is tied when the address is new here."""
        found, changed, before, fields = {}, [], {}, [*EMPLOYMENT_FIELDS, "manager"]
        for row in rows:
            employment: Employment | None = row.found[1]
            if employment is None:
                continue
            found[id(row)] = employment.pk
            before[employment.pk] = as_before(employment, fields)
            email = row.values.get("manager_email", employment.manager_email)
            if email != employment.manager_email:
                employment.manager_id = managers.get(email)
            for name in EMPLOYMENT_FIELDS:
                setattr(employment, name, row.values.get(name, getattr(employment, name)))
            changed.append(employment)
        ledger.change(changed, before, fields)
        return found

    def _insert_employments(
        self, rows: list[CheckedRow], person_ids: dict[int, int], managers: dict[str, int], ledger: Ledger
    ) -> dict[int, int]:
        """The employments of new people, and new ones of people known already; ids by row."""
        opening = [row for row in rows if row.found[1] is None]
        values = [
            (
                person_ids[id(row)],
                self.agencies[row.values["agency_code"].casefold()].pk,
                managers.get(row.values.get("manager_email", "")),
                *(row.values.get(name, "") for name in EMPLOYMENT_FIELDS[:3]),
                *(row.values.get(name) for name in EMPLOYMENT_FIELDS[3:]),
            )
            for row in opening
        ]
        ids = ledger.insert(Employment, ["person", "agency", "manager", *EMPLOYMENT_FIELDS], values)
        return dict(zip((id(row) for row in opening), ids, strict=True))

    def _end_left_behind(self, rows: list[CheckedRow], ledger: Ledger) -> None:
        """End the old employment of people who moved: the day before the new one begins, else yesterday."""
        ended, before = [], {}
        for row in rows:
            old: Employment | None = row.found[2]
            if old is None:
                continue
            before[old.pk] = as_before(old, ["end_date"])
            last = (row.values.get("start_date") or self.today) - dt.timedelta(days=1)
            old.end_date = max(last, old.start_date or last)
            ended.append(old)
        ledger.change(ended, before, ["end_date"])
