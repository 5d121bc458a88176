"""The safe reader: what it reads, and what it refuses quickly and with a sentence."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest

from core.errors import UnusableInput
from core.spreadsheets import MOST_BYTES, read_spreadsheet
from tests.support.hostile_files import MAKERS, good_workbook

SECONDS = 2.0


def cost() -> float:
    """Processor seconds of this process and of those it has started."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@pytest.mark.parametrize("what", MAKERS)
def test_a_hostile_file_is_refused_within_two_seconds(what: str, tmp_path: Path) -> None:
    name, data = MAKERS[what]()
    path = tmp_path / "upload"
    path.write_bytes(data)
    before = cost()
    with pytest.raises(UnusableInput) as refusal:
        read_spreadsheet(path, name=name)
    assert cost() - before < SECONDS
    assert str(refusal.value).endswith(".")
    assert "Traceback" not in str(refusal.value)


def test_a_file_of_2_gigabytes_of_nothing_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "staff.csv"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)
    before = cost()
    with pytest.raises(UnusableInput, match="larger than 20 MB"):
        read_spreadsheet(path)
    assert cost() - before < 0.5


def test_a_file_of_just_20_mb_is_read(tmp_path: Path) -> None:
    path = tmp_path / "staff.csv"
    row = b"a" * 999 + b"\n"
    path.write_bytes(b"email\n" + row * ((MOST_BYTES - 6) // len(row)))
    assert len(read_spreadsheet(path).rows) == 20_971


def test_60_000_rows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "staff.csv"
    path.write_text("a,b\n" + "1,2\n" * 60_000)
    sheet = read_spreadsheet(path)
    assert (len(sheet.rows), sheet.rows[-1].line, sheet.rows[-1].cells) == (60_000, 60_001, ["1", "2"])


def test_a_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "staff.xlsx"
    path.write_bytes(good_workbook())
    sheet = read_spreadsheet(path)
    assert (sheet.headings, [(row.line, row.cells) for row in sheet.rows]) == (
        ["email", "first_name"],
        [(2, ["sam@x.example.org", "Sam"])],
    )


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('a,b\n"x\ny",2\n3,4\n', [(2, ["x\ny", "2"]), (4, ["3", "4"])]),
        ('a,b\n"say ""hello""",2\n', [(2, ['say "hello"', "2"])]),
        ('a,b\n"1,5",2\n', [(2, ["1,5", "2"])]),
        ("a,b\n\n,\n1,2\n", [(4, ["1", "2"])]),
        ("a,b\n5\u2032 tall,2\n", [(2, ["5\u2032 tall", "2"])]),
        ('a,b\n6" pipe,2\n1,2\n', [(3, ["1", "2"])]),
        ('a,b\n6" by 7" pipe,2\n', [(2, ['6" by 7" pipe', "2"])]),
    ],
)
def test_quoting(text: str, rows: list[tuple[int, list[str]]], tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text)
    assert [(row.line, row.cells) for row in read_spreadsheet(path).rows if row.fault is None] == rows


def test_nobody_can_make_the_reader_look_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match=r"There is no file staff\.csv"):
        read_spreadsheet(tmp_path / "missing", name="staff.csv")
