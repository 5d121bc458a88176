"""The one writer of files that go out: CSV and XLSX in which no text can become a formula (reliability 2.5, I3).

In XLSX text is written as text. In CSV, which has no types, a single quotation mark goes before text that a spreadsheet
program would take for a formula; the reader of imports takes it off again. Pages that offer a CSV say so with
``CSV_NOTICE``. Numbers, amounts and dates stay what they are.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import HttpResponse

from .imports.cleaning import needs_guard
from .periods import LONDON

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

CSV_NOTICE = "In the CSV file a single quotation mark stands before text that a spreadsheet would take for a formula."
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
Value = str | int | float | Decimal | bool | dt.date | dt.datetime | None


@dataclass(frozen=True)
class ExportSheet:
    """A table to write out: text is ``str``; numbers, ``Decimal`` amounts and dates are given as what they are."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]


def csv_bytes(sheet: ExportSheet) -> bytes:
    """UTF-8 with byte order mark, so that Excel reads the letters."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_csv_value(heading) for heading in sheet.headings])
    writer.writerows([_csv_value(value) for value in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def _csv_value(value: Value) -> str | int | float | Decimal:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return "'" + value if needs_guard(value) else value
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(LONDON):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, dt.date) else value


def xlsx_bytes(sheets: Sequence[ExportSheet]) -> bytes:
    """A workbook with one sheet for each table."""
    import xlsxwriter  # here, because it takes a fifth of a second of every start

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        formats = {
            "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "money": book.add_format({"num_format": "#,##0.00"}),
        }
        for number, sheet in enumerate(sheets, start=1):
            page = book.add_worksheet(_sheet_name(sheet.title) or f"Sheet {number}")
            _write_page(page, sheet, formats)
    return file.getvalue()


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", title).strip("' ")[:31]


def _write_page(page: Worksheet, sheet: ExportSheet, formats: dict[str, object]) -> None:
    widths = [len(heading) for heading in sheet.headings]
    for column, heading in enumerate(sheet.headings):
        page.write_string(0, column, heading, formats["heading"])
    for line, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            _write_cell(page, line, column, value, formats)
            if column < len(widths):
                widths[column] = max(widths[column], len(str(value)))
    for column, width in enumerate(widths):
        page.set_column(column, column, min(width, WIDEST) + 2)
    page.freeze_panes(1, 0)


def _write_cell(page: Worksheet, line: int, column: int, value: Value, formats: dict[str, object]) -> None:
    if isinstance(value, bool):
        page.write_string(line, column, "yes" if value else "no")
    elif isinstance(value, Decimal):
        page.write_number(line, column, float(value), formats["money"])
    elif isinstance(value, int | float):
        page.write_number(line, column, value)
    elif isinstance(value, dt.datetime):
        page.write_datetime(line, column, value.astimezone(LONDON).replace(tzinfo=None), formats["moment"])
    elif isinstance(value, dt.date):
        page.write_datetime(line, column, value, formats["day"])
    elif value is not None:
        page.write_string(line, column, value[:32_767])


def download(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """An answer that saves ``content`` as ``name`` and leaves no copy in caches."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "download"
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename=\"{safe}\"; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response
