"""The list of bookings as a file: its columns, and what is new or changed in it (R43-R57, R153)."""

from __future__ import annotations

from bookings.domain.importing import KnownBookings
from bookings.domain.importing_writes import write_bookings
from bookings.enums import BookingStatus
from core.imports.ledger import Ledger
from core.imports.registry import ImportKind, register_import
from core.imports.resource import CheckedResource, Column
from core.imports.rows import CheckedRow
from core.imports.widgets import ChoiceWidget, EmailWidget, MomentWidget, TextWidget

OUTCOMES = {code: code for code in BookingStatus.values}


class BookingsResource(CheckedResource):
    """Bookings and what became of them."""

    key = ("session_ref", "email")

    session_ref = Column(TextWidget(40), required=True, about="Reference of the session", example="NE310-0042")
    email = Column(
        EmailWidget(), required=True, about="Email address of the person", example="sam.lee@aldermere.example.org"
    )
    booked_at = Column(
        MomentWidget(day_alone=True), required=True, about="When the booking was made", example="2026-01-20 10:15"
    )
    outcome = Column(
        ChoiceWidget(OUTCOMES),
        required=True,
        about=f"What became of it, one of: {', '.join(OUTCOMES)}",
        example="attended",
    )
    cancelled_at = Column(
        MomentWidget(day_alone=True),
        empty=None,
        about="When it was cancelled; the charging policy of the day of booking decides whether that was in time",
    )
    absence_reason = Column(TextWidget(200), about="Why someone did not come, in a word or two")

    def compare(self, rows: list[CheckedRow], refused: list[CheckedRow]) -> None:
        known = KnownBookings(self.partnership, [*rows, *refused], now=self.now, writing=self.writing)
        known.compare(rows, refused)

    def write(self, rows: list[CheckedRow], ledger: Ledger) -> None:
        write_bookings(rows, ledger=ledger)


register_import(
    ImportKind(
        "bookings", "Bookings", "booking", "bookings", "Who booked what, and what became of it", BookingsResource, 50
    )
)
