"""Builds the demo year, step by step, telling what it does."""

from __future__ import annotations

import csv
import datetime as dt
import random
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from bookings.enums import ChargeKind, ChargeState
from bookings.models import Charge
from core.errors import UnusableInput
from core.imports.registry import import_kind
from core.imports.running import import_file
from core.models import Partnership
from core.partnership_file import load_partnership
from core.periods import Quarter, at_clock, start_of_day
from courses.models import Course, CourseSession, Venue
from reports.domain.quarterly import draft_report, publish_report

from .learning import LearningMaker
from .people import staff_rows
from .pool import make_pool
from .programme import VENUES
from .sign_ins import make_sign_ins
from .year import YearMaker

Row = dict[str, str]
FILES = Path(settings.BASE_DIR) / "partnerships"
SEED = 2025
FIRST_QUARTER = Quarter(2025, 1)


def build_demo(*, today: dt.date, tell: Callable[[str], None]) -> Partnership:
    """The demo partnership with a year around ``today``. Needs a database without it."""
    rng = random.Random(SEED)
    tell("Partnership, agencies and courses")
    partnership = load_partnership(path=FILES / "aldermere.toml", by=None, now=timezone.now()).partnership
    courses = _read("courses.csv")
    _import(partnership, "agencies", _read("agencies.csv"))
    tell("People")
    staff = staff_rows(rng, first_names=_lines("first_names.txt"), last_names=_lines("last_names.txt"))
    _import(partnership, "staff", staff)
    _import(partnership, "courses", courses)
    tell("Sessions and bookings")
    sessions, bookings = YearMaker(courses=courses, staff=staff, today=today, rng=rng).make()
    _import(partnership, "sessions", sessions)
    _import(partnership, "bookings", bookings)
    _describe(partnership)
    tell("Trainers, evaluations and certificates")
    make_pool(partnership, today=today, rng=rng)
    LearningMaker(partnership=partnership, today=today, rng=rng).make()
    _decide_old_charges(partnership, today=today, rng=rng)
    tell("Quarterly reports")
    _publish_reports(partnership, today=today)
    make_sign_ins(partnership)
    return partnership


def _read(name: str) -> list[Row]:
    with (FILES / "demo" / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _lines(name: str) -> list[str]:
    return (FILES / "demo" / name).read_text(encoding="utf-8").split()


def _import(partnership: Partnership, kind: str, rows: list[Row]) -> None:
    """Bring rows in through the importer, exactly as a file of a partnership would come in."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        outcome = import_file(partnership=partnership, kind=import_kind(kind), path=path, by=None, now=timezone.now())
    if outcome.file.problems:
        first = outcome.file.problems[0]
        raise UnusableInput(f"The demo’s {kind} do not import: line {first.line}, {first.column}: {first.reason}")


def _describe(partnership: Partnership) -> None:
    """What a file has no column for: what courses are about and where venues are."""
    texts = tomllib.loads((FILES / "demo" / "course_texts.toml").read_text(encoding="utf-8"))
    courses = list(Course.objects.of(partnership))
    for course in courses:
        words = texts.get(course.code, {})
        course.aim = words.get("aim", "")
        course.learning_outcomes = words.get("outcomes", [])
        course.content_note = words.get("content_note", "")
    Course.objects.bulk_update(courses, ["aim", "learning_outcomes", "content_note"])
    for name, (address, access) in VENUES.items():
        Venue.objects.of(partnership).filter(name=name).update(address=address, access=access)


def _decide_old_charges(partnership: Partnership, *, today: dt.date, rng: random.Random) -> None:
    """Charges were raised the day after; those of more than three weeks ago are decided, a quarter of them waived."""
    charges = Charge.objects.of(partnership)
    ends = CourseSession.objects.filter(bookings__charge=OuterRef("pk")).values("ends_at")[:1]
    charges.update(raised_at=Subquery(ends))
    old = charges.filter(raised_at__lt=start_of_day(today - dt.timedelta(days=21)))
    absences = old.filter(kind=ChargeKind.ABSENCE).order_by("pk").values_list("pk", flat=True)
    waived = [pk for pk in absences if rng.random() < 0.28]
    old.update(state=ChargeState.CONFIRMED, decided_at=F("raised_at") + dt.timedelta(days=12))
    reason = "Sickness, confirmed by the line manager"
    Charge.objects.filter(pk__in=waived).update(state=ChargeState.WAIVED, decision_reason=reason)


def _publish_reports(partnership: Partnership, *, today: dt.date) -> None:
    """Every full quarter has its report: published, but for the last one, which is still a draft."""
    quarter = FIRST_QUARTER
    while quarter.end < today:
        now = at_clock(quarter.end + dt.timedelta(days=9), 10)
        report = draft_report(partnership=partnership, quarter=quarter, by=None, now=now)
        if quarter.next.end < today:
            publish_report(report=report, by=None, now=now)
        quarter = quarter.next
