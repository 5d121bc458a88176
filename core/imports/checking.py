"""Checking a file row by row before anything is written: headings, cells, and keys that come twice."""

from __future__ import annotations

from core.errors import UnusableInput
from core.spreadsheets import Sheet, SheetRow

from .cleaning import has_unwanted, heading_key, plain, unwanted_in
from .resource import CheckedResource, Column
from .rows import CheckedFile, CheckedRow

Place = tuple[int, str, Column]


def check_sheet(resource: CheckedResource, sheet: Sheet) -> CheckedFile:
    """Every row of ``sheet`` with its values and problems, as far as the file alone can tell (R153).

    Raises ``UnusableInput`` when a required column is missing or a heading comes twice.
    """
    places, notices = match_headings(resource, sheet.headings)
    width = len(sheet.headings)
    rows = [_check_row(row, places, width) for row in sheet.rows]
    _check_keys(resource, rows)
    return CheckedFile(sheet.headings, rows, [*sheet.notices, *notices])


def match_headings(resource: CheckedResource, headings: list[str]) -> tuple[list[Place], list[str]]:
    """Where each column of the kind stands, and what is said about the others."""
    known = {heading_key(name): name for name in resource.columns}
    places: dict[str, int] = {}
    ignored = []
    for index, heading in enumerate(headings):
        name = known.get(heading_key(heading))
        if name is None:
            ignored += [heading.strip()] if heading.strip() else []
        elif name in places:
            raise UnusableInput(f"The heading {name} stands twice in the file. Keep one of the two columns.")
        else:
            places[name] = index
    missing = [name for name, column in resource.columns.items() if column.required and name not in places]
    if missing:
        raise UnusableInput(
            f"The file has no column {' and no column '.join(missing)}. The first line must hold the headings: "
            f"{','.join(resource.columns)}."
        )
    notices = [f"The column “{heading[:60]}” is not known and was left out." for heading in ignored]
    return [(places[name], name, column) for name, column in resource.columns.items() if name in places], notices


def _check_row(row: SheetRow, places: list[Place], width: int) -> CheckedRow:
    checked = CheckedRow(row.line, row.cells)
    if row.fault:
        checked.refuse(_column_at(row.fault[0], places), row.fault[1])
        return checked
    if len(row.cells) != width and not _fits(checked, places, width):
        return checked
    cells, values = row.cells, checked.values
    dirty = has_unwanted("".join(cells))
    for index, name, column in places:
        text = plain(cells[index])
        if dirty and (wrong := unwanted_in(text)):
            checked.refuse(name, wrong)
        elif not text and column.required:
            checked.refuse(name, "is missing")
        else:
            try:
                values[name] = column.clean_cell(text)
            except ValueError as error:
                checked.refuse(name, str(error))
    return checked


def _column_at(index: int, places: list[Place]) -> str:
    """The name of a cell's column; its number where it has none."""
    return next((name for place, name, _ in places if place == index), str(index + 1))


def _fits(row: CheckedRow, places: list[Place], width: int) -> bool:
    """Whether a row has as many values as there are headings; empty ones too many are dropped."""
    count = len(row.cells)
    if count < width:
        row.refuse(_column_at(count, places), f"is missing: the row has {count} values, the headings name {width}")
        return False
    if any(cell.strip() for cell in row.cells[width:]):
        row.refuse(str(width + 1), f"has no heading: the row has {count} values, the headings name {width}")
        return False
    return True


def _check_keys(resource: CheckedResource, rows: list[CheckedRow]) -> None:
    """Rows with one key: the same values again are one row, different values are all refused, each naming another."""
    groups: dict[tuple[str, ...], list[CheckedRow]] = {}
    for row in rows:
        values = row.values
        if all(name in values for name in resource.key):
            groups.setdefault(tuple([str(values[name]).casefold() for name in resource.key]), []).append(row)
    for group in groups.values():
        if len(group) > 1:
            _check_group(resource, group)


def _check_group(resource: CheckedResource, group: list[CheckedRow]) -> None:
    first, *others = group
    if all(row.is_good and row.values == first.values for row in group):
        for row in others:
            row.original = first
        return
    named = " and ".join(resource.key)
    for row in group:
        other = others[0] if row is first else first
        row.refuse(resource.key[-1], f"the same {named} stands in line {other.line} with different values")
