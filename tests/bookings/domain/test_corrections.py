"""Correcting a finished register: always with a reason, and what follows from the mark follows again."""

from decimal import Decimal

import pytest

from bookings.domain.attendance import (
    Marking,
    NotFinishedYet,
    ReasonNeeded,
    add_walk_in,
    correct_attendance,
)
from bookings.domain.certificates import release_certificate
from bookings.domain.charging import ChargeDecided
from bookings.enums import BookingStatus, ChargeState
from bookings.models import Booking, Certificate, Charge
from core.models import AuditEvent
from courses.enums import SessionStatus
from courses.models import CourseSession
from tests.bookings.domain.test_attendance import (
    expected,
    expected_nowhere,
    finish,
    mark,
    status_of,
)
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    at,
)

pytestmark = pytest.mark.django_db
S = BookingStatus
DAY, EVENING = at("2026-03-12 10:00"), at("2026-03-12 16:45")


class TestCorrecting:
    def correct(self, booking: Booking, marking: Marking, reason: str = "Signed the paper sheet") -> Booking:
        return correct_attendance(booking=booking, marking=marking, reason=reason, by=None, now=at("2026-03-16 10:00"))

    def test_outcome_and_charge_follow(self, session: CourseSession) -> None:
        booking = expected(session)
        finish(session, rest_absent=True)
        assert Charge.objects.filter(booking=booking).exists()
        assert self.correct(booking, Marking("here")).status == S.ATTENDED
        assert not Charge.objects.filter(booking=booking).exists()
        trail = AuditEvent.objects.filter(reason="Signed the paper sheet").values_list("action", flat=True)
        assert sorted(trail) == ["attendance.marked", "booking.outcome_recorded", "charge.taken_back"]

    def test_a_charge_is_raised_when_someone_was_not_there_after_all(self, session: CourseSession) -> None:
        booking = expected(session)
        mark(booking, "here")
        finish(session)
        assert self.correct(booking, Marking("absent")).status == S.DID_NOT_ATTEND
        assert Charge.objects.get().amount == Decimal("50")

    def test_a_proposal_is_changed_where_the_price_differs(self, session: CourseSession) -> None:
        booking = expected(session)
        agency = AgencyFactory(tier="F", partnership=session.partnership)
        policy = booking.policy
        assert policy is not None
        policy.prices.filter(tier="F").update(amount=Decimal("30"))
        Booking.objects.filter(pk=booking.pk).update(agency=agency)
        finish(session, rest_absent=True)
        charge = Charge.objects.get()
        assert (charge.amount, charge.kind) == (Decimal("50"), "absence")
        self.correct(booking, Marking("here"))
        charge.refresh_from_db()
        assert (charge.amount, charge.kind, charge.state) == (Decimal("30"), "place", ChargeState.PROPOSED)
        assert charge.explanation == "Attended. Place fee of tier F: full day £30."

    def test_a_confirmed_charge_is_not_changed_behind_anyones_back(self, session: CourseSession) -> None:
        booking = expected(session)
        finish(session, rest_absent=True)
        Charge.objects.update(state=ChargeState.CONFIRMED)
        with pytest.raises(ChargeDecided):
            self.correct(booking, Marking("here"))
        assert status_of(booking) == S.DID_NOT_ATTEND

    def test_a_waived_charge_stays_waived(self, session: CourseSession) -> None:
        booking = expected(session)
        finish(session, rest_absent=True)
        Charge.objects.update(state=ChargeState.WAIVED)
        assert self.correct(booking, Marking("here")).status == S.ATTENDED
        assert Charge.objects.get().state == ChargeState.WAIVED

    @pytest.mark.rule("R65")
    def test_the_certificate_is_withdrawn_and_given_back_with_the_attendance(self, session: CourseSession) -> None:
        booking = expected(session)
        mark(booking, "here")
        finish(session)
        release_certificate(booking=booking, by=None, now=EVENING)
        self.correct(booking, Marking("here", left_early=True))
        assert Certificate.objects.get().withdrawn_at == at("2026-03-16 10:00")
        self.correct(booking, Marking("here"))
        assert Certificate.objects.get().withdrawn_at is None

    def test_a_walk_in_added_by_mistake_owes_nothing_and_counts_nowhere(self, session: CourseSession) -> None:
        walked = add_walk_in(session=session, person=expected_nowhere(session), by=None, now=DAY)
        finish(session)
        assert self.correct(walked, Marking("absent")).status == S.CANCELLED
        assert not Booking.objects.ever_booked().exists()
        assert self.correct(walked, Marking("here")).status == S.WALK_IN

    def test_a_correction_needs_a_reason(self, session: CourseSession) -> None:
        booking = expected(session)
        finish(session, rest_absent=True)
        with pytest.raises(ReasonNeeded):
            self.correct(booking, Marking("here"), reason="  ")

    def test_before_the_register_is_finished_there_is_nothing_to_correct(self, session: CourseSession) -> None:
        with pytest.raises(NotFinishedYet):
            self.correct(expected(session), Marking("here"))

    def test_an_outcome_brought_in_from_a_file_can_be_corrected(self, session: CourseSession) -> None:
        booking = BookingFactory(session=session, status=S.DID_NOT_ATTEND)
        CourseSession.objects.update(status=SessionStatus.HELD)
        assert self.correct(booking, Marking("here")).status == S.ATTENDED

    def test_someone_whose_booking_ended_before_cannot_be_corrected_into_it(self, session: CourseSession) -> None:
        booking = BookingFactory(session=session, status=S.LATE_CANCELLED)
        CourseSession.objects.update(status=SessionStatus.HELD)
        with pytest.raises(NotFinishedYet):
            self.correct(booking, Marking("here"))
