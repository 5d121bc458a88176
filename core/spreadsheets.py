"""The safe reader of files from outside: CSV and XLSX only, looked at before they are opened, read in a process of
their own.

Nothing here trusts the file: its size, its first bytes and the list of its parts are checked first; then
``core/spreadsheet_child.py`` reads it under limits of memory and time, and only plain text comes back.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from .errors import UnusableInput

MOST_BYTES = 20 * 1024 * 1024
MOST_PARTS = 100
MOST_UNPACKED = 50 * 1024 * 1024
MOST_RATIO = 100
MOST_SECONDS = 30
MOST_OUTPUT = 160 * 1024 * 1024
CHILD = Path(__file__).with_name("spreadsheet_child.py")
SAVE_AS = "Save it as CSV (UTF-8) or as an Excel workbook (.xlsx) and try again."

# What a file begins with when it is something else, whatever its name says.
OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"#!", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or one that is protected by a password"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a text document"),
    (b"\x1f\x8b", "a packed file"),
    (b"7z\xbc\xaf", "a packed file"),
    (b"Rar!", "a packed file"),
    (b"BZh", "a packed file"),
    (b"SQLite format 3", "a database"),
    (b"\xff\xfe", "in UTF-16"),
    (b"\xfe\xff", "in UTF-16"),
)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with its line in the file (the headings are line 1). ``fault`` is a cell's number and what is wrong with
    it.
    """

    line: int
    cells: list[str]
    fault: tuple[int, str] | None = None


@dataclass
class Sheet:
    """What a file holds: headings and rows of plain text."""

    headings: list[str]
    rows: list[SheetRow] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_spreadsheet(path: Path, *, name: str = "") -> Sheet:
    """The rows of a CSV or XLSX file. Raises ``UnusableInput`` with a sentence for everything else, within 30
    seconds.
    """
    name = name or path.name
    if not path.is_file():
        raise UnusableInput(f"There is no file {name}.")
    if path.stat().st_size > MOST_BYTES:
        raise UnusableInput("The file is larger than 20 MB. Split it into several files.")
    kind = _kind_of(path, name)
    if kind == "xlsx":
        _look_into_archive(path)
    return _read_in_child(kind, path)


def _kind_of(path: Path, name: str) -> str:
    """``csv`` or ``xlsx``, when the first bytes agree with the name."""
    suffix = name.lower().rpartition(".")[2]
    with path.open("rb") as file:
        start = file.read(4096)
    _refuse_other_kinds(start)
    if start.startswith(b"PK"):
        if suffix != "xlsx":
            raise UnusableInput(
                f"The file is a packed file or a workbook, but its name does not end in .xlsx. {SAVE_AS}"
            )
        return "xlsx"
    if suffix == "xlsx":
        raise UnusableInput(f"The name ends in .xlsx but the file is not an Excel workbook. {SAVE_AS}")
    if suffix != "csv":
        raise UnusableInput(f"Only files whose name ends in .csv or .xlsx can be read. {SAVE_AS}")
    return "csv"


def _refuse_other_kinds(start: bytes) -> None:
    """Refuse what is neither text nor a packed file, and text that is a web page."""
    if not start:
        raise UnusableInput("The file is empty.")
    for opening, word in OTHER_KINDS:
        if start.startswith(opening):
            raise UnusableInput(f"The file is {word}, not a list. {SAVE_AS}")
    first = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if first.startswith(b"<"):
        raise UnusableInput(f"The file is a web page or a picture, not a list. {SAVE_AS}")
    if not start.startswith(b"PK") and b"\0" in first.split(b"\n", 1)[0]:
        raise UnusableInput(f"The file is not text. {SAVE_AS}")


def _look_into_archive(path: Path) -> None:
    """Refuse a workbook by the list of its parts: bombs, tricks with names, locked parts, macros, files within
    files.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError):
        raise UnusableInput(f"The workbook is damaged. {SAVE_AS}") from None
    _check_sizes(parts, path.stat().st_size)
    names = [part.orig_filename for part in parts]
    for part in parts:
        if part.flag_bits & 0x1:
            raise UnusableInput("The workbook is protected by a password. Remove it and try again.")
    if len(set(names)) != len(names) or any(_is_odd_name(name) for name in names):
        raise UnusableInput(f"The workbook holds parts that no spreadsheet program writes. {SAVE_AS}")
    if any("vbaproject" in name.lower() or "/macrosheets/" in name.lower() for name in names):
        raise UnusableInput("The workbook holds macros. Save it as .xlsx without macros and try again.")
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= set(names):
        raise UnusableInput(f"The file is packed but is not an Excel workbook. {SAVE_AS}")


def _check_sizes(parts: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    ratio = max((part.file_size / max(part.compress_size, 1) for part in parts), default=0)
    # Parts that together are larger than the file lie on top of one another.
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or ratio > MOST_RATIO or packed > size:
        raise UnusableInput("The workbook unpacks to far more than a list needs, so it was not opened.")


def _is_odd_name(name: str) -> bool:
    nested = name.lower().endswith((".zip", ".xlsx", ".xlsm", ".xls", ".gz", ".exe", ".dll", ".js", ".html"))
    return nested or len(name) > 200 or name.startswith("/") or re.search(r"\.\.|[\\\x00-\x1f:]", name) is not None


def _read_in_child(kind: str, path: Path) -> Sheet:
    """Start the child, stop it when its time is over, and take what it says."""
    command = [sys.executable, "-I", str(CHILD), kind, str(path.resolve())]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        clock = threading.Timer(MOST_SECONDS, child.kill)
        clock.start()
        try:
            assert child.stdout is not None
            return _sheet_from(_messages(child.stdout))
        finally:
            clock.cancel()
            child.kill()


def _messages(output: IO[bytes]) -> Iterator[Any]:
    read = 0
    for line in output:
        read += len(line)
        if read > MOST_OUTPUT:
            raise UnusableInput("The file holds more text than a list needs, so it was not read.")
        yield json.loads(line)


def _sheet_from(messages: Iterator[Any]) -> Sheet:
    """Put the child's messages together. A child that falls silent was stopped by its limits."""
    sheet: Sheet | None = None
    for message in messages:
        if isinstance(message, list) and sheet is not None:
            sheet.rows += [SheetRow(line, cells, tuple(fault) if fault else None) for line, cells, fault in message]
        elif "refused" in message:
            raise UnusableInput(message["refused"])
        elif "headings" in message:
            sheet = Sheet(message["headings"])
        elif sheet is not None:
            sheet.notices = message["notices"]
            return sheet
    raise UnusableInput("Reading the file took too much time or memory, so it was stopped.")
