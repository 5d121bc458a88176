"""Many rows: bad ones by the thousand are all named, and good ones go in fast."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from agencies.models import Agency, Employment, Person
from core.models import AuditEvent, Partnership
from tests.factories import AgencyFactory, PartnershipFactory
from tests.support.lists import bring_in
from tests.support.staff_files import BAD, write_bad_file, write_staff_file

pytestmark = pytest.mark.django_db
ROWS = 5000
# PostgreSQL is told that the transaction may take its time.
STATEMENTS = {"sqlite": 14, "postgresql": 16}


def test_ten_thousand_bad_rows_are_all_named_and_the_500_good_ones_go_in(
    with_agency: Partnership, tmp_path: Path
) -> None:
    AgencyFactory(partnership=PartnershipFactory(), code="ELSEWHERE")
    assert len(BAD) == 40
    path = tmp_path / "staff.csv"
    lines = write_bad_file(path)
    outcome = bring_in(with_agency, "staff", path)
    assert outcome.file.counts() == {"new": 500, "changed": 0, "unchanged": 0, "refused": 10_000}
    assert not Person.objects.filter(partnership=with_agency).exists()

    outcome = bring_in(with_agency, "staff", path, good_rows_only=True)
    assert sorted({problem.line for problem in outcome.file.problems}) == lines
    people = Person.objects.filter(partnership=with_agency)
    assert people.count() == 500
    assert set(people.values_list("first_name", flat=True)) == {"Łucja"}

    again = bring_in(with_agency, "staff", path, good_rows_only=True)
    assert again.file.counts() == {"new": 0, "changed": 0, "unchanged": 500, "refused": 10_000}
    assert people.count() == 500


def test_thousands_of_rows_go_in_within_seconds_each_with_its_event(with_agency: Partnership, tmp_path: Path) -> None:
    AgencyFactory(partnership=with_agency, code="POL")
    codes = list(Agency.objects.values_list("code", flat=True))
    path = write_staff_file(tmp_path / "staff.csv", rows=ROWS, agencies=codes)
    began = time.process_time()
    assert bring_in(with_agency, "staff", path).file.counts()["new"] == ROWS
    assert time.process_time() - began < 10
    assert [Person.objects.count(), Employment.objects.count()] == [ROWS, ROWS]
    assert AuditEvent.objects.filter(action="person.imported").count() == ROWS


@pytest.mark.parametrize("rows", [1, 400])
def test_the_number_of_statements_does_not_grow_with_the_rows(
    with_agency: Partnership, tmp_path: Path, rows: int, django_assert_num_queries: Any
) -> None:
    path = write_staff_file(tmp_path / "staff.csv", rows=rows, agencies=["ACC"])
    with django_assert_num_queries(STATEMENTS[connection.vendor]):
        bring_in(with_agency, "staff", path)
