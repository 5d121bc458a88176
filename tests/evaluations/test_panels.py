"""What My training shows of evaluations and surveys."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import RequestFactory

from agencies.models import Person
from bookings.enums import BookingStatus
from core.panels import panels_for
from core.templatetags.archway import long_date
from evaluations.models import EvaluationPlan, ImpactFollowUp
from tests.evaluations.builders import attendance, held_session
from tests.factories import PartnershipFactory, PersonFactory, in_days, person_with_account

pytestmark = pytest.mark.django_db


def shown_to(person: Person | None) -> str:
    request = RequestFactory().get("/my/")
    request.person = person  # type: ignore[attr-defined]
    return " ".join(" ".join(panels_for("bookings:my_training_todo", request, person)).split())


@pytest.fixture
def learner() -> Person:
    return person_with_account(PartnershipFactory())


def test_nothing_to_do_shows_nothing(learner: Person) -> None:
    assert shown_to(learner) == ""
    assert shown_to(None) == ""


def test_an_evaluation_due_and_one_overdue(learner: Person) -> None:
    due = attendance(held_session(in_days(-2), partnership=learner.partnership), person=learner)
    overdue = attendance(held_session(in_days(-15), partnership=learner.partnership), person=learner)
    shown = shown_to(learner)
    assert f'href="/my/evaluations/{due.reference}/"' in shown
    assert f'href="/my/evaluations/{overdue.reference}/"' in shown
    assert f"Due {long_date(in_days(12))}" in shown
    assert "Overdue" in shown
    assert shown.index(due.reference) < shown.index(overdue.reference)
    assert "unlocks your certificate" in shown


def test_no_certificate_is_promised_where_the_evaluation_is_not_its_condition(learner: Person) -> None:
    EvaluationPlan.objects.create(partnership=learner.partnership, initial_gates_certificate=False)
    attendance(held_session(in_days(-2), partnership=learner.partnership), person=learner)
    assert "certificate" not in shown_to(learner)


def test_an_open_survey_until_it_closes(learner: Person) -> None:
    booking = attendance(
        held_session(in_days(-100), partnership=learner.partnership), BookingStatus.WALK_IN, person=learner
    )
    follow_up = ImpactFollowUp.objects.create(
        partnership=learner.partnership,
        booking=booking,
        due_on=in_days(-10).date(),
        closes_on=in_days(0).date(),
        invited_at=in_days(-10),
    )
    assert f'href="/my/surveys/{booking.reference}/"' in shown_to(learner)
    follow_up.closes_on -= dt.timedelta(days=1)
    follow_up.save()
    assert "/my/surveys/" not in shown_to(learner)


def test_a_record_without_its_certificate_leads_to_the_evaluation(learner: Person) -> None:
    booking = attendance(held_session(in_days(-2), partnership=learner.partnership), person=learner)
    (shown,) = panels_for("bookings:record_action", RequestFactory().get("/my/"), booking)
    assert f'href="/my/evaluations/{booking.reference}/"' in shown
    assert "Evaluate to unlock" in shown


def test_other_people_s_tasks_are_not_shown(learner: Person) -> None:
    session = held_session(in_days(-2), partnership=learner.partnership)
    attendance(session, person=PersonFactory(partnership=learner.partnership))
    assert shown_to(learner) == ""
