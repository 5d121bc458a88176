"""The impact survey's page."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.permissions import Role
from agencies.models import Person
from evaluations.domain.initial import send_initial_evaluation
from evaluations.models import ImpactAnswer, ImpactFollowUp, IntendedAction
from tests.evaluations.builders import ACTIONS, INITIAL_ANSWERS, SURVEY_FORM, attendance, held_session, open_survey
from tests.factories import PartnershipFactory, in_days, person_with_account, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner() -> Person:
    return person_with_account(PartnershipFactory())


@pytest.fixture
def follow_up(learner: Person) -> ImpactFollowUp:
    """A survey that is open today, of someone who planned two things."""
    booking = attendance(held_session(in_days(-95), partnership=learner.partnership), person=learner)
    send_initial_evaluation(
        booking=booking, answers=INITIAL_ANSWERS, actions=ACTIONS, by=None, now=in_days(-95, "18:00")
    )
    return open_survey(booking)


def page(follow_up: ImpactFollowUp) -> str:
    return f"/my/surveys/{follow_up.booking.reference}/"


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def answers(follow_up: ImpactFollowUp) -> dict[str, object]:
    actions = IntendedAction.objects.filter(evaluation__booking=follow_up.booking)
    outcomes = zip(actions, ["done", "not_yet"], strict=True)
    return {**SURVEY_FORM, **{f"action_{action.pk}": outcome for action, outcome in outcomes}}


def test_it_shows_the_planned_actions_and_warns_about_identifying_people(
    client: Client, learner: Person, follow_up: ImpactFollowUp
) -> None:
    shown = text(sign_in(client, learner).get(page(follow_up)))
    assert "What has changed since your training?" in shown
    assert all(action in shown for action in ACTIONS)
    assert "Do not include details that identify a child, adult or family" in shown


def test_answering_keeps_everything_and_shows_it(client: Client, learner: Person, follow_up: ImpactFollowUp) -> None:
    sign_in(client, learner)
    assert client.post(page(follow_up), answers(follow_up)).status_code == 302
    shown = text(client.get(page(follow_up)))
    assert "Answers sent" in shown
    assert "Not yet" in shown
    assert "I record better" in shown
    assert [action.outcome for action in IntendedAction.objects.all()] == ["done", "not_yet"]
    answer = ImpactAnswer.objects.get()
    assert (answer.used, answer.shared, answer.may_contact) == ("often", True, True)


def test_without_planned_actions_that_part_is_left_out(
    client: Client, learner: Person, follow_up: ImpactFollowUp
) -> None:
    IntendedAction.objects.all().delete()
    assert "What you planned to do" not in text(sign_in(client, learner).get(page(follow_up)))
    assert client.post(page(follow_up), SURVEY_FORM).status_code == 302


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"recognise": ""}, "Choose a number from 0 to 10 for"),
        ({"used": ""}, "Say whether you have used what you learned"),
        ({"changes": []}, "Select what has changed in how you work"),
        ({"changes": ["none", "recording"]}, "not both"),
        ({"shared": ""}, "Say whether you have shared what you learned"),
        ({"example": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_is_missing_is_named(
    client: Client, learner: Person, follow_up: ImpactFollowUp, change: dict[str, object], message: str
) -> None:
    shown = sign_in(client, learner).post(page(follow_up), {**answers(follow_up), **change})
    assert shown.status_code == 200
    assert "<title>Error: What has changed" in shown.content.decode()
    assert message in text(shown)
    assert not ImpactAnswer.objects.exists()


def test_each_planned_action_needs_an_outcome(client: Client, learner: Person, follow_up: ImpactFollowUp) -> None:
    shown = sign_in(client, learner).post(page(follow_up), SURVEY_FORM)
    assert f"Say what became of “{ACTIONS[0]}”" in text(shown)


def test_not_invited_is_not_open(client: Client, learner: Person, follow_up: ImpactFollowUp) -> None:
    ImpactFollowUp.objects.update(invited_at=None)
    sign_in(client, learner)
    assert client.get(page(follow_up)).status_code == 410
    assert client.post(page(follow_up), answers(follow_up)).status_code == 410
    assert not ImpactAnswer.objects.exists()


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.AGENCY_LEAD, Role.TRAINER, Role.ADMINISTRATOR])
def test_nobody_else_reaches_it(client: Client, learner: Person, follow_up: ImpactFollowUp, role: Role) -> None:
    other = person_with_account(learner.partnership, role, agency=learner.employments.get().agency)
    sign_in(client, other)
    assert client.get(page(follow_up)).status_code == 404
    assert client.post(page(follow_up), answers(follow_up)).status_code == 404


def test_visible_to_the_learner_and_to_whoever_manages_evaluations_only(
    learner: Person, follow_up: ImpactFollowUp
) -> None:
    partnership = learner.partnership
    lead = person_with_account(partnership, Role.AGENCY_LEAD, agency=learner.employments.get().agency)
    admin = person_with_account(partnership, Role.ADMINISTRATOR)
    seen = [
        ImpactFollowUp.objects.visible_to(who.user, partnership).filter(pk=follow_up.pk).count()
        for who in (learner, lead, admin)
    ]
    assert seen == [1, 0, 1]
