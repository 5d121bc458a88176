"""The report's figures as one flat table: section, code, name, measure, value. For spreadsheets and other programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.exports import ExportSheet, csv_bytes, xlsx_bytes

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


def _sheet(figures: dict[str, Any]) -> ExportSheet:
    return ExportSheet("Figures", HEADINGS, flat_rows(figures))


def figures_as_csv(figures: dict[str, Any]) -> bytes:
    """The table as CSV."""
    return csv_bytes(_sheet(figures))


def figures_as_xlsx(figures: dict[str, Any]) -> bytes:
    """The table as a spreadsheet."""
    return xlsx_bytes([_sheet(figures)])
