"""The register: marks, walk-ins, and finishing. Correcting it afterwards: test_corrections."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from bookings.domain.attendance import (
    Marking,
    UnmarkedPeople,
    add_new_walk_in,
    add_walk_in,
    finish_register,
    mark_attendance,
)
from bookings.domain.eligibility import NoAgencyKnown
from bookings.domain.marking import NotOnTheRegister, RegisterClosed, RegisterNotOpen, outcome_of
from bookings.enums import BookingStatus, ChargeState
from bookings.models import Attendance, Booking, Charge, Register
from bookings.signals import attendance_recorded, register_finished
from core.models import AuditEvent, OutboxMessage
from courses.enums import SessionStatus
from courses.models import CourseSession
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    CourseFactory,
    EmploymentFactory,
    PersonFactory,
    PolicyFactory,
    SessionFactory,
    at,
)

pytestmark = pytest.mark.django_db
S = BookingStatus
DAY, EVENING = at("2026-03-12 10:00"), at("2026-03-12 16:45")


def expected(session: CourseSession) -> Booking:
    return BookingFactory(session=session, person=EmploymentFactory(person__partnership=session.partnership).person)


def mark(booking: Booking, mark: str, now: dt.datetime = DAY, **details: Any) -> Attendance:
    return mark_attendance(booking=booking, mark=mark, by=None, now=now, **details)


def finish(session: CourseSession, **details: Any) -> Register:
    return finish_register(session=session, **{"by": None, "now": EVENING, **details})


def status_of(booking: Booking) -> str:
    return Booking.objects.get(pk=booking.pk).status


OUTCOMES = [
    (Marking("here"), S.ATTENDED),
    (Marking("here", left_early=True), S.PART),
    (Marking("absent"), S.DID_NOT_ATTEND),
    (Marking("absent", left_early=True), S.DID_NOT_ATTEND),
    (Marking("late", 10), S.ATTENDED),
    (Marking("late", 15, let_in=False), S.ATTENDED),  # within the grace nobody is turned away
    (Marking("late", 16, let_in=True), S.ATTENDED),
    (Marking("late", 16, let_in=False), S.REFUSED_LATE),
    (Marking("late", 16, let_in=False, left_early=True), S.REFUSED_LATE),
    (Marking("late", None, let_in=False), S.REFUSED_LATE),
    (Marking("late", None), S.ATTENDED),
    (Marking("late", 40, left_early=True), S.PART),
]


@pytest.mark.rule("R63")
@pytest.mark.parametrize(("marking", "status"), OUTCOMES)
def test_each_mark_leads_to_one_outcome(marking: Marking, status: str) -> None:
    """15 minutes of grace, as for a full day."""
    assert outcome_of(marking=marking, grace=15, walked_in=False) == status


@pytest.mark.parametrize(
    ("marking", "status"),
    [
        (Marking("here"), S.WALK_IN),
        (Marking("late", 40), S.WALK_IN),
        (Marking("here", left_early=True), S.PART),
        (Marking("absent"), S.CANCELLED),  # added by mistake: whoever never booked has missed nothing
    ],
)
def test_a_walk_in_attended_without_a_booking(marking: Marking, status: str) -> None:
    assert outcome_of(marking=marking, grace=15, walked_in=True) == status


def test_without_a_grace_the_trainer_decides_from_the_first_minute() -> None:
    """Worked example 3: a half day, ten minutes late."""
    assert outcome_of(marking=Marking("late", 10, let_in=False), grace=0, walked_in=False) == S.REFUSED_LATE


class TestMarking:
    def test_the_last_mark_counts(self, session: CourseSession) -> None:
        booking = expected(session)
        mark(booking, "late", minutes_late=20, let_in=False)
        mark(booking, "here")
        assert Attendance.objects.values().get() | {"id": 0} == {
            "id": 0,
            "booking_id": booking.pk,
            "mark": "here",
            "minutes_late": None,
            "let_in": True,
            "left_early": False,
            "marked_by_id": 0,
            "marked_at": DAY,
        }
        assert status_of(booking) == S.BOOKED

    def test_the_same_mark_again_leaves_no_trace(self, session: CourseSession, trainer: User) -> None:
        booking = expected(session)
        mark(booking, "here")
        mark_attendance(booking=booking, mark="here", by=trainer, now=EVENING)
        assert AuditEvent.objects.filter(action="attendance.marked").count() == 1
        assert Attendance.objects.get().marked_by_id == 0

    def test_a_change_is_recorded_with_what_it_was(self, session: CourseSession, trainer: User) -> None:
        booking = expected(session)
        mark(booking, "absent")
        mark_attendance(booking=booking, mark="late", minutes_late=5, by=trainer, now=EVENING)
        event = AuditEvent.objects.filter(action="attendance.marked").first()
        assert event is not None
        assert (event.actor_id, event.before["mark"], event.after["mark"]) == (trainer.pk, "absent", "late")

    @pytest.mark.parametrize(("now", "opens"), [("2026-03-11 23:59", False), ("2026-03-12 00:00", True)])
    def test_the_register_opens_on_the_day_of_the_session(self, session: CourseSession, now: str, opens: bool) -> None:
        booking = expected(session)
        if opens:
            mark(booking, "here", at(now))
            return
        with pytest.raises(RegisterNotOpen):
            mark(booking, "here", at(now))

    def test_a_finished_register_takes_no_more_marks(self, session: CourseSession) -> None:
        booking = expected(session)
        finish(session, rest_absent=True)
        with pytest.raises(RegisterClosed):
            mark(booking, "here")

    def test_a_cancelled_session_has_no_register(self, session: CourseSession) -> None:
        booking = expected(session)
        CourseSession.objects.update(status=SessionStatus.CANCELLED)
        with pytest.raises(RegisterNotOpen):
            mark(booking, "here")
        with pytest.raises(RegisterNotOpen):
            finish(session)

    @pytest.mark.parametrize("status", [S.WAITING, S.CANCELLED, S.LATE_CANCELLED])
    def test_only_those_on_the_register_are_marked(self, session: CourseSession, status: str) -> None:
        booking = BookingFactory(session=session, status=status)
        with pytest.raises(NotOnTheRegister):
            mark(booking, "here")


class TestWalkIns:
    def test_someone_without_a_booking_is_put_on_the_register_as_here(self, session: CourseSession) -> None:
        job = EmploymentFactory(person__partnership=session.partnership)
        booking = add_walk_in(session=session, person=job.person, by=None, now=DAY)
        assert (booking.status, booking.place_number, booking.agency) == (S.WALK_IN, None, job.agency)
        assert booking.attendance.mark == "here"
        assert not Booking.objects.ever_booked().exists()

    def test_walk_ins_take_no_places(self, session: CourseSession) -> None:
        CourseSession.objects.update(capacity=1)
        expected(session)
        for _ in range(3):
            add_walk_in(session=session, person=expected_nowhere(session), by=None, now=DAY)
        assert Booking.objects.filter(session=session).holding_a_place().count() == 1

    def test_someone_who_booked_is_marked_as_here(self, session: CourseSession) -> None:
        booking = expected(session)
        assert add_walk_in(session=session, person=booking.person, by=None, now=DAY) == booking
        assert (status_of(booking), Attendance.objects.get().mark) == (S.BOOKED, "here")

    def test_someone_from_the_waiting_list_who_comes_anyway_is_a_walk_in(self, session: CourseSession) -> None:
        waiting = BookingFactory(session=session, status=S.WAITING)
        assert add_walk_in(session=session, person=waiting.person, by=None, now=DAY) == waiting
        assert status_of(waiting) == S.WALK_IN

    def test_someone_who_had_cancelled_and_comes_anyway_is_a_walk_in_beside_the_cancellation(
        self, session: CourseSession
    ) -> None:
        gone = expected(session)
        Booking.objects.filter(pk=gone.pk).update(status=S.LATE_CANCELLED, place_number=None)
        assert add_walk_in(session=session, person=gone.person, by=None, now=DAY) != gone
        assert status_of(gone) == S.LATE_CANCELLED

    def test_a_new_person_is_entered_by_name_agency_and_address(self, session: CourseSession) -> None:
        agency = AgencyFactory(partnership=session.partnership)
        details = {"session": session, "agency": agency, "by": None, "now": DAY}
        booking = add_new_walk_in(first_name=" Jo ", last_name="Lee", email="Jo.Lee@School.example", **details)
        assert (booking.person.name, booking.person.email, booking.agency) == (
            "Jo Lee",
            "jo.lee@school.example",
            agency,
        )
        again = add_new_walk_in(first_name="Jo", last_name="Lee", email="jo.lee@school.example", **details)
        assert again == booking

    def test_a_known_address_keeps_the_agency_of_its_person(self, session: CourseSession) -> None:
        known = EmploymentFactory(person__partnership=session.partnership)
        other = AgencyFactory(partnership=session.partnership)
        person = known.person
        details = {"first_name": "X", "last_name": "Y", "email": person.email, "by": None, "now": DAY}
        booking = add_new_walk_in(session=session, agency=other, **details)
        assert (booking.person, booking.agency, booking.person.name) == (person, known.agency, person.name)

    def test_someone_without_an_agency_is_refused(self, session: CourseSession) -> None:
        with pytest.raises(NoAgencyKnown):
            add_walk_in(session=session, person=PersonFactory(partnership=session.partnership), by=None, now=DAY)


def expected_nowhere(session: CourseSession) -> Any:
    return EmploymentFactory(person__partnership=session.partnership).person


class TestFinishing:
    @pytest.mark.rule("R63")
    def test_marks_become_outcomes_and_the_session_counts_as_held(self, session: CourseSession) -> None:
        here, late, absent = (expected(session) for _ in range(3))
        mark(here, "here")
        mark(late, "late", minutes_late=30, let_in=False)
        mark(absent, "absent")
        walked = add_walk_in(session=session, person=expected_nowhere(session), by=None, now=DAY)
        register = finish(session)
        found = [status_of(one) for one in (here, late, absent, walked)]
        assert found == [S.ATTENDED, S.REFUSED_LATE, S.DID_NOT_ATTEND, S.WALK_IN]
        assert (CourseSession.objects.get().status, register.finished_at) == (SessionStatus.HELD, EVENING)

    def test_not_recorded_is_not_absent(self, session: CourseSession) -> None:
        mark(expected(session), "here")
        unmarked = [expected(session) for _ in range(2)]
        with pytest.raises(UnmarkedPeople, match="2 people have no mark yet") as raised:
            finish(session)
        assert raised.value.count == 2
        assert [status_of(one) for one in unmarked] == [S.BOOKED, S.BOOKED]
        assert not Charge.objects.exists()

    def test_the_rest_are_absent_when_the_trainer_says_so(self, session: CourseSession) -> None:
        mark(expected(session), "here")
        rest = [expected(session) for _ in range(2)]
        finish(session, rest_absent=True)
        assert [status_of(one) for one in rest] == [S.DID_NOT_ATTEND] * 2
        assert Attendance.objects.filter(mark="absent").count() == 2

    @pytest.mark.rule("R53")
    def test_absences_propose_charges_and_nothing_else_does_here(self, session: CourseSession) -> None:
        here, absent, refused = (expected(session) for _ in range(3))
        mark(here, "here")
        mark(absent, "absent")
        mark(refused, "late", let_in=False)
        finish(session)
        charges = {charge.booking: (charge.amount, charge.state) for charge in Charge.objects.all()}
        assert charges == dict.fromkeys([absent, refused], (Decimal("50"), ChargeState.PROPOSED))

    def test_the_grace_is_that_of_the_policy_the_booking_keeps(self, session: CourseSession) -> None:
        strict = PolicyFactory(
            partnership=session.partnership, effective_from=dt.date(2026, 1, 1), late_grace_minutes={}
        )
        old, new = expected(session), expected(session)
        Booking.objects.filter(pk=new.pk).update(policy=strict)
        for booking in (old, new):
            mark(booking, "late", minutes_late=10, let_in=False)
        finish(session)
        assert (status_of(old), status_of(new)) == (S.ATTENDED, S.REFUSED_LATE)

    def test_people_waiting_stay_waiting(self, session: CourseSession) -> None:
        waiting = BookingFactory(session=session, status=S.WAITING)
        finish(session)
        assert status_of(waiting) == S.WAITING

    def test_finishing_again_changes_nothing(self, session: CourseSession) -> None:
        expected(session)
        first = finish(session, rest_absent=True)
        before = AuditEvent.objects.count()
        assert finish(session, now=at("2026-03-13 10:00")) == first
        assert AuditEvent.objects.count() == before

    @pytest.mark.parametrize(("now", "may"), [("2026-03-12 09:29", False), ("2026-03-12 09:30", True)])
    def test_not_before_the_session_has_begun(self, session: CourseSession, now: str, may: bool) -> None:
        if may:
            assert finish(session, now=at(now))
            return
        with pytest.raises(RegisterNotOpen):
            finish(session, now=at(now))

    @pytest.mark.parametrize(("now", "may"), [("2026-03-12 17:00", False), ("2026-03-13 00:00", True)])
    def test_a_session_of_several_days_not_before_its_last(self, now: str, may: bool) -> None:
        two_days = SessionFactory(
            course=CourseFactory(days=2),
            starts_at=at("2026-03-12 09:30"),
            ends_at=at("2026-03-13 16:30"),
            parts=[(at("2026-03-12 09:30"), at("2026-03-12 16:30")), (at("2026-03-13 09:30"), at("2026-03-13 16:30"))],
        )
        if may:
            assert finish(two_days, now=at(now))
            return
        with pytest.raises(RegisterNotOpen):
            finish(two_days, now=at(now))

    def test_those_above_are_told(self, session: CourseSession) -> None:
        heard: list[Any] = []

        def hear(sender: Any, **details: Any) -> None:
            heard.append({name: details[name] for name in details if name in {"bookings", "session", "by", "now"}})

        booking = expected(session)
        mark(booking, "here")
        for signal in (attendance_recorded, register_finished):
            signal.connect(hear)
        try:
            finish(session)
        finally:
            for signal in (attendance_recorded, register_finished):
                signal.disconnect(hear)
        assert heard == [
            {"bookings": [booking], "by": None, "now": EVENING},
            {"session": session, "by": None, "now": EVENING},
        ]

    def test_those_who_did_not_come_are_written_to_the_next_working_morning(self, session: CourseSession) -> None:
        absent, refused = expected(session), expected(session)
        mark(absent, "absent")
        mark(refused, "late", let_in=False)
        finish(session)
        mails = {mail.about_id: mail for mail in OutboxMessage.objects.filter(kind="did_not_attend")}
        mail = mails[absent.pk]
        assert (mail.recipient, mail.copy_to) == (absent.person.email, "mo.manager@oakfield.example")
        assert mail.due_at == at("2026-03-13 08:00")
        assert mail.facts["reply_by"] == "Friday 20 March 2026"
        assert (mail.facts["amount"], mail.facts["explanation"]) == ("£50", "Did not attend. Full day £50.")
        assert (mail.facts["too_late"], mails[refused.pk].facts["too_late"]) == (False, True)

    @pytest.mark.parametrize("people", [1, 3])
    def test_a_long_register_costs_no_more_statements_than_a_short_one(
        self, session: CourseSession, people: int, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for signal in (attendance_recorded, register_finished):
            monkeypatch.setattr(signal, "send", lambda **_: [])
        for _ in range(people):
            expected(session)
        with django_assert_num_queries(23):
            finish(session, rest_absent=True)
