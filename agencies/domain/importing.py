"""What a row of the lists of agencies and staff means, and how it is written (R05, R56, R153)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from agencies.models import Agency, AgencyMembership, Employment, Person
from competencies.queries import groups_by_code
from core.imports.ledger import Ledger, as_before
from core.imports.lookup import by_code
from core.imports.rows import CHANGED, NEW, CheckedRow
from core.models import Partnership
from core.periods import london_day

# The terms that a file of agencies sets; later ones with a date of their own stay as they are.
FROM_THE_BEGINNING = dt.date(2000, 1, 1)
AGENCY_FIELDS = ["name", "sector", "finance_email", "cost_code", "email_domains"]
TERM_FIELDS = ["charge_tier", "contribution"]
EMPLOYMENT_FIELDS = ["job_title", "manager_name", "manager_email", "start_date", "end_date"]


# --- Agencies ---------------------------------------------------------------------------------------------------------
def terms_from_the_beginning(partnership: Partnership) -> QuerySet[AgencyMembership]:
    return AgencyMembership.objects.filter(agency__partnership=partnership, effective_from=FROM_THE_BEGINNING)


def compare_agency(row: CheckedRow, agency: Agency | None, term: AgencyMembership | None) -> None:
    """Settle whether the row is a new agency, a changed one or nothing new."""
    row.found = (agency, term)
    if agency is None:
        return
    known = {name: getattr(agency, name) for name in AGENCY_FIELDS}
    known["parent_code"] = agency.parent.code if agency.parent else ""
    known |= {name: getattr(term, name) if term else "" for name in TERM_FIELDS}
    row.compare_with(known)


def write_agencies(rows: list[CheckedRow], *, ledger: Ledger) -> None:
    """Write agencies, their terms from the beginning, and whose site they are (R05, R56)."""
    before = {agency.pk: as_before(agency, [*AGENCY_FIELDS, "parent"]) for agency, _ in _found(rows) if agency}
    agencies = [_agency_of(row, ledger.partnership) for row in rows]
    new = [agency for row, agency in zip(rows, agencies, strict=True) if row.state == NEW]
    ledger.create(new)
    ledger.record("agency.imported", new, reference="code")
    _set_parents(rows, agencies, ledger, before)
    _write_terms(rows, agencies, ledger)
    changed = [(row, agency) for row, agency in zip(rows, agencies, strict=True) if row.state == CHANGED]
    ledger.record_changes(
        "agency.changed_by_import", [(agency, row.changed_values()) for row, agency in changed], reference="code"
    )


def _found(rows: list[CheckedRow]) -> list[tuple[Agency | None, AgencyMembership | None]]:
    return [row.found for row in rows]


def _agency_of(row: CheckedRow, partnership: Partnership) -> Agency:
    agency: Agency = row.found[0] or Agency(partnership=partnership, code=row.values["code"])
    for name in AGENCY_FIELDS:
        if name in row.values:
            setattr(agency, name, row.values[name])
    return agency


def _set_parents(
    rows: list[CheckedRow], agencies: list[Agency], ledger: Ledger, before: dict[int, dict[str, Any]]
) -> None:
    """Upsert the agencies that changed or got a parent; parents may have come with the same file."""
    known = by_code((agency.code, agency.pk) for agency in Agency.objects.of(ledger.partnership))
    touched = []
    for row, agency in zip(rows, agencies, strict=True):
        parent = known.get(row.values.get("parent_code", "").casefold())
        if row.state == NEW and parent is None:
            continue
        if agency.pk not in before:
            before[agency.pk] = as_before(agency, [*AGENCY_FIELDS, "parent"])
        if "parent_code" in row.values:
            agency.parent_id = parent
        touched.append(agency)
    ledger.change(touched, before, [*AGENCY_FIELDS, "parent"])


def _write_terms(rows: list[CheckedRow], agencies: list[Agency], ledger: Ledger) -> None:
    new, changed, before = [], [], {}
    for row, agency in zip(rows, agencies, strict=True):
        values = {name: row.values[name] for name in TERM_FIELDS}
        term: AgencyMembership | None = row.found[1]
        if term is None:
            new.append(AgencyMembership(agency=agency, effective_from=FROM_THE_BEGINNING, **values))
        elif any(getattr(term, name) != value for name, value in values.items()):
            before[term.pk] = as_before(term, TERM_FIELDS)
            for name, value in values.items():
                setattr(term, name, value)
            changed.append(term)
    ledger.create(new)
    ledger.change(changed, before, TERM_FIELDS)


# --- Staff ------------------------------------------------------------------------------------------------------------
class KnownStaff:
    """The people of a partnership that a file names, with their employments: read once, compared row by row, written in bulk."""

    def __init__(self, partnership: Partnership, emails: set[str], *, now: dt.datetime) -> None:
        self.partnership, self.today = partnership, london_day(now)
        self.agencies = by_code((agency.code, agency) for agency in Agency.objects.of(partnership))
        self.codes = {agency.pk: agency.code for agency in self.agencies.values()}
        self.group_ids = groups_by_code(partnership)
        # The shortest code of a group stands for it: the code alone for the first framework.
        self.group_codes = {pk: code for code, pk in sorted(self.group_ids.items(), key=lambda pair: -len(pair[0]))}
        everyone = Person.objects.of(partnership).exclude(email="")
        self.people: dict[str, Person] = {person.email: person for person in everyone.iterator() if person.email in emails}
        self.employments: dict[int, list[Employment]] = {}
        ids = {person.pk for person in self.people.values()}
        for employment in Employment.objects.filter(person__partnership=partnership).iterator() if ids else ():
            if employment.person_id in ids:
                self.employments.setdefault(employment.person_id, []).append(employment)
        self.groups = self._groups_of_employments() if ids else {}

    def _groups_of_employments(self) -> dict[int, list[int]]:
        through = Employment.groups.through.objects.filter(employment__person__partnership=self.partnership)
        groups: dict[int, list[int]] = {}
        for employment_id, group_id in through.values_list("employment_id", "group_id").iterator():
            groups.setdefault(employment_id, []).append(group_id)
        return groups

    # What a row means
    def compare(self, row: CheckedRow) -> None:
        """Refuse what the row names and nobody knows; settle whether it is new, changed or neither.

        ``row.found`` becomes the person, the employment to change, and the employment that ends because the person moved.
        """
        self._resolve(row)
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

    def _resolve(self, row: CheckedRow) -> None:
        values = row.values
        agency = self.agencies.get(values["agency_code"].casefold())
        if agency is None:
            row.refuse("agency_code", f"there is no agency “{values['agency_code']}”")
        else:
            values["agency_code"] = agency.code
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
        here = [one for one in self.employments.get(person.pk, ()) if self.codes[one.agency_id] == row.values["agency_code"]]
        start, end = row.values.get("start_date"), row.values.get("end_date")
        open_ones = [one for one in here if one.end_date is None]
        same_start = [one for one in here if one.start_date == start]
        chosen = (same_start if end else []) or open_ones or same_start
        if chosen:
            return chosen[-1]
        latest = max(here, key=lambda one: one.end_date, default=None)
        if latest is not None and start is not None and start > latest.end_date:
            return None  # the person came back
        return latest

    def _left_behind(self, row: CheckedRow, person: Person) -> Employment | None:
        """The one open employment elsewhere that ends because the row opens one here. Someone with several keeps them."""
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
        people = self._write_people(rows, ledger)
        ids = self._ids_by_email(rows)
        employments = self._write_employments(rows, people, ids, ledger)
        self._write_groups(rows, employments, ledger)
        self._end_left_behind(rows, ledger)
        new = [person for row, person in zip(rows, people, strict=True) if row.state == NEW]
        changed = [(person, row.changed_values()) for row, person in zip(rows, people, strict=True) if row.state == CHANGED]
        ledger.record("person.imported", new)
        ledger.record_changes("person.changed_by_import", changed)

    def _write_people(self, rows: list[CheckedRow], ledger: Ledger) -> list[Person]:
        people, new, changed, before = [], [], [], {}
        for row in rows:
            first, last = row.values["first_name"], row.values["last_name"]
            person: Person | None = row.found[0]
            if person is None:
                person = Person(
                    partnership=self.partnership, email=row.values["email"], first_name=first, last_name=last
                )
                new.append(person)
            elif (person.first_name, person.last_name) != (first, last):
                before[person.pk] = as_before(person, ["first_name", "last_name"])
                person.first_name, person.last_name = first, last
                changed.append(person)
            people.append(person)
        ledger.create(new)
        ledger.change(changed, before, ["first_name", "last_name"])
        return people

    def _ids_by_email(self, rows: list[CheckedRow]) -> dict[str, int]:
        """Ids of the line managers named, as far as they are people known here."""
        named = {row.values.get("manager_email", "") for row in rows} - {""}
        everyone = Person.objects.of(self.partnership).exclude(email="").values_list("email", "pk")
        return {email: pk for email, pk in everyone.iterator() if email in named} if named else {}

    def _write_employments(
        self, rows: list[CheckedRow], people: list[Person], managers: dict[str, int], ledger: Ledger
    ) -> list[Employment]:
        employments, new, changed, before = [], [], [], {}
        fields = [*EMPLOYMENT_FIELDS, "manager"]
        for row, person in zip(rows, people, strict=True):
            employment: Employment | None = row.found[1]
            if employment is None:
                employment = Employment(person=person, agency=self.agencies[row.values["agency_code"].casefold()])
                new.append(employment)
            else:
                before[employment.pk] = as_before(employment, fields)
                changed.append(employment)
            _fill(employment, row.values, managers)
            employments.append(employment)
        ledger.create(new)
        ledger.change(changed, before, fields)
        return employments

    def _write_groups(self, rows: list[CheckedRow], employments: list[Employment], ledger: Ledger) -> None:
        wanted = {
            employment.pk: {self.group_ids[code] for code in row.values["groups"]}
            for row, employment in zip(rows, employments, strict=True)
            if "groups" in row.values
        }
        ledger.link(Employment.groups.through, "employment_id", "group_id", wanted, self.groups)

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


def _fill(employment: Employment, values: dict[str, Any], managers: dict[str, int]) -> None:
    """Set what the row says. The line manager's own record is tied when the address is new here."""
    email = values.get("manager_email", employment.manager_email)
    if email != employment.manager_email:
        employment.manager_id = managers.get(email)
    for name in EMPLOYMENT_FIELDS:
        if name in values:
            setattr(employment, name, values[name])
