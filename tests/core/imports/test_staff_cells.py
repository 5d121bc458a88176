"""Each value that a row of staff may not hold, and the words in which it is refused."""

from __future__ import annotations

import pytest

from agencies.models import Employment, Person
from core.models import Partnership
from tests.factories import AgencyFactory, PartnershipFactory
from tests.support.lists import STAFF, bring_in_rows, bring_in_text, person, problems_of

pytestmark = pytest.mark.django_db

REFUSED = [
    ("email", "", "is missing"),
    ("email", "   ", "is missing"),
    ("email", "sam.lee", "“sam.lee” is not an email address"),
    ("email", "sam lee@acc.example.org", "“sam lee@acc.example.org” is not an email address"),
    ("email", "sam@acc.example.org; jo@acc.example.org", "is not an email address"),
    ("email", "a" * 250 + "@acc.example.org", "has 266 characters; the most is 254"),
    ("email", "sam\x00lee@acc.example.org", "holds a NUL character"),
    ("first_name", "", "is missing"),
    ("last_name", "\u00a0 ", "is missing"),
    ("first_name", "Sam\nJo", "holds a line break"),
    ("first_name", "Sam\tJo", "holds a tab"),
    ("first_name", "Sam\u202e", "holds an invisible character (U+202E, Right-to-left override)"),
    ("last_name", "L\u200bee", "holds an invisible character (U+200B, Zero width space)"),
    ("last_name", "L\u2067ee", "holds an invisible character (U+2067, Right-to-left isolate)"),
    ("last_name", "Le\x07e", "holds an invisible character (U+0007)"),
    ("last_name", "Le\ufffde", "holds a letter that could not be read"),
    ("first_name", "=cmd|' /C calc'!A0", "“=cmd|' /C calc'!A0” is not a name"),
    ("first_name", "@SUM(A1)", "is not a name"),
    ("last_name", "12345", "“12345” is not a name"),
    ("first_name", "S" * 101, "has 101 characters; the most is 100"),
    ("last_name", "L" * 10_000, "has 10,000 characters; the most is 100"),
    ("agency_code", "", "is missing"),
    ("agency_code", "XYZ", "there is no agency “XYZ”"),
    ("agency_code", "ACC;POL", "there is no agency “ACC;POL”"),
    ("job_title", "J" * 151, "has 151 characters; the most is 150"),
    ("groups", "7", "there is no group “7”"),
    ("groups", "3;seven", "there is no group “seven”"),
    ("groups", "3,4", "there is no group “3,4”"),
    ("manager_name", "M" * 201, "has 201 characters; the most is 200"),
    ("manager_email", "jo", "“jo” is not an email address"),
    ("start_date", "31/02/2025", "“31/02/2025” is a date that does not exist"),
    ("start_date", "2025-02-29", "“2025-02-29” is a date that does not exist"),
    ("start_date", "1/2/03", "“1/2/03” is not a date. Write it as 2025-03-27 or 27/03/2025"),
    ("start_date", "45741", "“45741” is not a date."),
    ("start_date", "NaN", "“NaN” is not a date."),
    ("start_date", "03-27-2025", "“03-27-2025” is not a date."),
    ("start_date", "27 March 2025", "“27 March 2025” is not a date."),
    ("start_date", "0001-01-01", "“0001-01-01” is not a date of our time"),
    ("end_date", "2024-08-31", "2024-08-31 is before the start date 2024-09-01"),
    ("end_date", "yesterday", "“yesterday” is not a date."),
]


def test_each_wrong_value_is_refused_with_line_column_and_reason(with_agency: Partnership) -> None:
    rows, expected, line = [], [], 2
    for number, (column, value, reason) in enumerate(REFUSED):
        rows.append(person(**{"email": f"p{number}@acc.example.org", column: value}))
        expected.append((line, column, reason))
        line += 1 + value.count("\n")
    outcome = bring_in_rows(with_agency, "staff", STAFF, [*rows, person("good@acc.example.org")], good_rows_only=True)
    found = outcome.file.problems
    assert [(problem.line, problem.column) for problem in found] == [(line, column) for line, column, _ in expected]
    assert [
        problem.reason for problem, (_, _, reason) in zip(found, expected, strict=True) if reason not in problem.reason
    ] == []
    assert [one.email for one in Person.objects.all()] == ["good@acc.example.org"]


ACCEPTED = [
    ("email", " Sam.Lee@ACC.example.org ", "email", "sam.lee@acc.example.org"),
    ("first_name", "\u00a0Łukasz ", "first_name", "Łukasz"),
    ("last_name", "O’Neill-Nguyễn", "last_name", "O’Neill-Nguyễn"),
    ("last_name", "-Lee", "last_name", "-Lee"),
]


def test_spaces_and_case_are_put_right(with_agency: Partnership) -> None:
    rows = [
        person(**{"email": f"p{number}@acc.example.org", column: value})
        for number, (column, value, _, _) in enumerate(ACCEPTED)
    ]
    assert problems_of(bring_in_rows(with_agency, "staff", STAFF, rows)) == []
    people = Person.objects.order_by("pk")
    assert [getattr(one, field) for one, (_, _, field, _) in zip(people, ACCEPTED, strict=True)] == [
        kept for *_, kept in ACCEPTED
    ]


def test_a_date_may_be_written_in_two_ways(with_agency: Partnership) -> None:
    days = ["2024-09-01", "01/09/2024", "1/9/2024", "2024-9-1", "2024-09-01 00:00:00"]
    rows = [person(f"p{number}@acc.example.org", start_date=day) for number, day in enumerate(days)]
    assert problems_of(bring_in_rows(with_agency, "staff", STAFF, rows)) == []
    assert {str(one.start_date) for one in Employment.objects.all()} == {"2024-09-01"}


def test_text_that_looks_like_a_formula_stays_text(with_agency: Partnership) -> None:
    bring_in_rows(with_agency, "staff", STAFF, [person(job_title='=HYPERLINK("http://x.example")')])
    assert Person.objects.get().employments.get().job_title == '=HYPERLINK("http://x.example")'


def test_the_quotation_mark_of_our_own_files_is_taken_off_again(with_agency: Partnership) -> None:
    bring_in_rows(with_agency, "staff", STAFF, [person(job_title="'+44 team", manager_name="'Jo'")])
    employment = Person.objects.get().employments.get()
    assert (employment.job_title, employment.manager_name) == ("+44 team", "'Jo'")


def test_all_that_is_wrong_with_a_row_is_named(with_agency: Partnership) -> None:
    row = person(first_name="", agency_code="XYZ", groups="9", start_date="31/02/2025")
    assert [problem.split(":")[0] for problem in problems_of(bring_in_rows(with_agency, "staff", STAFF, [row]))] == [
        "line 2, column first_name",
        "line 2, column start_date",
        "line 2, column agency_code",
        "line 2, column groups",
    ]


def test_an_agency_of_another_partnership_is_unknown(with_agency: Partnership) -> None:
    AgencyFactory(partnership=PartnershipFactory(), code="ELSE")
    outcome = bring_in_rows(with_agency, "staff", STAFF, [person(agency_code="ELSE")])
    assert problems_of(outcome) == ["line 2, column agency_code: there is no agency “ELSE”"]


def test_a_row_with_too_few_or_too_many_values_is_refused(with_agency: Partnership) -> None:
    short, long, trailing = (
        person("a@acc.example.org")[:8],
        [*person("b@acc.example.org"), "x"],
        person("c@acc.example.org"),
    )
    outcome = bring_in_rows(with_agency, "staff", STAFF, [short, long, [*trailing, "", ""]], good_rows_only=True)
    assert problems_of(outcome) == [
        "line 2, column start_date: is missing: the row has 8 values, the headings name 10",
        "line 3, column 11: has no heading: the row has 11 values, the headings name 10",
    ]
    assert [one.email for one in Person.objects.all()] == ["c@acc.example.org"]


def test_the_line_is_that_of_the_file_whatever_stands_before_it(with_agency: Partnership) -> None:
    first = '"a@acc.example.org","S\nam",Lee,ACC,"Head, of\nyear",,,,,'
    text = f"\n{STAFF}\r\n\r\n{first}\nb@acc.example.org,,Lee,ACC,,,,,,\n"
    assert problems_of(bring_in_text(with_agency, "staff", text)) == [
        "line 4, column first_name: holds a line break",
        "line 4, column job_title: holds a line break",
        "line 7, column first_name: is missing",
    ]


def test_a_forgotten_quotation_mark_costs_its_own_row_only(with_agency: Partnership) -> None:
    rows = [",".join(person(f"p{number}@acc.example.org")) for number in range(6)]
    rows[1] = rows[1].replace("Sam", '"Sam')
    rows[3] = rows[3].replace("Sam", '"Sam"my')
    rows[5] = rows[5].replace("Lee", '"Lee')
    outcome = bring_in_text(with_agency, "staff", "\n".join([STAFF, *rows]), good_rows_only=True)
    assert problems_of(outcome) == [
        f"line {line}, column email: has a quotation mark without its partner" for line in (3, 5, 7)
    ]
    assert [one.email for one in Person.objects.order_by("email")] == [
        f"p{number}@acc.example.org" for number in (0, 2, 4)
    ]
