"""Bringing lists in from tests: text becomes a file, the file goes through the real reader."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.imports.registry import import_kind
from core.imports.rows import CheckedFile
from core.imports.running import ImportOutcome, check_file, import_file
from core.models import Partnership
from core.partnership_file import Loading, load_partnership
from tests.factories import at

ALDERMERE = Path(__file__).parent.parent / "data" / "aldermere"
KINDS = ("agencies", "staff", "courses", "sessions", "bookings")
NOW = at("2026-11-02 10:00")
STAFF = "email,first_name,last_name,agency_code,job_title,groups,manager_name,manager_email,start_date,end_date"
COURSES = "code,title,strand,groups,length,hours,mode,capacity,prerequisites,refresh_months,priorities"
SESSIONS = "ref,course_code,start,end,venue,mode,capacity,status,trainer_cost,venue_cost,refreshment_cost"
BOOKINGS = "session_ref,email,booked_at,outcome,cancelled_at,absence_reason"
AGENCIES = "code,name,sector,charge_tier,contribution,parent_code,finance_email,cost_code,email_domains"


def load_aldermere() -> Partnership:
    """The partnership file alone: groups, priorities and policies, nobody and nothing else."""
    return loaded(ALDERMERE / "partnership.toml").partnership


def loaded(path: Path) -> Loading:
    return load_partnership(path=path, by=None, now=NOW)


def bring_in(partnership: Partnership, kind: str, path: Path, **options: Any) -> ImportOutcome:
    return import_file(
        partnership=partnership, kind=import_kind(kind), path=path, **{"by": None, "now": NOW, **options}
    )


def bring_in_all(partnership: Partnership, folder: Path = ALDERMERE) -> dict[str, dict[str, int]]:
    """All five lists of a folder; the counts of each."""
    return {kind: bring_in(partnership, kind, folder / f"{kind}.csv").file.counts() for kind in KINDS}


def as_csv(headings: str | Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings.split(",") if isinstance(headings, str) else headings)
    writer.writerows(rows)
    return text.getvalue()


def bring_in_rows(
    partnership: Partnership, kind: str, headings: str, rows: Iterable[Sequence[Any]], **options: Any
) -> ImportOutcome:
    """Rows of values under ``headings``, brought in through a CSV file."""
    return bring_in_text(partnership, kind, as_csv(headings, rows), **options)


def bring_in_text(partnership: Partnership, kind: str, text: str | bytes, **options: Any) -> ImportOutcome:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind}.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return bring_in(partnership, kind, path, **options)


def check_rows(partnership: Partnership, kind: str, headings: str, rows: Iterable[Sequence[Any]]) -> CheckedFile:
    """A dry run over rows of values."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind}.csv"
        path.write_text(as_csv(headings, rows))
        return check_file(partnership=partnership, kind=import_kind(kind), path=path, now=NOW)


def person(email: str = "sam.lee@acc.example.org", **values: str) -> list[str]:
    """A row of staff that is right in every column, except where told otherwise."""
    row = {
        "email": email,
        "first_name": "Sam",
        "last_name": "Lee",
        "agency_code": "ACC",
        "job_title": "Social worker",
        "groups": "3",
        "manager_name": "Jo Marsh",
        "manager_email": "jo.marsh@acc.example.org",
        "start_date": "2024-09-01",
        "end_date": "",
    }
    return list((row | values).values())


def course(code: str = "NE310", **values: str) -> list[str]:
    row = {
        "code": code,
        "title": "Neglect and the tools to assess it",
        "strand": "children",
        "groups": "3;4",
        "length": "full_day",
        "hours": "6",
        "mode": "in_person",
        "capacity": "20",
        "prerequisites": "",
        "refresh_months": "36",
        "priorities": "Neglect",
    }
    return list((row | values).values())


def session(ref: str = "NE310-1", **values: str) -> list[str]:
    row = {
        "ref": ref,
        "course_code": "NE310",
        "start": "2027-03-12 09:30",
        "end": "2027-03-12 16:30",
        "venue": "Oakfield Centre",
        "mode": "in_person",
        "capacity": "20",
        "status": "scheduled",
        "trainer_cost": "300",
        "venue_cost": "180",
        "refreshment_cost": "40",
    }
    return list((row | values).values())


def booking(email: str = "sam.lee@acc.example.org", **values: str) -> list[str]:
    row = {
        "session_ref": "NE310-1",
        "email": email,
        "booked_at": "2026-10-01 10:00",
        "outcome": "booked",
        "cancelled_at": "",
        "absence_reason": "",
    }
    return list((row | values).values())


def agency(code: str = "ACC", **values: str) -> list[str]:
    row = {
        "code": code,
        "name": "Aldermere City Council",
        "sector": "Local authority",
        "charge_tier": "A",
        "contribution": "money",
        "parent_code": "",
        "finance_email": "",
        "cost_code": "",
        "email_domains": "",
    }
    return list((row | values).values())


def problems_of(outcome: ImportOutcome | CheckedFile) -> list[str]:
    """Every problem as the command line prints it."""
    file = outcome.file if isinstance(outcome, ImportOutcome) else outcome
    return [str(problem) for problem in file.problems]
