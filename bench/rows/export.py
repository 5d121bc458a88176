"""The writer of files that go out, with 100,000 rows, beside the plain writers of CSV and XLSX."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from statistics import median

import xlsxwriter

from core.exports import ExportSheet, csv_bytes, xlsx_bytes

from ..lines import Line, at_most_times
from ..stage import Stage
from ..timing import seconds

HEADINGS = ["Reference", "Name", "Agency", "Course", "Booked", "Outcome", "Charge"]
Row = tuple[str, str, str, str, dt.date, str, Decimal]


def rows_of(count: int) -> list[Row]:
    """Bookings as a file shows them."""
    day = dt.date(2025, 4, 1)
    return [
        (
            f"{n:07X}",
            f"Sam Lee{n}",
            f"Agency {n % 60}",
            f"Course {n % 40}",
            day + dt.timedelta(days=n % 90),
            "Attended",
            Decimal(n % 80),
        )
        for n in range(count)
    ]


def plain_csv(rows: list[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    return text.getvalue().encode()


def plain_xlsx(rows: list[Row]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        for line, row in enumerate([HEADINGS, *rows]):
            page.write_row(line, 0, row)
    return file.getvalue()


def measure(stage: Stage) -> list[Line]:
    count = stage.pick(100_000, 200)
    rows = rows_of(count)
    sheet = ExportSheet("Bookings", HEADINGS, rows)
    ours_csv, bare_csv, ours_xlsx, bare_xlsx = [], [], [], []
    for _ in range(stage.runs):
        ours_csv.append(seconds(lambda: csv_bytes(sheet)))
        bare_csv.append(seconds(lambda: plain_csv(rows)))
        ours_xlsx.append(seconds(lambda: xlsx_bytes([sheet])))
        bare_xlsx.append(seconds(lambda: plain_xlsx(rows)))
    return [
        at_most_times(f"{count:,} rows as CSV", median(ours_csv), median(bare_csv), "s", most=3),
        at_most_times(f"{count:,} rows as XLSX", median(ours_xlsx), median(bare_xlsx), "s", most=3),
    ]
