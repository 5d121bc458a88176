"""One-time links: robots that open them, and links that are old, closed, altered or meant for something else (A12)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from core.models import AuditEvent, OneTimeLink, OutboxMessage
from evaluations.models import ImpactAnswer, ImpactFollowUp, InitialEvaluation
from tests.evaluations.builders import (
    INITIAL_FORM,
    SURVEY_FORM,
    asked_to_evaluate,
    attendance,
    held_session,
    open_survey,
    token_for,
)
from tests.factories import in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def follow_up() -> ImpactFollowUp:
    return open_survey(attendance(held_session(in_days(-95))))


def everything() -> dict[str, object]:
    """What a robot must not change."""
    return {
        "links": list(OneTimeLink.objects.values_list("pk", "used_at", "revoked_at", "expires_at", "token_hash")),
        "follow_ups": list(ImpactFollowUp.objects.values()),
        "answers": ImpactAnswer.objects.count() + InitialEvaluation.objects.count(),
        "mails": list(OutboxMessage.objects.values("key", "state")),
        "trail": AuditEvent.objects.count(),
    }


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("cookies", [True, False])
def test_a_robot_that_opens_the_link_five_times_changes_nothing(
    follow_up: ImpactFollowUp, method: str, cookies: bool
) -> None:
    path = f"/survey/{token_for('impact_survey', follow_up.pk)}/"
    before, robot = everything(), Client()
    for _ in range(5):
        robot = robot if cookies else Client()
        answer = robot.generic(method, path)
        assert answer.status_code in (302, 405)
        assert robot.generic(method, "/survey/").status_code in (200, 404, 405)
    assert everything() == before
    person = Client()
    person.get(path)
    assert person.post("/survey/", {**SURVEY_FORM, "about": follow_up.booking.reference}).status_code == 302
    assert ImpactAnswer.objects.count() == 1


def test_posting_to_the_address_of_the_mail_answers_nothing(follow_up: ImpactFollowUp, client: Client) -> None:
    client.post(f"/survey/{token_for('impact_survey', follow_up.pk)}/", SURVEY_FORM)
    assert not ImpactAnswer.objects.exists()


def test_an_answered_link_shows_the_first_answer_kindly(follow_up: ImpactFollowUp, client: Client) -> None:
    path = f"/survey/{token_for('impact_survey', follow_up.pk)}/"
    client.get(path)
    client.post("/survey/", {**SURVEY_FORM, "about": follow_up.booking.reference})
    later = Client()
    later.get(path)
    shown = later.get("/survey/").content.decode()
    assert "Answers sent" in shown
    assert "A plan was agreed two weeks earlier" in shown
    again = later.post("/survey/", {**SURVEY_FORM, "recognise": 1, "about": follow_up.booking.reference})
    assert again.status_code == 200
    assert "8 out of 10" in again.content.decode()
    assert ImpactAnswer.objects.get().recognise == 8


def unknown_paths(follow_up: ImpactFollowUp) -> list[str]:
    """Links that open nothing: never made, altered in one letter, too long, or meant for the other questionnaire."""
    token = token_for("impact_survey", follow_up.pk)
    altered = ("A" if token[0] != "A" else "B") + token[1:]
    made_up = ["a" * 43, altered, token.swapcase(), "a" * 200]
    other = asked_to_evaluate(held_session(in_days(-1), partnership=follow_up.partnership), now=in_days(-1, "17:45"))
    return [
        *[f"/survey/{each}/" for each in made_up],
        *[f"/evaluate/{each}/" for each in made_up],
        f"/evaluate/{token}/",
        f"/survey/{token_for('evaluation', other.pk)}/",
        "/survey/",
        "/evaluate/",
    ]


def test_every_link_that_opens_nothing_gets_the_same_kind_page(follow_up: ImpactFollowUp) -> None:
    for path in unknown_paths(follow_up):
        answer = Client().get(path)
        shown = answer.content.decode()
        assert answer.status_code == 404, path
        assert "We do not know this link" in shown
        assert "training@wrenshire.example" in shown


def test_guessing_is_slowed_down_and_shuts_nobody_out(follow_up: ImpactFollowUp, client: Client) -> None:
    statuses = [client.get(f"/survey/{'x' * 42}{number}/").status_code for number in range(40)]
    assert statuses == [404] * 30 + [429] * 10
    assert client.get(f"/survey/{token_for('impact_survey', follow_up.pk)}/").status_code == 302


def test_an_expired_survey_says_that_it_has_closed_and_whom_to_ask(follow_up: ImpactFollowUp, client: Client) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    ImpactFollowUp.objects.update(closes_on=yesterday)
    follow_up.refresh_from_db()
    OneTimeLink.objects.update(expires_at=follow_up.link_expires_at)
    client.get(f"/survey/{token_for('impact_survey', follow_up.pk)}/")
    for answer in (
        client.get("/survey/"),
        client.post("/survey/", {**SURVEY_FORM, "about": follow_up.booking.reference}),
    ):
        assert answer.status_code == 410
        assert "This survey has closed" in answer.content.decode()
        assert "training@wrenshire.example" in answer.content.decode()
    assert not ImpactAnswer.objects.exists()


def test_an_expired_link_to_an_evaluation_leads_to_my_training(client: Client) -> None:
    booking = asked_to_evaluate(held_session(in_days(-200)), now=in_days(-200, "17:45"))
    client.get(f"/evaluate/{token_for('evaluation', booking.pk)}/")
    answer = client.post("/evaluate/", {**INITIAL_FORM, "about": booking.reference})
    assert answer.status_code == 410
    assert "Sign in" in answer.content.decode()
    assert not InitialEvaluation.objects.exists()


def test_a_revoked_link_is_closed(follow_up: ImpactFollowUp, client: Client) -> None:
    OneTimeLink.objects.update(revoked_at=timezone.now())
    client.get(f"/survey/{token_for('impact_survey', follow_up.pk)}/")
    assert client.get("/survey/").status_code == 410


def test_opening_a_link_signs_nobody_in(follow_up: ImpactFollowUp, client: Client) -> None:
    client.get(f"/survey/{token_for('impact_survey', follow_up.pk)}/")
    assert client.get(f"/my/surveys/{follow_up.booking.reference}/").status_code == 302
