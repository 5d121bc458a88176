"""The mails as people read them."""

from __future__ import annotations

import re

import pytest

from core.mail import render_mail
from evaluations.domain.impact import remind_of_impact_surveys
from evaluations.domain.initial_requests import remind_of_initial_evaluations
from evaluations.models import EvaluationPlan
from tests.evaluations.builders import asked_to_evaluate, held_session, invited_survey, queued, token_for
from tests.factories import CourseFactory, PartnershipFactory, at, host_for

pytestmark = pytest.mark.django_db


def test_the_evaluation_s_mail_names_the_course_and_leads_to_the_form_without_signing_in() -> None:
    partnership = PartnershipFactory()
    host_for(partnership, "aldermere.test")
    course = CourseFactory(partnership=partnership, title="Bruises & burns: who's at risk")
    booking = asked_to_evaluate(held_session(partnership=partnership, course=course))
    mail = render_mail(queued("initial_evaluation_invited")[0])
    assert mail.subject == "Evaluate Bruises & burns: who's at risk to get your certificate"
    address = f"aldermere.test:8000/evaluate/{token_for('evaluation', booking.pk)}/"
    for body in (mail.text, mail.html):
        assert address in body
        assert "Thursday 12 March 2026" in body
        assert booking.reference in body
        assert "without signing in" in body
    assert "Bruises &amp; burns" in mail.html
    assert "Bruises & burns" in mail.text
    assert len(re.findall(r"/evaluate/", mail.text)) == 1


def test_no_certificate_is_promised_where_the_evaluation_is_not_its_condition() -> None:
    session = held_session()
    EvaluationPlan.objects.create(partnership=session.partnership, initial_gates_certificate=False)
    asked_to_evaluate(session)
    mail = render_mail(queued("initial_evaluation_invited")[0])
    assert mail.subject == f"Evaluate {session.course}"
    assert "certificate" not in mail.text


def test_the_evaluation_s_reminder() -> None:
    session = held_session()
    asked_to_evaluate(session, now=at("2026-03-12 17:30"))
    remind_of_initial_evaluations(at("2026-03-13 08:00"))
    mail = render_mail(queued("initial_evaluation_reminder")[0])
    assert mail.subject == f"Reminder: evaluate {session.course} to get your certificate"
    assert "/evaluate/" in mail.text


def test_the_survey_s_mail_and_its_reminder_say_until_when() -> None:
    session = held_session()
    follow_up = invited_survey(session, now=at("2026-06-12 08:00"))
    remind_of_impact_surveys(at("2026-06-26 08:00"))
    invitation = render_mail(queued("impact_survey_invited")[0])
    reminder = render_mail(queued("impact_survey_reminder")[0])
    assert invitation.subject == f"3 minutes: what changed after {session.course}?"
    assert reminder.subject == f"Reminder: what changed after {session.course}?"
    for mail in (invitation, reminder):
        assert f"/survey/{token_for('impact_survey', follow_up.pk)}/" in mail.text
        assert "open until 12 September 2026" in mail.text
