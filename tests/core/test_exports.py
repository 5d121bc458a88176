"""Files that go out: no text becomes a formula, numbers stay numbers, and all of it comes back as it was."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest

from core.exports import CSV_TYPE, ExportSheet, csv_bytes, download, xlsx_bytes
from core.imports.cleaning import without_guard
from tests.factories import at

OPENINGS = ["=", "+", "-", "@", "\t", "\r", "\n", "==", "＝", "＋", " =", "'="]
TEXTS = [f"{opening}SUM(A1)" for opening in OPENINGS]
HARMLESS = ["Sam", "O'Neill", "'quoted'", "a=b", "1-2", "50%", "", "Łucja", "“=x”"]


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", TEXTS)
def test_text_that_opens_a_formula_is_guarded_in_csv_and_comes_back(text: str) -> None:
    [written] = rows_of(csv_bytes(ExportSheet("x", ["h"], [[text]])))[1]
    assert written == "'" + text
    assert without_guard(written) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_is_left_alone(text: str) -> None:
    rows = rows_of(csv_bytes(ExportSheet("x", ["h", "i"], [[text, "x"]])))
    assert rows[1] == [text, "x"]
    assert without_guard(text) == text


def test_numbers_amounts_and_days_stay_what_they_are_in_csv() -> None:
    row = [-5, Decimal("-12.50"), 0.25, True, None, dt.date(2026, 3, 12), at("2026-07-12 09:30")]
    assert rows_of(csv_bytes(ExportSheet("x", list("abcdefg"), [row])))[1] == [
        "-5",
        "-12.50",
        "0.25",
        "yes",
        "",
        "2026-03-12",
        "2026-07-12 09:30",
    ]


def test_a_heading_is_guarded_too() -> None:
    assert rows_of(csv_bytes(ExportSheet("x", ["=1+1"], [])))[0] == ["'=1+1"]


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    sheet = ExportSheet("People: all/of [them]", ["text"], [[text] for text in [*TEXTS, "http://x.example", "123"]])
    page = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([sheet])))["People  all of  them"]
    assert {cell.data_type for [cell] in page.iter_rows(min_row=2)} == {"s"}
    assert [cell.value for [cell] in page.iter_rows(min_row=2, max_row=5)] == TEXTS[:4]


def test_numbers_and_days_of_a_workbook_can_be_counted_with() -> None:
    row = [-5, Decimal("-12.50"), dt.date(2026, 3, 12), at("2026-07-12 09:30"), False, None]
    data = xlsx_bytes([ExportSheet("a", list("abcdef"), [row]), ExportSheet("b", [], [])])
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["a", "b"]
    assert [cell.value for cell in book["a"][2]] == [
        -5,
        -12.5,
        dt.datetime(2026, 3, 12),  # noqa: DTZ001 - workbooks know no time zone
        dt.datetime(2026, 7, 12, 9, 30),  # noqa: DTZ001
        "no",
        None,
    ]


def test_a_download_has_a_safe_name_and_stays_in_no_cache() -> None:
    response = download(b"x", name='a"b\r\nSet-Cookie: x=1/../é.csv', content_type=CSV_TYPE)
    assert response["Content-Disposition"].startswith('attachment; filename="a-b-Set-Cookie-x-1-..-.csv"')
    assert "\n" not in response["Content-Disposition"]
    assert response["Cache-Control"] == "no-store"
