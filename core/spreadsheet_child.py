"""Reads one file from outside in a process of its own, with limits on memory and time.

Run as a script by ``core.spreadsheets``; it imports nothing of the service. It writes JSON lines to standard output:
first
``{"headings": […], "line": 1}``, then lists of rows ``[line, cells, fault]``, last ``{"notices": […]}``. A file that
cannot be used gives ``{"refused": "a sentence"}``. A fault is ``[number of the cell, what is wrong]``.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

MOST_ROWS = 60_000
MOST_COLUMNS = 50
MOST_MEMORY = 512 * 1024 * 1024
MOST_SECONDS = 30
ROWS_A_MESSAGE = 500
# A quoted value that runs over more lines or characters than this has lost its closing quotation mark.
LONGEST_RECORD_LINES = 50
LONGEST_RECORD = 20_000
Fault = list[Any] | None
Record = tuple[int, list[str], Fault]


DAMAGED = "The file is damaged or is not what its name says. Open it in your spreadsheet program and save it again."


class Refused(Exception):
    """The file as a whole cannot be used."""


def say(message: Any) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=True) + "\n")


# --- CSV --------------------------------------------------------------------------------------------------------------
def utf8_or_none(line: bytes) -> str | None:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return None


def decode_lines(data: bytes) -> list[tuple[str, str]]:
    """The physical lines as text, each with what is wrong with its letters ("" when nothing is).

    A file is UTF-8 when it says so by a byte order mark or when at least as many lines hold UTF-8 letters as break its
    rules; else it is Windows-1252. A broken line of a UTF-8 file is named, not guessed at.
    """
    has_mark = data.startswith(b"\xef\xbb\xbf")
    lines = (data[3:] if has_mark else data).splitlines()
    decoded = [utf8_or_none(line) for line in lines]
    broken = decoded.count(None)
    accented = sum(1 for text in decoded if text is not None and not text.isascii())
    if not broken or has_mark or (accented and accented >= broken):
        wrong = "holds letters that are not UTF-8; save the file as “CSV UTF-8”"
        return [
            (text, "") if text is not None else (line.decode(errors="replace"), wrong)
            for line, text in zip(lines, decoded, strict=True)
        ]
    return [windows_line(line) for line in lines]


def windows_line(line: bytes) -> tuple[str, str]:
    try:
        return line.decode("cp1252"), ""
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace"), "holds a letter that is neither UTF-8 nor Windows-1252"


def split_record(text: str) -> list[str] | None:
    """The cells of one record; None when its quotation marks do not match."""
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text], strict=True))
    except (csv.Error, StopIteration):
        return None


def is_complete(text: str, width: int) -> bool:
    """Whether a line is a whole record in itself, so that an open quotation mark before it must be a slip."""
    if text.count('"') % 2:
        return False
    cells = split_record(text)
    return cells is not None and len(cells) == width


def join_record(lines: list[tuple[str, str]], at: int, width: int) -> tuple[list[str] | None, int]:
    """A record whose quoted value runs over line ends: its cells and how many lines it takes. None when it never
    closes.
    """
    text = lines[at][0]
    for number in range(at + 1, min(at + LONGEST_RECORD_LINES, len(lines))):
        line, wrong = lines[number]
        if wrong or is_complete(line, width) or len(text) > LONGEST_RECORD:
            break
        text += "\n" + line
        if text.count('"') % 2 == 0:
            cells = split_record(text)
            return (cells, number - at + 1) if cells is not None else (None, 1)
    return None, 1


def csv_records(lines: list[tuple[str, str]]) -> Iterator[Record]:
    """The records with the number of the line on which each begins. A record with a fault keeps to its own line."""
    at, width = 0, 0
    while at < len(lines):
        text, wrong = lines[at]
        taken = 1
        cells: list[str] | None
        if text.count('"') % 2:
            cells, taken = join_record(lines, at, width)
        else:
            cells = split_record(text)
        fault: Fault = [0, wrong] if wrong else None
        if cells is None:
            fault = fault or [0, "has a quotation mark without its partner"]
            cells = text.split(",")
        if any(cell.strip() for cell in cells):
            width = width or len(cells)
            yield at + 1, cells, fault
        at += taken


def read_csv(path: str) -> None:
    with open(path, "rb") as file:
        data = file.read()
    pass_on(csv_records(decode_lines(data)), [])


# --- XLSX -------------------------------------------------------------------------------------------------------------
# A row beyond the limit or a column beyond AX (the 50th); the heading row is one more.
FAR_ROW = re.compile(
    rb"""<(?:\w+:)?(?:row|c)\s[^<>]*?\br=["'][A-Z]*"""
    rb"""(?:\d{6,}|[7-9]\d{4}|6[1-9]\d{3}|60[1-9]\d\d|600[1-9]\d|6000[2-9])["']"""
)
FAR_COLUMN = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br=["'](?:A[Y-Z]|[B-Z][A-Z]|[A-Z]{3,})\d""")
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
TOO_LARGE = (
    f"The file holds cells beyond row {MOST_ROWS:,} or column {MOST_COLUMNS}. "
    "Delete what is not needed and save it again."
)


def look_through(path: str) -> None:
    """Refuse what no spreadsheet program writes, before anything understands the parts."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.lower().endswith((".xml", ".rels", ".vml")):
                continue
            part = archive.read(name)
            start = part[:4096].replace(b"\0", b"")
            if any(word in part or word in start for word in DECLARATIONS):
                raise Refused("The file holds instructions that a spreadsheet does not have. Save it again as .xlsx.")
            if name.startswith("xl/worksheets/") and (FAR_ROW.search(part) or FAR_COLUMN.search(part)):
                raise Refused(TOO_LARGE)


def cell_text(value: Any) -> str:
    """A cell as it would stand in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d" if value.time() == dt.time.min else "%Y-%m-%d %H:%M")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def open_sheet(path: str, *, values: bool) -> Any:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=values, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise Refused("The file has no sheet to read.")
    return sheets


def xlsx_records(sheet: Any) -> Iterator[tuple[int, list[str], Fault, bool]]:
    """The rows of a sheet with their numbers; True at the end when a cell holds a formula."""
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [cell_text(cell.value) for cell in cells]
        while texts and not texts[-1].strip():
            texts.pop()
        if not texts:
            continue
        if number > MOST_ROWS + 1 or len(texts) > MOST_COLUMNS:
            raise Refused(TOO_LARGE)
        kinds = [cell.data_type for cell in cells[: len(texts)]]
        fault: Fault = None
        if "e" in kinds:
            at = kinds.index("e")
            fault = [at, f"holds the spreadsheet error {texts[at]}"]
        yield number, texts, fault, "f" in kinds


def with_results(path: str, records: list[tuple[int, list[str], Fault, bool]]) -> list[Record]:
    """A formula counts as what it last came to; one that was never worked out stays as its own text."""
    results: dict[int, list[str]] = {}
    if any(has_formula for *_, has_formula in records):
        for number, texts, _, _ in xlsx_records(open_sheet(path, values=True)[0]):
            results[number] = texts
    rows: list[Record] = []
    for number, texts, fault, has_formula in records:
        if has_formula:
            known = results.get(number, [])
            known += [""] * (len(texts) - len(known))
            texts = [known[at] if text.startswith("=") and known[at] else text for at, text in enumerate(texts)]
        rows.append((number, texts, fault))
    return rows


def read_xlsx(path: str) -> None:
    look_through(path)
    sheets = open_sheet(path, values=False)
    notices = [f"Only the first sheet, “{sheets[0].title}”, was read."] if len(sheets) > 1 else []
    rows = with_results(path, list(xlsx_records(sheets[0])))
    width = len(rows[0][1]) if rows else 0
    # A spreadsheet has no short rows: what is missing at the end is empty.
    pass_on(((line, cells + [""] * (width - len(cells)), fault) for line, cells, fault in rows), notices)


# --- Both -------------------------------------------------------------------------------------------------------------
def pass_on(records: Iterator[Record], notices: list[str]) -> None:
    """Hand the records to the parent, the headings first."""
    first = next(records, None)
    if first is None:
        raise Refused("The file is empty.")
    line, headings, fault = first
    if fault:
        raise Refused(f"The headings in line {line} cannot be read: a cell {fault[1]}.")
    if len(headings) > MOST_COLUMNS:
        raise Refused(TOO_LARGE)
    say({"headings": headings, "line": line})
    rows: list[Record] = []
    for count, record in enumerate(records, start=1):
        if count > MOST_ROWS:
            raise Refused(f"The file has more than {MOST_ROWS:,} rows. Split it into several files.")
        rows.append(record)
        if len(rows) == ROWS_A_MESSAGE:
            say(rows)
            rows = []
    say(rows)
    say({"notices": notices})


def limit_this_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main(kind: str, path: str) -> None:
    limit_this_process()
    csv.field_size_limit(LONGEST_RECORD * 2)
    try:
        {"csv": read_csv, "xlsx": read_xlsx}[kind](path)
    except Refused as refusal:
        say({"refused": str(refusal)})
    except MemoryError:
        say({"refused": "The file needs more memory than a spreadsheet of its size should."})
    except Exception as error:
        print(type(error).__name__, file=sys.stderr)
        say({"refused": DAMAGED})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
