"""Twenty people, or one person's twenty clicks, with one link at the same moment (RACE9)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from bookings.models import Booking, Certificate
from core.models import AuditEvent
from evaluations.domain import impact, initial
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

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
PEOPLE, RUNS = 20, 20


def at_once(path: str, answers: dict[str, Any]) -> list[int]:
    """Twenty browsers open the link, then all send at one moment. The status codes of what they got."""
    barrier, statuses = threading.Barrier(PEOPLE), []

    def send(number: int) -> None:
        try:
            browser = Client(raise_request_exception=False)
            page = browser.get(path).headers["Location"]
            barrier.wait()
            statuses.append(browser.post(page, {**answers, "recognise": number % 11}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[number]) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def survey() -> tuple[str, dict[str, Any]]:
    follow_up = open_survey(attendance(held_session(in_days(-95))))
    token = token_for("impact_survey", follow_up.pk)
    return f"/survey/{token}/", {**SURVEY_FORM, "about": follow_up.booking.reference}


def evaluation() -> tuple[str, dict[str, Any]]:
    booking = asked_to_evaluate(held_session(in_days(-1)), now=in_days(-1, "17:45"))
    return f"/evaluate/{token_for('evaluation', booking.pk)}/", {**INITIAL_FORM, "about": booking.reference}


@pytest.mark.parametrize("number", range(RUNS))
def test_a_survey_answered_20_times_at_once_has_one_answer_and_nobody_sees_an_error(number: int) -> None:
    statuses = at_once(*survey())
    assert set(statuses) <= {200, 302}
    assert len(statuses) == PEOPLE
    assert ImpactAnswer.objects.count() == 1
    assert AuditEvent.objects.filter(action="impact_survey.answered").count() == 1


@pytest.mark.parametrize("number", range(5))
def test_an_evaluation_sent_20_times_at_once_is_one_with_one_certificate(number: int) -> None:
    statuses = at_once(*evaluation())
    assert set(statuses) <= {200, 302}
    assert len(statuses) == PEOPLE
    assert InitialEvaluation.objects.count() == Certificate.objects.count() == 1
    assert InitialEvaluation.objects.get().actions.count() == 2
    assert AuditEvent.objects.filter(action="initial_evaluation.sent").count() == 1


def breaks(make: Callable[[], tuple[str, dict[str, Any]]]) -> bool:
    """Whether somebody sees an error in one of a few runs."""
    return any(500 in at_once(*make()) for _ in range(RUNS))


def test_the_survey_without_its_lock_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    unlocked = ImpactFollowUp.objects.select_related("booking__session", "partnership")
    monkeypatch.setattr(impact, "_locked", lambda follow_up: unlocked.get(pk=follow_up.pk))
    assert breaks(survey)


def test_the_evaluation_without_its_lock_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(initial, "_locked", lambda booking: Booking.objects.get(pk=booking.pk))
    assert breaks(evaluation)
