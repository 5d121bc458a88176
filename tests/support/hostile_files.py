"""Files that no spreadsheet program writes, made on the spot. Each maker gives a name and the bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import openpyxl

Hostile = tuple[str, bytes]
TYPES = "[Content_Types].xml"
BOOK = "xl/workbook.xml"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
HEADINGS = "email,first_name,last_name,agency_code\n"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><x>&j;</x>"
)


def good_workbook() -> bytes:
    file = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["email", "first_name"])
    book.active.append(["sam@x.example.org", "Sam"])
    book.save(file)
    return file.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def spoilt(more: Mapping[str, bytes], *, without: str = "") -> bytes:
    """A workbook with parts replaced, added or left out."""
    return packed({name: data for name, data in {**parts_of(good_workbook()), **more}.items() if name != without})


def sheet(rows: str, before: str = "") -> bytes:
    return f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def with_flag(data: bytes) -> bytes:
    """The same archive with every part marked as locked by a password."""
    changed = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (found := changed.find(mark, start)) >= 0:
            changed[found + at] |= 1
            start = found + 4
    return bytes(changed)


def overlapping_bomb() -> bytes:
    """Many names for one lump of data, as zip bombs without nesting do it."""
    data = spoilt({"xl/media/a": b"\0" * 1_000_000})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        lump = archive.getinfo("xl/media/a")
        local = lump.header_offset
    directory = data.index(b"PK\x01\x02")
    entry = data.rindex(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    entries = b"".join(data[entry:end].replace(b"xl/media/a", f"xl/media/{n}".encode()) for n in range(10, 60))
    entries = entries.replace(b"xl/media/", b"xl/medi/")[: len(entries)]
    many = data[:directory] + data[directory:end] + entries + data[end:]
    assert local >= 0
    return many


MAKERS: dict[str, Callable[[], Hostile]] = {
    "nothing at all": lambda: ("staff.csv", b""),
    "nothing but spaces": lambda: ("staff.csv", b" \r\n\r\n ,,, \r\n"),
    "a PDF": lambda: ("staff.csv", b"%PDF-1.7\n" + b"x" * 5000),
    "a PDF called xlsx": lambda: ("staff.xlsx", b"%PDF-1.7\n" + b"x" * 5000),
    "a web page": lambda: ("staff.csv", b"\n <!DOCTYPE html><html><script>alert(1)</script></html>"),
    "an SVG picture": lambda: ("staff.csv", b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "XML": lambda: ("staff.csv", BOMB.encode()),
    "a Windows program": lambda: ("staff.csv", b"MZ\x90\0" + b"\0" * 500),
    "a Linux program": lambda: ("staff.xlsx", b"\x7fELF" + b"\0" * 500),
    "a script": lambda: ("staff.csv", b"#!/bin/sh\nrm -rf /\n"),
    "a picture": lambda: ("staff.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 500),
    "an old Excel file or a locked one": lambda: ("staff.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000),
    "a word document": lambda: ("staff.csv", b"{\\rtf1 hello}"),
    "a gzip file": lambda: ("staff.csv", b"\x1f\x8b\x08\0" + b"\0" * 100),
    "UTF-16": lambda: ("staff.csv", HEADINGS.encode("utf-16")),
    "UTF-16 without mark": lambda: ("staff.csv", HEADINGS.encode("utf-16-le")),
    "another ending": lambda: ("staff.txt", HEADINGS.encode()),
    "no ending": lambda: ("staff", HEADINGS.encode()),
    "text called xlsx": lambda: ("staff.xlsx", HEADINGS.encode()),
    "a workbook called csv": lambda: ("staff.csv", good_workbook()),
    "an empty zip": lambda: ("staff.xlsx", packed({})),
    "a zip of something else": lambda: ("staff.xlsx", packed({"readme.md": b"hello"})),
    "a workbook cut in half": lambda: ("staff.xlsx", good_workbook()[: len(good_workbook()) // 2]),
    "a workbook of rubbish": lambda: ("staff.xlsx", b"PK\x03\x04" + b"\xff" * 3000),
    "a zip bomb of high ratio": lambda: ("staff.xlsx", spoilt({SHEET: b" " * 40_000_000})),
    "a zip bomb of many parts": lambda: (
        "staff.xlsx",
        spoilt({f"xl/media/{number}.xml": b"x" * 100 for number in range(200)}),
    ),
    "a zip within a zip": lambda: ("staff.xlsx", spoilt({"xl/embeddings/inner.zip": packed({"a": b"a" * 100})})),
    "parts upon one another": lambda: ("staff.xlsx", overlapping_bomb()),
    "more than 50 MB unpacked": lambda: (
        "staff.xlsx",
        packed({**parts_of(good_workbook()), "xl/media/a.bin": bytes(range(256)) * 4 * 52_000}),
    ),
    "a name that climbs": lambda: ("staff.xlsx", spoilt({"../../etc/cron.d/x": b"* * * * *"})),
    "an absolute name": lambda: ("staff.xlsx", spoilt({"/etc/passwd": b"root"})),
    "a name with a backslash": lambda: ("staff.xlsx", spoilt({"xl\\..\\x": b"x"})),
    "a name of 300 letters": lambda: ("staff.xlsx", spoilt({f"xl/{'n' * 300}.xml": b"<x/>"})),
    "macros": lambda: ("staff.xlsx", spoilt({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})),
    "parts locked by a password": lambda: ("staff.xlsx", with_flag(good_workbook())),
    "no workbook part": lambda: ("staff.xlsx", spoilt({}, without=BOOK)),
    "an entity bomb in the strings": lambda: ("staff.xlsx", spoilt({STRINGS: BOMB.encode()})),
    "an entity bomb in UTF-16": lambda: ("staff.xlsx", spoilt({SHEET: BOMB.encode("utf-16")})),
    "an outside entity": lambda: (
        "staff.xlsx",
        spoilt({SHEET: sheet("", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')}),
    ),
    "a cell a million rows down": lambda: (
        "staff.xlsx",
        spoilt({SHEET: sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')}),
    ),
    "a cell in the last column": lambda: (
        "staff.xlsx",
        spoilt({SHEET: sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>')}),
    ),
    "51 columns": lambda: ("staff.csv", ",".join(f"c{number}" for number in range(51)).encode()),
    "more rows than 60,000": lambda: ("staff.csv", (HEADINGS + "a,b,c,d\n" * 60_001).encode()),
    "rows without numbers": lambda: (
        "staff.xlsx",
        spoilt({SHEET: sheet("<row><c><v>1</v></c></row>" * 60_002)}),
    ),
    "cells without numbers": lambda: ("staff.xlsx", spoilt({SHEET: sheet(f"<row>{'<c><v>1</v></c>' * 60}</row>")})),
    "broken XML": lambda: ("staff.xlsx", spoilt({SHEET: b"<worksheet><sheetData><row>"})),
    "one endless heading": lambda: ("staff.csv", b'"' + b"a" * 1_000_000),
}
