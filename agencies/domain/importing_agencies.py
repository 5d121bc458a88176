"""What a row of the list of agencies means, and how it is written (R05, R56, R153)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from agencies.models import Agency, AgencyMembership
from core.imports.ledger import Ledger, as_before
from core.imports.lookup import by_code
from core.imports.rows import CHANGED, NEW, CheckedRow
from core.models import Partnership

# The terms that a file of agencies sets; later ones with a date of their own stay as they are.
FROM_THE_BEGINNING = dt.date(2000, 1, 1)
AGENCY_FIELDS = ["name", "sector", "finance_email", "cost_code", "email_domains"]
TERM_FIELDS = ["charge_tier", "contribution"]


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
