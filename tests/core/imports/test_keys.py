"""The natural key: what comes twice in a file, and what is known already."""

from __future__ import annotations

import pytest

from agencies.models import Person
from core.models import AuditEvent, ImportRun, Partnership
from tests.factories import AgencyFactory, PartnershipFactory, PersonFactory
from tests.support.lists import NOW, STAFF, bring_in_rows, check_rows, person, problems_of

pytestmark = pytest.mark.django_db


def test_the_same_row_again_in_one_file_is_one_row(with_agency: Partnership) -> None:
    again = person("SAM.LEE@acc.example.org", start_date="01/09/2024")
    outcome = bring_in_rows(with_agency, "staff", STAFF, [person(), again, person()])
    assert outcome.file.counts() == {"new": 1, "changed": 0, "unchanged": 2, "refused": 0}
    assert Person.objects.count() == 1


def test_the_same_key_with_different_values_is_refused_everywhere(with_agency: Partnership) -> None:
    rows = [person(), person("x@acc.example.org"), person("Sam.Lee@acc.example.org", first_name="Samira"), person()]
    outcome = bring_in_rows(with_agency, "staff", STAFF, rows, good_rows_only=True)
    assert problems_of(outcome) == [
        "line 2, column email: the same email stands in line 4 with different values",
        "line 4, column email: the same email stands in line 2 with different values",
        "line 5, column email: the same email stands in line 2 with different values",
    ]
    assert [one.email for one in Person.objects.all()] == ["x@acc.example.org"]


def test_one_person_at_two_agencies_in_one_file_is_refused(with_agency: Partnership) -> None:
    AgencyFactory(partnership=with_agency, code="POL")
    outcome = bring_in_rows(with_agency, "staff", STAFF, [person(), person(agency_code="POL")])
    assert len(problems_of(outcome)) == 2


def test_a_repeat_of_a_refused_row_is_refused_with_it(with_agency: Partnership) -> None:
    rows = [person(agency_code="XYZ"), person(agency_code="XYZ")]
    assert problems_of(bring_in_rows(with_agency, "staff", STAFF, rows)) == [
        "line 2, column agency_code: there is no agency “XYZ”",
        "line 3, column agency_code: there is no agency “XYZ”",
    ]


def test_importing_the_same_file_again_changes_nothing(with_agency: Partnership) -> None:
    rows = [person(), person("jo@acc.example.org", groups="5;3;3", end_date="2026-01-31")]
    bring_in_rows(with_agency, "staff", STAFF, rows)
    events, runs = AuditEvent.objects.count(), ImportRun.objects.count()
    outcome = bring_in_rows(with_agency, "staff", STAFF, rows)
    assert outcome.file.counts() == {"new": 0, "changed": 0, "unchanged": 2, "refused": 0}
    assert (AuditEvent.objects.count(), ImportRun.objects.count(), outcome.run) == (events, runs, None)


def test_one_wrong_row_keeps_the_whole_file_out(with_agency: Partnership) -> None:
    outcome = bring_in_rows(with_agency, "staff", STAFF, [person(), person("jo@acc.example.org", groups="9")])
    assert outcome.file.counts() == {"new": 1, "changed": 0, "unchanged": 0, "refused": 1}
    assert not Person.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_dry_run_says_what_would_change_and_writes_nothing(with_agency: Partnership) -> None:
    bring_in_rows(with_agency, "staff", STAFF, [person()])
    events = AuditEvent.objects.count()
    file = check_rows(
        with_agency, "staff", STAFF, [person(job_title="Head", groups="3;5"), person("jo@acc.example.org")]
    )
    assert [(row.line, row.outcome, row.changes) for row in file.rows] == [
        (2, "changed", [("job_title", "Social worker", "Head"), ("groups", "3", "3;5")]),
        (3, "new", []),
    ]
    assert AuditEvent.objects.count() == events
    assert Person.objects.count() == 1


def test_each_row_written_has_one_event_of_the_trail(with_agency: Partnership) -> None:
    outcome = bring_in_rows(with_agency, "staff", STAFF, [person(), person("jo@acc.example.org")])
    assert outcome.run is not None
    events = AuditEvent.objects.filter(object_type="agencies.person").order_by("object_id")
    assert [(event.action, event.object_id, event.at, event.actor_id, event.after) for event in events] == [
        ("person.imported", one.pk, NOW, 0, {"import": outcome.run.pk}) for one in Person.objects.order_by("pk")
    ]
    bring_in_rows(with_agency, "staff", STAFF, [person(job_title="Head")])
    changed = AuditEvent.objects.get(action="person.changed_by_import")
    assert (changed.before, changed.after["job_title"]) == ({"job_title": "Social worker"}, "Head")


def test_a_person_of_another_partnership_is_another_person(with_agency: Partnership) -> None:
    elsewhere = PersonFactory(partnership=PartnershipFactory(), email="sam.lee@acc.example.org", first_name="Other")
    bring_in_rows(with_agency, "staff", STAFF, [person()])
    elsewhere.refresh_from_db()
    assert elsewhere.first_name == "Other"
    assert Person.objects.filter(email="sam.lee@acc.example.org").count() == 2
