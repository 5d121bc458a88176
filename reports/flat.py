"""The report's figures as one flat table: section, code, name, measure, value. For spreadsheets and other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

HEADINGS = ("section", "code", "name", "measure", "value")
NAMED = ("code", "title", "name", "sector", "reason", "quarter", "label")
# Section of the table -> key of the figures, and which of an entry's keys are its code and its name.
LISTS = {
    "course": ("courses", "code", "title"),
    "agency": ("agencies", "code", "name"),
    "sector": ("sectors", "sector", "name"),
    "absence reason": ("absence_reasons", "reason", "name"),
    "priority": ("priorities", "name", "name"),
    "quarter": ("history", "quarter", "label"),
}
SINGLES = ("totals", "evaluations", "impact", "certificates", "trainers", "sufficiency")

FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")

Row = tuple[str, str, str, str, Any]


def flat_rows(figures: dict[str, Any]) -> Iterator[Row]:
    """One row for each figure; a rate over nothing is empty."""
    for section in SINGLES:
        yield from _measures(section, "", "", figures[section])
    for section, (key, code, name) in LISTS.items():
        for entry in figures[key]:
            yield from _measures(section, entry[code], entry[name], entry)
    for course in figures["impact"]["courses"]:
        yield from _measures("impact by course", course["code"], course["title"], course)


def _measures(section: str, code: str, name: str, entry: dict[str, Any]) -> Iterator[Row]:
    for measure, value in entry.items():
        if measure not in NAMED and not isinstance(value, list | dict):
            yield section, code, name, measure, value


def figures_as_csv(figures: dict[str, Any]) -> bytes:
    """The table as CSV in UTF-8. A text that a spreadsheet would run as a formula is made plain with an apostrophe."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(HEADINGS)
    writer.writerows([_plain(cell) for cell in row] for row in flat_rows(figures))
    return lines.getvalue().encode()


def _plain(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_BEGINNINGS) else cell


def figures_as_xlsx(figures: dict[str, Any]) -> bytes:
    """The table as a spreadsheet: texts stay texts, figures are numbers."""
    from xlsxwriter import Workbook

    content = io.BytesIO()
    book = Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Figures")
    for number, row in enumerate([HEADINGS, *flat_rows(figures)]):
        sheet.write_row(number, 0, row)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 3, 24)
    book.close()
    return content.getvalue()
