"""What a row of the list of staff means for people whom we know already."""

from __future__ import annotations

import datetime as dt

import pytest

from agencies.models import Employment, Person
from core.models import Partnership
from tests.factories import AgencyFactory, FrameworkFactory, GroupFactory
from tests.support.lists import NOW, STAFF, bring_in_rows, load_aldermere, person, problems_of

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def aldermere(db: None) -> Partnership:
    partnership = load_aldermere()
    AgencyFactory(partnership=partnership, code="ACC")
    AgencyFactory(partnership=partnership, code="POL")
    return partnership


def bring(partnership: Partnership, **values: str) -> dict[str, int]:
    outcome = bring_in_rows(partnership, "staff", STAFF, [person(**values)])
    assert problems_of(outcome) == []
    return outcome.file.counts()


def jobs() -> list[tuple[str, dt.date | None, dt.date | None]]:
    return [(one.agency.code, one.start_date, one.end_date) for one in Employment.objects.select_related("agency")]


def test_a_row_naming_another_agency_moves_the_person(aldermere: Partnership) -> None:
    bring(aldermere)
    assert bring(aldermere, agency_code="POL", start_date="2026-06-01")["changed"] == 1
    assert jobs() == [
        ("ACC", dt.date(2024, 9, 1), dt.date(2026, 5, 31)),
        ("POL", dt.date(2026, 6, 1), None),
    ]
    assert bring(aldermere, agency_code="POL", start_date="2026-06-01")["unchanged"] == 1
    assert Person.objects.count() == 1


def test_without_a_start_date_the_old_employment_ended_yesterday(aldermere: Partnership) -> None:
    bring(aldermere)
    bring(aldermere, agency_code="POL", start_date="")
    assert jobs() == [("ACC", dt.date(2024, 9, 1), TODAY - dt.timedelta(days=1)), ("POL", None, None)]


def test_the_old_employment_never_ends_before_it_began(aldermere: Partnership) -> None:
    bring(aldermere)
    bring(aldermere, agency_code="POL", start_date="2020-01-01")
    assert jobs()[0] == ("ACC", dt.date(2024, 9, 1), dt.date(2024, 9, 1))


def test_someone_with_two_jobs_keeps_both_when_a_third_comes(aldermere: Partnership) -> None:
    AgencyFactory(partnership=aldermere, code="NHS")
    bring(aldermere)
    Employment.objects.create(person=Person.objects.get(), agency=AgencyFactory(partnership=aldermere, code="TWO"))
    bring(aldermere, agency_code="NHS", start_date="2026-06-01")
    assert [end for _, _, end in jobs()] == [None, None, None]


def test_a_job_that_is_over_does_not_end_the_present_one(aldermere: Partnership) -> None:
    bring(aldermere)
    bring(aldermere, agency_code="POL", start_date="2019-01-01", end_date="2020-01-01")
    assert jobs() == [
        ("ACC", dt.date(2024, 9, 1), None),
        ("POL", dt.date(2019, 1, 1), dt.date(2020, 1, 1)),
    ]


def test_coming_back_is_a_new_employment(aldermere: Partnership) -> None:
    bring(aldermere, start_date="2020-01-01", end_date="2021-01-01")
    bring(aldermere, start_date="2025-01-01")
    assert jobs() == [
        ("ACC", dt.date(2020, 1, 1), dt.date(2021, 1, 1)),
        ("ACC", dt.date(2025, 1, 1), None),
    ]
    assert bring(aldermere, start_date="2025-01-01")["unchanged"] == 1
    assert bring(aldermere, start_date="2020-01-01", end_date="2021-01-01")["unchanged"] == 1


def test_leaving_ends_the_open_employment(aldermere: Partnership) -> None:
    bring(aldermere)
    assert bring(aldermere, end_date="2026-03-31")["changed"] == 1
    assert jobs() == [("ACC", dt.date(2024, 9, 1), dt.date(2026, 3, 31))]


def test_groups_of_another_framework_are_named_with_it(aldermere: Partnership) -> None:
    other = FrameworkFactory(partnership=aldermere, code="nhs")
    GroupFactory(framework=other, code="L3")
    outcome = bring_in_rows(
        aldermere, "staff", STAFF, [person(groups="AWSP:3;nhs:l3"), person("b@x.example.org", groups="L3")]
    )
    assert problems_of(outcome) == ["line 3, column groups: there is no group “L3”"]
    assert bring(aldermere, groups="3;nhs:L3")["new"] == 1
    assert {str(group) for group in Employment.objects.get().groups.all()} == {
        "Group 3: Works mainly with children and families",
        str(other.groups.get()),
    }
    assert bring(aldermere, groups="nhs:L3;awsp:3")["unchanged"] == 1


def test_the_line_manager_is_tied_where_known_even_from_the_same_file(aldermere: Partnership) -> None:
    rows = [person(), person("jo.marsh@acc.example.org", first_name="Jo", manager_email="")]
    bring_in_rows(aldermere, "staff", STAFF, rows)
    sam = Employment.objects.get(person__email="sam.lee@acc.example.org")
    assert sam.manager == Person.objects.get(email="jo.marsh@acc.example.org")
    bring(aldermere, manager_email="someone@else.example.org")
    sam.refresh_from_db()
    assert sam.manager is None


def test_a_start_after_the_known_end_is_refused_when_the_file_has_no_end(aldermere: Partnership) -> None:
    bring(aldermere, end_date="2025-01-01")
    headings = "email,first_name,last_name,agency_code,end_date"
    row = ["sam.lee@acc.example.org", "Sam", "Lee", "ACC", "2024-08-31"]
    assert problems_of(bring_in_rows(aldermere, "staff", headings, [row])) == [
        "line 2, column end_date: 2024-08-31 is before the start date 2024-09-01"
    ]
