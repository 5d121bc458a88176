"""Stage 2: inviting, reminding and answering."""

from __future__ import annotations

import pytest

from bookings.enums import BookingStatus
from core.models import AuditEvent, OneTimeLink
from core.periods import end_of_day
from evaluations.domain.errors import SurveyClosed, SurveyNotOpen
from evaluations.domain.follow_ups import create_due_follow_ups
from evaluations.domain.impact import answer_impact_survey, invite_due, remind_of_impact_surveys
from evaluations.domain.initial import send_initial_evaluation
from evaluations.models import ImpactAnswer, ImpactFollowUp, IntendedAction
from tests.evaluations.builders import (
    ACTIONS,
    IMPACT_ANSWERS,
    INITIAL_ANSWERS,
    attendance,
    held_session,
    invited_survey,
    queued,
)
from tests.factories import PersonFactory, at

pytestmark = pytest.mark.django_db
INVITED, REMINDER = "impact_survey_invited", "impact_survey_reminder"
DUE = at("2026-06-12 08:00")  # a Friday, three months after 12 March
ANSWERED = at("2026-06-20 21:00")


def answer(follow_up: ImpactFollowUp, now: object = ANSWERED, **answers: object) -> ImpactAnswer:
    return answer_impact_survey(
        follow_up=follow_up,
        answers={**IMPACT_ANSWERS, **answers},
        outcomes={},
        by=None,
        now=now,  # type: ignore[arg-type]
    )


@pytest.mark.rule("R69")
@pytest.mark.parametrize(
    ("moment", "invited"),
    [
        ("2026-06-11 12:00", 0),
        ("2026-06-12 01:30", 0),
        ("2026-06-12 07:59", 0),
        ("2026-06-12 08:00", 1),
        ("2026-06-12 17:59", 1),
        ("2026-06-12 18:00", 0),
        ("2026-06-13 12:00", 0),  # Saturday
        ("2026-06-15 08:00", 1),
        ("2026-08-31 12:00", 0),  # the bank holiday at the end of August
        ("2026-09-11 17:59", 1),  # the last working day before it closes
        ("2026-09-12 12:00", 0),
        ("2026-09-14 12:00", 0),  # closed on Saturday 12 September
    ],
)
def test_invitations_leave_in_working_hours_while_the_survey_is_open(moment: str, invited: int) -> None:
    attendance(held_session("2026-03-12"))
    create_due_follow_ups(at(moment))
    assert invite_due(at(moment)) == invited
    assert len(queued(INVITED)) == invited


def test_an_invitation_is_one_row_one_link_one_mail_and_one_line_in_the_trail() -> None:
    follow_up = invited_survey(held_session(), now=DUE)
    link = OneTimeLink.objects.get(purpose="impact_survey", object_id=follow_up.pk)
    (mail,) = queued(INVITED)
    assert link.expires_at == end_of_day(follow_up.closes_on) == mail.useful_until
    assert (mail.recipient, mail.due_at) == (follow_up.booking.person.email, DUE)
    assert (mail.facts["link_id"], mail.facts["closes"]) == (link.pk, "12 September 2026")
    assert AuditEvent.objects.get(action="impact_survey.sent").reference == follow_up.booking.reference


def test_inviting_again_invites_nobody_twice() -> None:
    invited_survey(held_session(), now=DUE)
    assert [invite_due(DUE), invite_due(at("2026-06-15 08:00"))] == [0, 0]
    assert len(queued(INVITED)) == 1


def test_a_person_without_an_address_is_not_invited() -> None:
    session = held_session()
    attendance(session, person=PersonFactory(partnership=session.partnership, email=""))
    create_due_follow_ups(DUE)
    assert invite_due(DUE) == 0


def test_a_person_with_three_surveys_due_is_asked_about_one_a_working_day() -> None:
    session = held_session("2026-03-10")
    person = PersonFactory(partnership=session.partnership)
    for day in ("2026-03-10", "2026-03-11", "2026-03-12"):
        attendance(held_session(day, partnership=session.partnership), person=person)
    days = ["2026-06-12 08:00", "2026-06-12 17:00", "2026-06-13 08:00", "2026-06-15 08:00", "2026-06-16 08:00"]
    create_due_follow_ups(DUE)
    assert [invite_due(at(day)) for day in days] == [1, 0, 0, 1, 1]


def test_corrected_attendance_is_not_asked_about() -> None:
    booking = attendance(held_session())
    create_due_follow_ups(DUE)
    booking.status = BookingStatus.DID_NOT_ATTEND
    booking.save()
    assert invite_due(DUE) == 0
    assert not ImpactFollowUp.objects.exists()


def test_reminders_after_14_and_28_days_and_then_none() -> None:
    invited_survey(held_session(), now=DUE)
    moments = ["2026-06-25 12:00", "2026-06-26 08:00", "2026-06-26 09:00", "2026-07-10 08:00", "2026-07-24 08:00"]
    assert [remind_of_impact_surveys(at(moment)) for moment in moments] == [0, 1, 0, 1, 0]
    assert [mail.due_at for mail in queued(REMINDER)] == [at("2026-06-26 08:00"), at("2026-07-10 08:00")]


def test_nothing_is_sent_after_the_survey_closed() -> None:
    invited_survey(held_session("2026-03-12"), now=at("2026-09-01 08:00"))
    assert remind_of_impact_surveys(at("2026-09-15 08:00")) == 0
    assert queued(REMINDER) == []


def test_reminders_stop_with_the_answer() -> None:
    follow_up = invited_survey(held_session(), now=DUE)
    answer(follow_up)
    assert remind_of_impact_surveys(at("2026-06-26 08:00")) == 0


def test_reminders_stop_when_attendance_is_corrected() -> None:
    follow_up = invited_survey(held_session(), now=DUE)
    follow_up.booking.status = BookingStatus.DID_NOT_ATTEND
    follow_up.booking.save()
    assert remind_of_impact_surveys(at("2026-06-26 08:00")) == 0


def test_answering_keeps_the_answer_and_what_became_of_each_action() -> None:
    session = held_session()
    booking = attendance(session)
    evaluation = send_initial_evaluation(
        booking=booking, answers=INITIAL_ANSWERS, actions=ACTIONS, by=None, now=at("2026-03-12 18:00")
    )
    create_due_follow_ups(DUE)
    invite_due(DUE)
    follow_up = ImpactFollowUp.objects.get()
    outcomes = {action.pk: IntendedAction.Outcome.DONE for action in evaluation.actions.all()}
    given = answer_impact_survey(follow_up=follow_up, answers=IMPACT_ANSWERS, outcomes=outcomes, by=None, now=ANSWERED)
    assert (given.recognise, given.used, given.changes, given.shared) == (8, "often", ["recording", "listening"], True)
    assert [action.outcome for action in evaluation.actions.all()] == ["done", "done"]
    follow_up.refresh_from_db()
    assert (follow_up.answered_at, follow_up.next_reminder_on) == (ANSWERED, None)
    assert OneTimeLink.objects.get(purpose="impact_survey").used_at == ANSWERED


def test_outcomes_of_other_people_s_actions_are_left_alone() -> None:
    follow_up = invited_survey(held_session(), now=DUE)
    other = attendance(held_session())
    foreign = send_initial_evaluation(booking=other, answers=INITIAL_ANSWERS, actions=ACTIONS, by=None, now=DUE)
    outcomes = {action.pk: "done" for action in foreign.actions.all()}
    answer_impact_survey(follow_up=follow_up, answers=IMPACT_ANSWERS, outcomes=outcomes, by=None, now=ANSWERED)
    assert [action.outcome for action in foreign.actions.all()] == ["", ""]


def test_answering_twice_gives_the_first_answer() -> None:
    follow_up = invited_survey(held_session(), now=DUE)
    first = answer(follow_up, recognise=2)
    assert answer(follow_up, recognise=9) == first
    assert ImpactAnswer.objects.get().recognise == 2
    assert AuditEvent.objects.filter(action="impact_survey.answered").count() == 1


def test_the_trail_says_that_it_was_answered_and_not_what_it_says() -> None:
    follow_up = invited_survey(held_session(), now=DUE)
    answer(follow_up, example="Zebraquartz")
    event = AuditEvent.objects.get(action="impact_survey.answered")
    assert (event.before, event.after, event.reason) == ({}, {}, "")


@pytest.mark.parametrize(("moment", "open_"), [("2026-09-12 23:59", True), ("2026-09-13 00:00", False)])
def test_a_survey_is_answered_up_to_the_end_of_its_last_day(moment: str, open_: bool) -> None:
    follow_up = invited_survey(held_session("2026-03-12"), now=DUE)
    if open_:
        assert answer(follow_up, at(moment))
    else:
        with pytest.raises(SurveyClosed):
            answer(follow_up, at(moment))
        assert not ImpactAnswer.objects.exists()


def test_a_survey_nobody_was_invited_to_is_not_open() -> None:
    attendance(held_session())
    create_due_follow_ups(DUE)
    with pytest.raises(SurveyNotOpen):
        answer(ImpactFollowUp.objects.get())


def test_a_survey_about_a_corrected_attendance_is_not_open() -> None:
    follow_up = invited_survey(held_session(), now=DUE)
    follow_up.booking.status = BookingStatus.DID_NOT_ATTEND
    follow_up.booking.save()
    with pytest.raises(SurveyNotOpen):
        answer(follow_up)


def test_the_same_link_in_the_invitation_and_in_every_reminder() -> None:
    invited_survey(held_session(), now=DUE)
    remind_of_impact_surveys(at("2026-06-26 08:00"))
    remind_of_impact_surveys(at("2026-07-10 08:00"))
    links = {mail.facts["link_id"] for mail in (*queued(INVITED), *queued(REMINDER))}
    assert len(links) == 1
