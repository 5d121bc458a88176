"""Headings in any order and case, the encodings that people's programs write, and workbooks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from agencies.models import Employment, Person
from core.errors import UnusableInput
from core.models import Partnership
from tests.support.lists import STAFF, as_csv, bring_in, bring_in_rows, bring_in_text, person, problems_of

pytestmark = pytest.mark.django_db
NAMES = "email,first_name,last_name,agency_code"
ROW = "lukasz@acc.example.org,Łukasz,Żółć,ACC"
WESTERN = "zoe@acc.example.org,Zoë,O’Neill,ACC"


def names_of() -> list[str]:
    return [one.name for one in Person.objects.order_by("email")]


def test_headings_match_without_regard_to_order_case_and_spaces(with_agency: Partnership) -> None:
    text = "Agency Code, LAST_NAME ,First Name,E-Mail\nACC,Lee,Sam,sam@acc.example.org\n"
    assert problems_of(bring_in_text(with_agency, "staff", text)) == []
    assert names_of() == ["Sam Lee"]


def test_unknown_columns_are_named_and_left_out(with_agency: Partnership) -> None:
    outcome = bring_in_text(with_agency, "staff", f"{NAMES},Shoe size,\n{ROW},42,\n")
    assert outcome.file.notices == ["The column “Shoe size” is not known and was left out."]
    assert names_of() == ["Łukasz Żółć"]


def test_a_missing_required_column_makes_the_file_unusable(with_agency: Partnership) -> None:
    with pytest.raises(UnusableInput, match="no column last_name and no column agency_code"):
        bring_in_text(with_agency, "staff", "email,first_name\na@b.example,Sam\n")


def test_a_heading_that_stands_twice_makes_the_file_unusable(with_agency: Partnership) -> None:
    with pytest.raises(UnusableInput, match="heading email stands twice"):
        bring_in_text(with_agency, "staff", f"{NAMES},E mail\n{ROW},x\n")


def test_a_column_that_the_file_lacks_leaves_what_is_known(with_agency: Partnership) -> None:
    bring_in_rows(with_agency, "staff", STAFF, [person()])
    counts = bring_in_text(with_agency, "staff", f"{NAMES}\nsam.lee@acc.example.org,Samira,Lee,ACC\n").file.counts()
    assert counts == {"new": 0, "changed": 1, "unchanged": 0, "refused": 0}
    employment = Employment.objects.get()
    assert (employment.person.first_name, employment.job_title, employment.groups.get().code) == (
        "Samira",
        "Social worker",
        "3",
    )


def test_an_empty_cell_empties_what_is_known(with_agency: Partnership) -> None:
    bring_in_rows(with_agency, "staff", STAFF, [person()])
    bring_in_rows(with_agency, "staff", STAFF, [person(job_title="", groups="", start_date="")])
    employment = Employment.objects.get()
    assert (employment.job_title, list(employment.groups.all()), employment.start_date) == ("", [], None)


@pytest.mark.parametrize(
    ("letters", "row", "name"),
    [
        ("utf-8", ROW, "Łukasz Żółć"),
        ("utf-8-sig", ROW, "Łukasz Żółć"),
        ("cp1252", WESTERN, "Zoë O’Neill"),
    ],
)
def test_the_letters_of_three_encodings_arrive(with_agency: Partnership, letters: str, row: str, name: str) -> None:
    bring_in_text(with_agency, "staff", f"{NAMES}\r\n{row}\r\n".encode(letters))
    assert names_of() == [name]


def test_a_line_in_other_letters_than_the_file_is_refused(with_agency: Partnership) -> None:
    text = f"{NAMES}\n{ROW}\n".encode() + WESTERN.encode("cp1252") + b"\n"
    assert problems_of(bring_in_text(with_agency, "staff", text)) == [
        "line 3, column email: holds letters that are not UTF-8; save the file as “CSV UTF-8”"
    ]


@pytest.mark.parametrize("letters", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_two_byte_letters_are_refused_with_a_way_on(with_agency: Partnership, letters: str) -> None:
    with pytest.raises(UnusableInput, match=r"Save it as CSV \(UTF-8\) or as an Excel workbook"):
        bring_in_text(with_agency, "staff", f"{NAMES}\n{ROW}\n".encode(letters))


def test_line_ends_of_all_systems_are_understood(with_agency: Partnership) -> None:
    rows = [",".join(person(f"p{number}@acc.example.org")) for number in range(3)]
    text = f"{STAFF}\r\n{rows[0]}\r{rows[1]}\n{rows[2]}"
    assert bring_in_text(with_agency, "staff", text).file.counts()["new"] == 3


def workbook(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    book.create_sheet("Notes").append(["nothing"])
    book.save(path)
    return path


def test_a_workbook_gives_the_same_rows_as_a_csv_file(with_agency: Partnership, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Email", "First name", "Last name", "Agency code", "Groups", "Start date", "End date"],
        ["a@acc.example.org", "Łukasz", "Lee", "ACC", 3, dt.date(2024, 9, 1), dt.date(2026, 1, 31)],
        [None, None, None, None, None, None, None],
        ["b@acc.example.org", "Sam", "Lee", "ACC", "3;5", "01/09/2024"],
        ["c@acc.example.org", "Sam", "Lee", "XYZ"],
    ]
    outcome = bring_in(with_agency, "staff", workbook(tmp_path / "staff.xlsx", rows), good_rows_only=True)
    assert problems_of(outcome) == ["line 5, column agency_code: there is no agency “XYZ”"]
    assert outcome.file.notices == ["Only the first sheet, “Sheet”, was read."]
    text = as_csv(
        "email,first_name,last_name,agency_code,groups,start_date,end_date",
        [
            ["a@acc.example.org", "Łukasz", "Lee", "ACC", "3", "2024-09-01", "2026-01-31"],
            ["b@acc.example.org", "Sam", "Lee", "ACC", "3;5", "2024-09-01", ""],
        ],
    )
    assert bring_in_text(with_agency, "staff", text).file.counts()["unchanged"] == 2


def test_a_formula_of_a_workbook_stays_text_and_an_error_is_refused(with_agency: Partnership, tmp_path: Path) -> None:
    headings: list[object] = ["email", "first_name", "last_name", "agency_code", "job_title"]
    rows: list[list[object]] = [
        headings,
        ["a@acc.example.org", "Sam", "Lee", "ACC", "=1+1"],
        ["b@acc.example.org", "Sam", "Lee", "ACC", "#REF!"],
    ]
    outcome = bring_in(with_agency, "staff", workbook(tmp_path / "staff.xlsx", rows), good_rows_only=True)
    assert problems_of(outcome) == ["line 3, column job_title: holds the spreadsheet error #REF!"]
    assert Employment.objects.get().job_title == "=1+1"
