"""Taking an import back: everything as it was, unless something came later."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps

from agencies.models import Agency, Employment, Person
from bookings.models import Attendance, Booking, Charge, Register
from core import audit
from core.imports.undo import CannotUndo, undo_import
from core.models import AuditEvent, ImportRun, Partnership
from courses.models import CourseSession, SessionPart
from tests.factories import AgencyFactory, BookingFactory, CourseFactory, EmploymentFactory, SessionFactory
from tests.support.lists import (
    AGENCIES,
    BOOKINGS,
    COURSES,
    NOW,
    SESSIONS,
    STAFF,
    agency,
    booking,
    bring_in_all,
    bring_in_rows,
    course,
    person,
    session,
)

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=24)
# Not part of what an import changes: the trail itself and the runs.
APART = {"core.auditevent", "core.importrun"}


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of ours."""
    ours = ["core", "competencies", "agencies", "courses", "trainers", "bookings", "evaluations"]
    models = [model for label in ours for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    return {
        model._meta.label_lower: list(model._default_manager.order_by("pk").values())
        for model in models
        if model._meta.label_lower not in APART
    }


def run_of(outcome: Any) -> ImportRun:
    assert outcome.run is not None
    return outcome.run


def undo(run: ImportRun, now: dt.datetime = NOW) -> ImportRun:
    return undo_import(run=run, by=None, now=now)


def test_all_five_lists_can_be_taken_back_one_after_the_other(aldermere: Partnership) -> None:
    before = everything()
    bring_in_all(aldermere)
    for run in ImportRun.objects.order_by("-pk"):
        assert undo(run, LATER).state == "undone"
    assert everything() == before


def test_changed_moved_and_removed_rows_are_as_they_were(aldermere: Partnership) -> None:
    bring_in_rows(aldermere, "agencies", AGENCIES, [agency("ACC"), agency("POL")])
    bring_in_rows(aldermere, "staff", STAFF, [person(), person("jo@acc.example.org")])
    bring_in_rows(aldermere, "courses", COURSES, [course(), course("CP301")])
    later = {"start": "2027-03-13 09:30", "end": "2027-03-13 16:30"}
    bring_in_rows(aldermere, "sessions", SESSIONS, [session(), session(**later)])
    bring_in_rows(aldermere, "bookings", BOOKINGS, [booking(), booking("jo@acc.example.org", outcome="waiting")])
    before = everything()
    runs = [
        bring_in_rows(
            aldermere, "agencies", AGENCIES, [agency("POL", charge_tier="F", parent_code="ACC", cost_code="9")]
        ),
        bring_in_rows(
            aldermere, "staff", STAFF, [person(first_name="Samira", agency_code="POL", groups="5", start_date="")]
        ),
        bring_in_rows(
            aldermere, "courses", COURSES, [course(hours="7.5", prerequisites="CP301", groups="", priorities="")]
        ),
        bring_in_rows(
            aldermere, "sessions", SESSIONS, [session(capacity="30", venue="New hall", end="2027-03-12 15:30")]
        ),
        bring_in_rows(
            aldermere,
            "bookings",
            BOOKINGS,
            [booking(outcome="cancelled", cancelled_at="2026-10-05 10:00"), booking("jo@acc.example.org")],
        ),
    ]
    assert [outcome.file.counts()["changed"] for outcome in runs] == [1, 1, 1, 1, 2]
    for outcome in reversed(runs):
        undo(run_of(outcome))
    assert everything() == before


def test_a_register_that_came_in_goes_again_with_marks_and_charges(aldermere: Partnership) -> None:
    bring_in_all(aldermere)
    undo(ImportRun.objects.get(kind="bookings"))
    assert [model.objects.count() for model in (Booking, Attendance, Register, Charge)] == [0, 0, 0, 0]


def test_each_row_taken_back_has_an_event(with_agency: Partnership) -> None:
    run = run_of(bring_in_rows(with_agency, "staff", STAFF, [person()]))
    pk = Person.objects.get().pk
    undo(run)
    assert AuditEvent.objects.filter(action="person.import_undone", object_id=pk).count() == 1
    assert AuditEvent.objects.filter(action="import.undone", object_id=run.pk).count() == 1


def test_after_24_hours_it_is_too_late(with_agency: Partnership) -> None:
    run = run_of(bring_in_rows(with_agency, "staff", STAFF, [person()]))
    with pytest.raises(CannotUndo, match="for 24 hours"):
        undo(run, LATER + dt.timedelta(seconds=1))
    assert Person.objects.count() == 1


def test_an_import_is_taken_back_once(with_agency: Partnership) -> None:
    run = run_of(bring_in_rows(with_agency, "staff", STAFF, [person()]))
    undo(run)
    with pytest.raises(CannotUndo, match="nothing to take back"):
        undo(run)


def test_what_stands_on_a_row_that_came_in_is_named_and_nothing_changes(with_agency: Partnership) -> None:
    run = run_of(bring_in_rows(with_agency, "staff", STAFF, [person(), person("jo@acc.example.org")]))
    someone = Person.objects.get(email="sam.lee@acc.example.org")
    BookingFactory(person=someone, session=SessionFactory(course=CourseFactory(partnership=with_agency)))
    with pytest.raises(CannotUndo, match="person Sam Lee has bookings"):
        undo(run)
    assert Person.objects.count() == 2
    run.refresh_from_db()
    assert run.state == "imported"


def test_a_row_changed_since_is_named_and_nothing_changes(with_agency: Partnership) -> None:
    bring_in_rows(with_agency, "staff", STAFF, [person()])
    run = run_of(bring_in_rows(with_agency, "staff", STAFF, [person(job_title="Head"), person("jo@acc.example.org")]))
    Employment.objects.filter(job_title="Head").update(job_title="Chief")
    with pytest.raises(CannotUndo, match=r"employment Sam Lee at .* was changed"):
        undo(run)
    assert Person.objects.count() == 2


def test_a_new_row_that_someone_edited_since_is_named(with_agency: Partnership) -> None:
    run = run_of(bring_in_rows(with_agency, "staff", STAFF, [person()]))
    someone = Person.objects.get()
    audit.record("person.renamed", someone, partnership=with_agency, by=None, now=NOW)
    with pytest.raises(CannotUndo, match="person Sam Lee was changed"):
        undo(run)


def test_a_later_import_of_the_same_rows_is_taken_back_first(with_agency: Partnership) -> None:
    first = run_of(bring_in_rows(with_agency, "staff", STAFF, [person()]))
    second = run_of(bring_in_rows(with_agency, "staff", STAFF, [person(job_title="Head")]))
    with pytest.raises(CannotUndo, match="was changed"):
        undo(first)
    undo(second)
    assert Employment.objects.get().job_title == "Social worker"


def test_many_hindrances_are_counted(with_agency: Partnership) -> None:
    rows = [person(f"p{number}@acc.example.org") for number in range(8)]
    run = run_of(bring_in_rows(with_agency, "staff", STAFF, rows))
    other = AgencyFactory(partnership=with_agency)
    for one in Person.objects.all():
        EmploymentFactory(person=one, agency=other)
    with pytest.raises(CannotUndo, match="and 3 more"):
        undo(run)


def test_a_site_given_to_an_agency_that_came_in_stands_against_it(aldermere: Partnership) -> None:
    run = run_of(bring_in_rows(aldermere, "agencies", AGENCIES, [agency("ACC")]))
    AgencyFactory(partnership=aldermere, parent=Agency.objects.get(code="ACC"), name="Elm site")
    with pytest.raises(CannotUndo, match="agency Aldermere City Council has agencies"):
        undo(run)


def test_a_session_with_its_parts_goes(aldermere: Partnership) -> None:
    bring_in_rows(aldermere, "courses", COURSES, [course()])
    run = run_of(bring_in_rows(aldermere, "sessions", SESSIONS, [session()]))
    undo(run)
    assert [CourseSession.objects.count(), SessionPart.objects.count()] == [0, 0]
