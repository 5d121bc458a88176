"""Stage 2, in time: which attendances are followed up, and when."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test.utils import CaptureQueriesContext

from bookings.enums import BookingStatus
from core.models import AuditEvent
from courses.enums import SessionStatus
from evaluations.domain.follow_ups import create_due_follow_ups, remove_mistaken_follow_ups
from evaluations.domain.plan import plans_of
from evaluations.models import EvaluationPlan, ImpactFollowUp
from tests.evaluations.builders import attendance, held_session
from tests.factories import CourseFactory, PartnershipFactory, at

pytestmark = pytest.mark.django_db
DUE = at("2026-06-12 00:00")  # three months after 12 March


@pytest.mark.rule("R69")
@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-06-11 23:59", 0),
        ("2026-06-12 00:00", 1),
        ("2026-09-12 23:59", 1),
        ("2026-09-13 00:00", 0),
    ],
)
def test_a_follow_up_opens_three_months_after_the_last_day_and_never_after_six(moment: str, opened: int) -> None:
    attendance(held_session("2026-03-12"))
    assert create_due_follow_ups(at(moment)) == opened


def test_running_it_again_opens_nothing_new() -> None:
    attendance(held_session("2026-03-12"))
    assert [create_due_follow_ups(DUE) for _ in range(3)] == [1, 0, 0]
    follow_up = ImpactFollowUp.objects.get()
    assert (follow_up.due_on, follow_up.closes_on) == (dt.date(2026, 6, 12), dt.date(2026, 9, 12))


def test_everyone_who_attended_in_full_is_followed_up_and_nobody_else() -> None:
    session = held_session("2026-03-12")
    followed_up = {attendance(session).pk, attendance(session, BookingStatus.WALK_IN).pk}
    for status in BookingStatus:
        if status not in (BookingStatus.ATTENDED, BookingStatus.WALK_IN):
            attendance(session, status)
    create_due_follow_ups(DUE)
    assert set(ImpactFollowUp.objects.values_list("booking", flat=True)) == followed_up


def test_months_count_from_the_last_day_of_a_session_of_several_days() -> None:
    session = held_session("2026-03-12", ends_at=at("2026-03-19 16:30"))
    attendance(session)
    assert create_due_follow_ups(at("2026-06-18 12:00")) == 0
    assert create_due_follow_ups(at("2026-06-19 12:00")) == 1


@pytest.mark.parametrize("status", [SessionStatus.SCHEDULED, SessionStatus.CANCELLED])
def test_a_session_that_was_not_held_is_not_followed_up(status: str) -> None:
    session = held_session("2026-03-12")
    attendance(session)
    session.status = status
    session.save()
    assert create_due_follow_ups(DUE) == 0


def test_only_the_courses_that_the_plan_selects() -> None:
    partnership = PartnershipFactory()
    EvaluationPlan.objects.create(partnership=partnership, impact_courses=["CP301"])
    for code in ("CP301", "CP302"):
        attendance(held_session(partnership=partnership, course=CourseFactory(partnership=partnership, code=code)))
    create_due_follow_ups(DUE)
    assert ImpactFollowUp.objects.get().booking.session.course.code == "CP301"


def test_each_session_follows_the_plan_of_its_own_day() -> None:
    partnership = PartnershipFactory()
    EvaluationPlan.objects.create(partnership=partnership, effective_from=dt.date(2020, 1, 1))
    EvaluationPlan.objects.create(
        partnership=partnership, effective_from=dt.date(2026, 3, 1), impact_invite_months=1, impact_close_months=2
    )
    before = attendance(held_session("2026-02-27", partnership=partnership))
    after = attendance(held_session("2026-03-02", partnership=partnership))
    create_due_follow_ups(at("2026-04-02 12:00"))
    assert ImpactFollowUp.objects.get().booking == after
    create_due_follow_ups(at("2026-05-27 12:00"))
    assert ImpactFollowUp.objects.filter(booking=before).get().closes_on == dt.date(2026, 8, 27)


def test_each_partnership_has_its_own() -> None:
    one, other = attendance(held_session()), attendance(held_session())
    create_due_follow_ups(DUE)
    owners = dict(ImpactFollowUp.objects.values_list("booking", "partnership"))
    assert owners == {one.pk: one.partnership_id, other.pk: other.partnership_id}


@pytest.mark.parametrize("sessions", [1, 3])
def test_finding_them_costs_the_same_for_one_and_for_many(
    sessions: int, django_assert_num_queries: type[CaptureQueriesContext]
) -> None:
    partnership = PartnershipFactory()
    for _ in range(sessions):
        attendance(held_session(partnership=partnership))
    with django_assert_num_queries(7):  # partnerships, plans, attendances, sessions, insert and its savepoint
        create_due_follow_ups(DUE)
    with django_assert_num_queries(5):
        create_due_follow_ups(DUE)


def removed(follow_up: ImpactFollowUp) -> int:
    return remove_mistaken_follow_ups(plans=plans_of(follow_up.partnership), now=at("2026-06-12 08:00"))


def opened() -> ImpactFollowUp:
    attendance(held_session())
    create_due_follow_ups(DUE)
    return ImpactFollowUp.objects.get()


def test_a_right_follow_up_stays() -> None:
    assert removed(opened()) == 0


def test_a_booking_corrected_to_not_attended_loses_its_uninvited_follow_up() -> None:
    follow_up = opened()
    follow_up.booking.status = BookingStatus.DID_NOT_ATTEND
    follow_up.booking.save()
    assert removed(follow_up) == 1
    assert not ImpactFollowUp.objects.exists()
    assert AuditEvent.objects.get(action="impact_follow_up.removed").reference == follow_up.booking.reference
    assert create_due_follow_ups(DUE) == 0


def test_a_session_cancelled_after_all_loses_its_uninvited_follow_ups() -> None:
    follow_up = opened()
    session = follow_up.booking.session
    session.status = SessionStatus.CANCELLED
    session.save()
    assert removed(follow_up) == 1


def test_a_session_moved_is_followed_up_under_its_new_day() -> None:
    follow_up = opened()
    session = follow_up.booking.session
    session.starts_at, session.ends_at = at("2026-03-19 09:30"), at("2026-03-19 16:30")
    session.save()
    assert removed(follow_up) == 1
    assert create_due_follow_ups(DUE) == 0
    assert create_due_follow_ups(at("2026-06-19 00:00")) == 1


def test_what_somebody_was_invited_to_is_never_removed() -> None:
    follow_up = opened()
    follow_up.invited_at = at("2026-06-12 08:00")
    follow_up.save()
    follow_up.booking.status = BookingStatus.DID_NOT_ATTEND
    follow_up.booking.save()
    assert removed(follow_up) == 0
