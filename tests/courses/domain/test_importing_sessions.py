"""What the rows of the list of sessions mean: those with one reference are the parts of one session."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bookings.enums import BookingStatus
from core.models import Partnership
from courses.models import CourseSession, SessionPart, Venue
from tests.factories import BookingFactory, CourseFactory, at
from tests.support.lists import COURSES, SESSIONS, bring_in_rows, course, load_aldermere, problems_of, session

pytestmark = pytest.mark.django_db
SECOND = {"start": "2027-03-13 09:30", "end": "2027-03-13 16:30"}


@pytest.fixture
def aldermere(db: None) -> Partnership:
    partnership = load_aldermere()
    bring_in_rows(partnership, "courses", COURSES, [course()])
    return partnership


REFUSED = [
    ("ref", "", "is missing"),
    ("course_code", "CP999", "there is no course “CP999”"),
    ("start", "2027-03-12", "“2027-03-12” is not a date with a time. Write it as 2025-03-27 09:30"),
    ("start", "2027-02-30 09:30", "“2027-02-30” is a date that does not exist"),
    ("start", "2027-03-12 24:30", "“2027-03-12 24:30” is a time that does not exist"),
    ("start", "2027-03-28 01:30", "“2027-03-28 01:30” does not exist: the clocks went forward in that hour"),
    ("end", "2027-03-12 09:30", "is not after the start"),
    ("end", "2027-03-11 16:30", "is not after the start"),
    ("mode", "", "is missing"),
    ("capacity", "many", "“many” is not a whole number"),
    ("status", "done", "“done” is not one of: scheduled, held, cancelled"),
    ("trainer_cost", "-5", "“-5” is not between 0 and 999,999"),
    ("venue_cost", "£180.555", "“£180.555” has more than two decimal places"),
    ("venue", "V" * 201, "has 201 characters; the most is 200"),
]


def test_each_wrong_value_is_refused(aldermere: Partnership) -> None:
    rows = [session(**{"ref": f"S{number}", column: value}) for number, (column, value, _) in enumerate(REFUSED)]
    found = bring_in_rows(aldermere, "sessions", SESSIONS, rows).file.problems
    assert [(one.line, one.column) for one in found] == [(n, column) for n, (column, _, _) in enumerate(REFUSED, 2)]
    assert [one.reason for one, (_, _, why) in zip(found, REFUSED, strict=True) if not one.reason.startswith(why)] == []


def test_rows_with_one_reference_are_one_session(aldermere: Partnership) -> None:
    rows = [
        session(**SECOND, trainer_cost="£1,200", venue_cost="", refreshment_cost="", capacity="99", status="held"),
        session(start="12/03/2027 09:30"),
    ]
    assert problems_of(bring_in_rows(aldermere, "sessions", SESSIONS, rows)) == []
    one = CourseSession.objects.get()
    assert (one.capacity, one.status, one.venue) == (20, "scheduled", Venue.objects.get(name="Oakfield Centre"))
    assert [one.trainer_cost, one.venue_cost, one.refreshment_cost] == [Decimal(1500), Decimal(180), Decimal(40)]
    assert (one.starts_at, one.ends_at) == (at("2027-03-12 09:30"), at("2027-03-13 16:30"))
    assert SessionPart.objects.count() == 2
    assert bring_in_rows(aldermere, "sessions", SESSIONS, rows).file.counts()["unchanged"] == 2


def test_one_wrong_part_keeps_the_whole_session_out(aldermere: Partnership) -> None:
    rows = [session(), session(**SECOND | {"end": "soon"}), session("OTHER")]
    outcome = bring_in_rows(aldermere, "sessions", SESSIONS, rows, good_rows_only=True)
    assert problems_of(outcome) == [
        "line 2, column ref: line 3 of the same session is wrong",
        "line 3, column end: “soon” is not a date with a time. Write it as 2025-03-27 09:30",
    ]
    assert [one.ref for one in CourseSession.objects.all()] == ["OTHER"]


def test_the_parts_of_a_session_are_of_one_course_and_do_not_overlap(aldermere: Partnership) -> None:
    CourseFactory(partnership=aldermere, code="CP301")
    rows = [
        session("A"),
        session("A", **SECOND, course_code="CP301"),
        session("B"),
        session("B", start="2027-03-12 16:00", end="2027-03-12 18:00"),
    ]
    assert problems_of(bring_in_rows(aldermere, "sessions", SESSIONS, rows)) == [
        "line 2, column ref: line 3 of the same session is wrong",
        "line 3, column course_code: line 2 says NE310 for the same session",
        "line 4, column ref: line 5 of the same session is wrong",
        "line 5, column start: begins before the part before it has ended",
    ]


def test_a_part_that_the_file_no_longer_names_goes(aldermere: Partnership) -> None:
    bring_in_rows(aldermere, "sessions", SESSIONS, [session(), session(**SECOND)])
    outcome = bring_in_rows(
        aldermere,
        "sessions",
        SESSIONS,
        [session(capacity="24"), session(start="2027-03-20 09:30", end="2027-03-20 12:30")],
    )
    assert [(row.outcome, row.changes) for row in outcome.file.rows] == [
        (
            "changed",
            [("capacity", "20", "24"), ("start", "2027-03-13 09:30", "")],
        ),
        ("new", []),
    ]
    assert CourseSession.objects.get().ends_at == at("2027-03-20 12:30")
    assert SessionPart.objects.count() == 2


def test_there_cannot_be_fewer_places_than_are_held(aldermere: Partnership) -> None:
    bring_in_rows(aldermere, "sessions", SESSIONS, [session()])
    one = CourseSession.objects.get()
    for number in (1, 2):
        BookingFactory(session=one, status=BookingStatus.BOOKED, place_number=number)
    BookingFactory(session=one, status=BookingStatus.WAITING, place_number=None)
    assert problems_of(bring_in_rows(aldermere, "sessions", SESSIONS, [session(capacity="1")])) == [
        "line 2, column capacity: 2 people hold places, so there cannot be fewer"
    ]
    assert problems_of(bring_in_rows(aldermere, "sessions", SESSIONS, [session(capacity="2")])) == []


def test_a_session_to_come_with_bookings_is_not_cancelled_by_a_file(aldermere: Partnership) -> None:
    bring_in_rows(aldermere, "sessions", SESSIONS, [session(), session("FREE")])
    BookingFactory(session=CourseSession.objects.get(ref="NE310-1"), status=BookingStatus.WAITING, place_number=None)
    rows = [session(status="cancelled"), session("FREE", status="cancelled")]
    assert problems_of(bring_in_rows(aldermere, "sessions", SESSIONS, rows, good_rows_only=True)) == [
        "line 2, column status: people have booked it; cancel it on its page, so that they are told"
    ]
    assert CourseSession.objects.get(ref="FREE").status == "cancelled"
