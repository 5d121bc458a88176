"""The lists of courses and sessions as files: their columns, and what is new or changed in them (R26, R61, R153)."""

from __future__ import annotations

import re
from decimal import Decimal

from core.imports.ledger import Ledger
from core.imports.registry import ImportKind, register_import
from core.imports.resource import CheckedResource, Column
from core.imports.rows import CheckedRow
from core.imports.widgets import (
    ChoiceWidget,
    DecimalWidget,
    IntegerWidget,
    ListWidget,
    MomentWidget,
    TextWidget,
    quoted,
)
from core.models import Strand
from courses.domain.importing import KnownCourses
from courses.domain.importing_sessions import KnownSessions
from courses.enums import LengthBand, Mode, SessionStatus

MODES = {code: code for code in Mode.values}
STATUSES = {code: code for code in SessionStatus.values}
STRANDS = {code: code for code in Strand.values}
LENGTHS = "briefing, half_day, full_day, 2_days (or another number of days), e_learning"
MOST_DAYS = 30


class LengthWidget(TextWidget):
    """A length band, or a number of days."""

    def clean(self, value: str, row: object = None, **kwargs: object) -> str:
        word = re.sub(r"[\s-]+", "_", value.casefold())
        if word in LengthBand.values:
            return word
        days = re.fullmatch(r"([0-9]{1,3})_days?", word)
        if not days or not 1 <= int(days[1]) <= MOST_DAYS:
            raise ValueError(f"{quoted(value)} is not one of: {LENGTHS}")
        return LengthBand.FULL_DAY if int(days[1]) == 1 else f"{int(days[1])}_days"


class CoursesResource(CheckedResource):
    """Courses of the catalogue."""

    key = ("code",)

    code = Column(TextWidget(20), required=True, about="Short code of the course", example="NE310")
    title = Column(TextWidget(200), required=True, about="Title", example="Neglect and the tools to assess it")
    strand = Column(ChoiceWidget(STRANDS), required=True, about="children, adults or joint", example="children")
    groups = Column(
        ListWidget(TextWidget(71)),
        empty=[],
        about="Codes of the groups it is for, separated by semicolons",
        example="3;4",
    )
    length = Column(LengthWidget(20), required=True, about=f"One of: {LENGTHS}", example="full_day")
    hours = Column(DecimalWidget("999"), required=True, about="Hours of learning that count", example="6")
    mode = Column(ChoiceWidget(MODES), required=True, about="in_person, virtual or e_learning", example="in_person")
    capacity = Column(
        IntegerWidget(1, 10_000), required=True, about="Places of a session, unless it says otherwise", example="20"
    )
    prerequisites = Column(
        ListWidget(TextWidget(20)),
        empty=[],
        about="Codes of courses needed before, separated by semicolons",
        example="CP301",
    )
    refresh_months = Column(
        IntegerWidget(1, 600), empty=None, about="Months after which it is to be taken again", example="36"
    )
    priorities = Column(
        ListWidget(TextWidget(200)), empty=[], about="Priorities it serves, separated by semicolons", example="Neglect"
    )

    def compare(self, rows: list[CheckedRow], refused: list[CheckedRow]) -> None:
        self.courses = KnownCourses(self.partnership)
        self.courses.compare(rows, refused)

    def write(self, rows: list[CheckedRow], ledger: Ledger) -> None:
        self.courses.write(rows, ledger=ledger)


class SessionsResource(CheckedResource):
    """Sessions; rows with one reference are the parts of one session."""

    key = ("ref", "start")

    ref = Column(
        TextWidget(40), required=True, about="Reference of the session; its parts share it", example="NE310-0042"
    )
    course_code = Column(TextWidget(20), required=True, about="Code of the course", example="NE310")
    start = Column(MomentWidget(), required=True, about="Date and time it begins", example="2026-03-12 09:30")
    end = Column(MomentWidget(), required=True, about="Date and time it ends", example="2026-03-12 16:30")
    venue = Column(TextWidget(200), about="Name of the venue; empty when online", example="Oakfield Centre")
    mode = Column(ChoiceWidget(MODES), required=True, about="in_person, virtual or e_learning", example="in_person")
    capacity = Column(IntegerWidget(1, 10_000), required=True, about="Places; the first part's counts", example="20")
    status = Column(
        ChoiceWidget(STATUSES),
        required=True,
        about="scheduled, held or cancelled; the first part's counts",
        example="scheduled",
    )
    trainer_cost = Column(
        DecimalWidget("999999"), empty=Decimal(0), about="Pounds; added up over the parts", example="300"
    )
    venue_cost = Column(
        DecimalWidget("999999"), empty=Decimal(0), about="Pounds; added up over the parts", example="180"
    )
    refreshment_cost = Column(
        DecimalWidget("999999"), empty=Decimal(0), about="Pounds; added up over the parts", example="40"
    )

    def compare(self, rows: list[CheckedRow], refused: list[CheckedRow]) -> None:
        self.sessions = KnownSessions(self.partnership, now=self.now, writing=self.writing)
        self.sessions.compare(rows, refused)

    def write(self, rows: list[CheckedRow], ledger: Ledger) -> None:
        self.sessions.write(rows, ledger=ledger)


register_import(ImportKind("courses", "Courses", "course", "courses", "The catalogue", CoursesResource, 30))
register_import(
    ImportKind(
        "sessions", "Sessions", "session", "sessions", "Dates of courses, with places and costs", SessionsResource, 40
    )
)
