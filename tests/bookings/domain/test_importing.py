"""What a row of the list of bookings means: agency and policy of its day, places, charges, and what people decided
since.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from agencies.models import Agency, Employment, Person
from bookings.domain.certificates import release_certificate
from bookings.domain.importing import agency_at
from bookings.enums import ChargeState
from bookings.models import Attendance, Booking, Charge, Register
from core.models import AuditEvent, OutboxMessage, Partnership
from courses.models import CourseSession
from tests.factories import AgencyFactory, EmploymentFactory, PersonFactory
from tests.support.lists import (
    BOOKINGS,
    COURSES,
    NOW,
    SESSIONS,
    booking,
    bring_in_rows,
    course,
    load_aldermere,
    problems_of,
    session,
)

pytestmark = pytest.mark.django_db
# A Friday; with the old policy (3 working days) the last free day is Tuesday the 4th, with the new (5) Friday 28
# February.
HELD = {"start": "2025-03-07 09:30", "end": "2025-03-07 16:30", "status": "held"}


@pytest.fixture
def aldermere(db: None) -> Partnership:
    """One course, a session to come (NE310-1), one held in March 2025 (OLD) and one cancelled (GONE); 30 people of
    ACC.
    """
    partnership = load_aldermere()
    AgencyFactory(partnership=partnership, code="ACC", tier="A")
    AgencyFactory(partnership=partnership, code="NURSERY", tier="F")
    for number in range(30):
        worker(partnership, f"p{number}@acc.example.org", "ACC")
    bring_in_rows(partnership, "courses", COURSES, [course()])
    rows = [session(capacity="3"), session("OLD", **HELD), session("GONE", **HELD | {"status": "cancelled"})]
    assert problems_of(bring_in_rows(partnership, "sessions", SESSIONS, rows)) == []
    return partnership


def worker(partnership: Partnership, email: str, code: str, **dates: Any) -> Person:
    person = PersonFactory(partnership=partnership, email=email)
    EmploymentFactory(person=person, agency=Agency.objects.get(partnership=partnership, code=code), **dates)
    return person


def old(email: str = "p0@acc.example.org", **values: str) -> list[str]:
    """A booking of the session that was held, made in February 2025."""
    return booking(email, **{"session_ref": "OLD", "booked_at": "2025-02-03 10:00", "outcome": "attended", **values})


def bring(partnership: Partnership, *rows: list[str], **options: Any) -> Any:
    return bring_in_rows(partnership, "bookings", BOOKINGS, rows, **options)


REFUSED = [
    ("session_ref", "", "is missing"),
    ("session_ref", "NONE", "there is no session “NONE”"),
    ("email", "nobody@acc.example.org", "there is no person with the email address nobody@acc.example.org"),
    ("email", "nobody", "“nobody” is not an email address"),
    ("booked_at", "", "is missing"),
    ("booked_at", "2025-02-30 10:00", "“2025-02-30” is a date that does not exist"),
    ("outcome", "came", "“came” is not one of: requested, booked, waiting, offered, declined, cancelled,"),
    ("outcome", "", "is missing"),
    ("outcome", "cancelled", "is missing: it decides whether the booking was cancelled in time"),
    ("cancelled_at", "2025-02-02 10:00", "is before the booking was made"),
    ("absence_reason", "r" * 201, "has 201 characters; the most is 200"),
]


def test_each_wrong_value_is_refused(aldermere: Partnership) -> None:
    rows = [
        old(**{"email": f"p{number}@acc.example.org", column: value})
        for number, (column, value, _) in enumerate(REFUSED)
    ]
    found = bring(aldermere, *rows).file.problems
    columns = ["cancelled_at" if value == "cancelled" else column for column, value, _ in REFUSED]
    assert [(one.line, one.column) for one in found] == list(enumerate(columns, 2))
    assert [one.reason for one, (_, _, why) in zip(found, REFUSED, strict=True) if not one.reason.startswith(why)] == []


@pytest.mark.parametrize(
    ("booked_at", "cancelled_at", "status", "pounds"),
    [
        ("2025-02-03 10:00", "2025-03-04 23:59", "cancelled", None),
        ("2025-02-03 10:00", "2025-03-05 00:00", "late_cancelled", 50),
        ("2025-02-03 10:00", "2025-03-07 12:00", "late_cancelled", 50),
        ("2019-12-31 10:00", "2025-03-06 12:00", "cancelled", None),
    ],
)
@pytest.mark.rule("R57")
def test_cancelled_is_late_by_the_policy_of_the_day_of_booking(
    aldermere: Partnership, booked_at: str, cancelled_at: str, status: str, pounds: int | None
) -> None:
    bring(aldermere, old(booked_at=booked_at, outcome="cancelled", cancelled_at=cancelled_at))
    made = Booking.objects.get()
    assert made.status == status
    assert [charge.amount for charge in Charge.objects.all()] == ([] if pounds is None else [Decimal(pounds)])


def test_a_new_policy_counts_for_bookings_made_under_it_only(aldermere: Partnership) -> None:
    summer = {"start": "2025-06-06 09:30", "end": "2025-06-06 16:30", "status": "held"}
    bring_in_rows(aldermere, "sessions", SESSIONS, [session("SUMMER", **summer)])
    late = {"session_ref": "SUMMER", "outcome": "cancelled", "cancelled_at": "2025-06-02 12:00"}
    bring(
        aldermere,
        old("p1@acc.example.org", booked_at="2025-03-31 23:59", **late),
        old("p2@acc.example.org", booked_at="2025-04-01 00:00", **late),
    )
    assert [(one.status, str(one.policy)) for one in Booking.objects.order_by("booked_at")] == [
        ("cancelled", "Charging policy from 2020-04-01"),
        ("late_cancelled", "Charging policy from 2025-04-01"),
    ]


def test_outcomes_raise_marks_a_register_and_charges(aldermere: Partnership) -> None:
    worker(aldermere, "n1@nursery.example.org", "NURSERY")
    worker(aldermere, "n2@nursery.example.org", "NURSERY")
    bring(
        aldermere,
        old("p1@acc.example.org", outcome="did_not_attend", absence_reason="Forgot, sorry"),
        old("p2@acc.example.org", outcome="refused_late"),
        old("p3@acc.example.org", outcome="part"),
        old("p4@acc.example.org", outcome="substituted"),
        old("n1@nursery.example.org", outcome="walk_in"),
        old("n2@nursery.example.org", outcome="did_not_attend"),
        old("p5@acc.example.org", outcome="did_not_attend", session_ref="GONE"),
    )
    charges = Charge.objects.order_by("booking_id")
    assert [(one.booking.person.email[:2], one.kind, one.amount, one.state) for one in charges] == [
        ("p1", "absence", Decimal(50), "proposed"),
        ("p2", "absence", Decimal(50), "proposed"),
        ("n1", "place", Decimal(100), "proposed"),
        ("n2", "place", Decimal(100), "proposed"),
    ]
    marks = Attendance.objects.order_by("booking_id").exclude(booking__session__ref="GONE")
    assert [(one.booking.person.email[:2], one.mark, one.let_in, one.left_early) for one in marks] == [
        ("p1", "absent", True, False),
        ("p2", "late", False, False),
        ("p3", "here", True, True),
        ("n1", "here", True, False),
        ("n2", "absent", True, False),
    ]
    assert [one.session.ref for one in Register.objects.all()] == ["OLD"]
    absent = Booking.objects.get(person__email="p1@acc.example.org")
    assert (absent.absence_reason, absent.absence_reason_text) == ("forgot", "Forgot, sorry")
    assert list(Booking.objects.filter(never_held_place=True)) == [Booking.objects.get(status="walk_in")]
    assert not OutboxMessage.objects.exists()


def test_places_are_numbered_in_the_order_of_booking_and_not_given_twice(aldermere: Partnership) -> None:
    rows = [
        booking("p1@acc.example.org", booked_at="2026-10-03 10:00"),
        booking("p2@acc.example.org", booked_at="2026-10-01 10:00", outcome="requested"),
        booking("p3@acc.example.org", booked_at="2026-10-04 10:00"),
        booking("p4@acc.example.org", booked_at="2026-10-02 10:00"),
        booking("p5@acc.example.org", booked_at="2026-09-01 10:00", outcome="waiting"),
    ]
    outcome = bring(aldermere, *rows, good_rows_only=True)
    assert problems_of(outcome) == ["line 4, column session_ref: all 3 places of NE310-1 are taken"]
    places = Booking.objects.order_by("place_number").values_list("person__email", "place_number", "status")
    assert sorted(places, key=lambda one: one[1] or 9) == [
        ("p2@acc.example.org", 1, "requested"),
        ("p4@acc.example.org", 2, "booked"),
        ("p1@acc.example.org", 3, "booked"),
        ("p5@acc.example.org", None, "waiting"),
    ]
    rows[0] = booking(
        "p1@acc.example.org", booked_at="2026-10-03 10:00", outcome="cancelled", cancelled_at="2026-11-01 09:00"
    )
    assert problems_of(bring(aldermere, *rows)) == []
    assert Booking.objects.get(person__email="p3@acc.example.org").place_number == 3
    assert Booking.objects.get(person__email="p1@acc.example.org").place_number is None


def test_a_session_that_was_held_may_have_been_overfull(aldermere: Partnership) -> None:
    CourseSession.objects.filter(ref="OLD").update(capacity=1)
    rows = [old(f"p{number}@acc.example.org", outcome="booked") for number in range(3)]
    assert problems_of(bring(aldermere, *rows)) == []
    assert set(Booking.objects.values_list("place_number", flat=True)) == {None}


def test_nobody_has_attended_a_session_still_to_come(aldermere: Partnership) -> None:
    assert problems_of(bring(aldermere, booking("p1@acc.example.org", outcome="attended"))) == [
        "line 2, column outcome: Attended cannot be: the session is still to come"
    ]


def test_agency_and_policy_are_those_of_the_moment_of_booking(aldermere: Partnership) -> None:
    mover = worker(aldermere, "mover@acc.example.org", "ACC", end_date=dt.date(2025, 2, 14))
    nursery = Agency.objects.get(code="NURSERY")
    Employment.objects.create(person=mover, agency=nursery, start_date=dt.date(2025, 2, 15))
    bring(aldermere, old("mover@acc.example.org", booked_at="2025-02-14 23:00", outcome="did_not_attend"))
    made = Booking.objects.get()
    assert (made.agency.code, made.charge.agency.code, made.policy.effective_from) == (
        "ACC",
        "ACC",
        dt.date(2020, 4, 1),
    )
    bring(aldermere, old("mover@acc.example.org", booked_at="2025-02-15 00:00", outcome="did_not_attend"))
    made = Booking.objects.get()
    assert (made.agency.code, made.charge.amount, made.charge.kind) == ("NURSERY", Decimal(100), "place")


def job(agency_id: int, start: str = "", end: str = "") -> Employment:
    day = lambda text: dt.date.fromisoformat(text) if text else None  # noqa: E731
    return Employment(agency_id=agency_id, start_date=day(start), end_date=day(end))


@pytest.mark.parametrize(
    ("jobs", "day", "agency"),
    [
        ([], "2025-02-01", None),
        ([job(1)], "2025-02-01", 1),
        ([job(1, "2026-01-01")], "2025-02-01", 1),
        ([job(1, end="2025-01-31"), job(2, "2025-02-01")], "2025-01-31", 1),
        ([job(1, end="2025-01-31"), job(2, "2025-02-01")], "2025-02-01", 2),
        ([job(1, "2020-01-01"), job(2, "2024-01-01")], "2025-02-01", 2),
        ([job(1, end="2025-06-01"), job(2)], "2025-02-01", 1),
        ([job(1, "2019-01-01", "2020-01-01"), job(2, "2026-01-01")], "2025-02-01", 2),
    ],
)
def test_the_agency_of_a_day(jobs: list[Employment], day: str, agency: int | None) -> None:
    assert agency_at(jobs, day=dt.date.fromisoformat(day)) == agency


def test_someone_without_an_agency_cannot_have_booked(aldermere: Partnership) -> None:
    PersonFactory(partnership=aldermere, email="free@example.org")
    assert problems_of(bring(aldermere, old("free@example.org"))) == [
        "line 2, column email: this person works for no agency, so the booking has none"
    ]


def test_a_changed_outcome_changes_mark_and_proposal(aldermere: Partnership) -> None:
    bring(aldermere, old(outcome="did_not_attend"))
    first = Charge.objects.get()
    outcome = bring(aldermere, old(outcome="attended"))
    assert outcome.file.rows[0].changes == [("outcome", "did_not_attend", "attended")]
    assert not Charge.objects.exists()
    assert Attendance.objects.get().mark == "here"
    actions = AuditEvent.objects.filter(object_type="bookings.charge", object_id=first.pk).order_by("pk")
    assert [event.action for event in actions] == ["charge.raised", "charge.taken_back"]
    bring(aldermere, old(outcome="substituted"))
    assert not Attendance.objects.exists()


def test_what_people_decided_since_is_not_undone_by_a_file(aldermere: Partnership) -> None:
    rows = [old("p1@acc.example.org", outcome="did_not_attend"), old("p2@acc.example.org"), old("p3@acc.example.org")]
    bring(aldermere, *rows)
    Charge.objects.update(state=ChargeState.CONFIRMED)
    release_certificate(booking=Booking.objects.get(person__email="p2@acc.example.org"), by=None, now=NOW)
    assert problems_of(
        bring(
            aldermere,
            old("p1@acc.example.org"),
            old("p2@acc.example.org", outcome="part"),
            old("p3@acc.example.org", outcome="booked"),
        )
    ) == [
        "line 2, column outcome: its charge was confirmed already; change the booking on its page",
        "line 3, column outcome: it has a certificate; change the booking on its page",
        "line 4, column outcome: the register says Attended; change it there",
    ]
    assert bring(aldermere, *rows).file.counts()["unchanged"] == 3


def test_every_booking_written_has_an_event_with_its_reference(aldermere: Partnership) -> None:
    bring(aldermere, old("p1@acc.example.org"), old("p2@acc.example.org", outcome="did_not_attend"))
    events = AuditEvent.objects.filter(action__in=["booking.imported", "charge.raised"]).order_by("pk")
    references = list(Booking.objects.order_by("pk").values_list("reference", flat=True))
    assert [(event.action, event.reference) for event in events] == [
        ("booking.imported", references[0]),
        ("booking.imported", references[1]),
        ("charge.raised", references[1]),
    ]
