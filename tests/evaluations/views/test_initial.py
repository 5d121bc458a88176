"""The evaluation's pages: signed in, and by the link of the mail."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.permissions import Role
from agencies.models import Person
from bookings.enums import BookingStatus
from bookings.models import Booking, Certificate
from core.models import AuditEvent, Partnership
from evaluations.models import InitialEvaluation
from tests.evaluations.builders import INITIAL_FORM, asked_to_evaluate, attendance, held_session, token_for
from tests.factories import (
    BookingFactory,
    PartnershipFactory,
    SessionFactory,
    host_for,
    in_days,
    person_with_account,
    sign_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory()


@pytest.fixture
def learner(partnership: Partnership) -> Person:
    return person_with_account(partnership)


@pytest.fixture
def booking(partnership: Partnership, learner: Person) -> Booking:
    return attendance(held_session(in_days(-1), partnership=partnership), person=learner)


def page(booking: Booking) -> str:
    return f"/my/evaluations/{booking.reference}/"


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def test_the_form_names_the_course_and_warns_about_identifying_people(
    client: Client, booking: Booking, learner: Person
) -> None:
    shown = sign_in(client, learner).get(page(booking))
    assert shown.status_code == 200
    assert f"Evaluate {booking.session.course}" in text(shown)
    assert "Do not include details that could identify a child, adult or family" in text(shown)
    assert "Your certificate is ready as soon as you send it" in text(shown)
    assert not InitialEvaluation.objects.exists()


def test_sending_it_shows_the_answers_and_the_certificate(client: Client, booking: Booking, learner: Person) -> None:
    sign_in(client, learner)
    sent = client.post(page(booking), INITIAL_FORM)
    assert (sent.status_code, sent.headers["Location"]) == (302, page(booking))
    shown = text(client.get(page(booking)))
    assert "Evaluation sent" in shown
    assert "8 out of 10" in shown
    assert "Use the threshold document" in shown
    assert "Your certificate is ready" in shown
    assert Certificate.objects.get().booking == booking
    assert AuditEvent.objects.get(action="initial_evaluation.sent").actor_id == learner.user.pk


def test_sending_it_again_shows_the_first_answer(client: Client, booking: Booking, learner: Person) -> None:
    sign_in(client, learner).post(page(booking), INITIAL_FORM)
    again = client.post(page(booking), {**INITIAL_FORM, "recognise": 1})
    assert again.status_code == 200
    assert "8 out of 10" in text(again)
    assert InitialEvaluation.objects.get().recognise == 8


def test_an_incomplete_form_says_what_is_missing_and_keeps_the_rest(
    client: Client, booking: Booking, learner: Person
) -> None:
    answers = {name: value for name, value in INITIAL_FORM.items() if name not in ("recognise", "aims_met", "overall")}
    shown = sign_in(client, learner).post(page(booking), answers)
    assert shown.status_code == 200
    assert "<title>Error: Evaluate" in shown.content.decode()
    for field, message in {
        "recognise": "Choose a number from 0 to 10 for",
        "aims_met": "Say how far you agree that the aims were met",
        "overall": "Choose how the course was overall",
    }.items():
        assert f'<a href="#id_{field}_0">{message}' in text(shown)
    assert 'value="Use the threshold document"' in text(shown)
    assert not InitialEvaluation.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("recognise", "11"), ("recognise", "-1"), ("aims_met", "0"), ("overall", "x"), ("barrier", "x")],
)
def test_answers_off_the_scale_are_refused(
    client: Client, booking: Booking, learner: Person, field: str, value: str
) -> None:
    shown = sign_in(client, learner).post(page(booking), {**INITIAL_FORM, field: value})
    assert shown.status_code == 200
    assert "There is a problem" in text(shown)
    assert not InitialEvaluation.objects.exists()


def test_a_form_cannot_set_anything_else(client: Client, booking: Booking, learner: Person) -> None:
    other = attendance(booking.session)
    extra = {"booking": other.pk, "booking_id": other.pk, "sent_at": "2001-01-01", "status": "walk_in"}
    sign_in(client, learner).post(page(booking), {**INITIAL_FORM, **extra})
    evaluation = InitialEvaluation.objects.get()
    assert (evaluation.booking, evaluation.sent_at.year > 2001) == (booking, True)


def test_before_the_register_is_finished(client: Client, partnership: Partnership, learner: Person) -> None:
    booking = BookingFactory(session=SessionFactory(partnership=partnership, starts_at=in_days(-1)), person=learner)
    sign_in(client, learner)
    shown = client.get(page(booking))
    assert shown.status_code == 200
    assert "Your trainer has not finished the register" in text(shown)
    assert client.post(page(booking), INITIAL_FORM).status_code == 409
    assert not InitialEvaluation.objects.exists()


def test_somebody_who_did_not_attend(client: Client, partnership: Partnership, learner: Person) -> None:
    session = held_session(in_days(-1), partnership=partnership)
    booking = attendance(session, BookingStatus.DID_NOT_ATTEND, person=learner)
    sign_in(client, learner)
    assert "you did not attend" in text(client.get(page(booking)))
    assert client.post(page(booking), INITIAL_FORM).status_code == 409


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.AGENCY_LEAD, Role.TRAINER, Role.ADMINISTRATOR])
def test_nobody_else_reaches_the_form_or_the_answers(
    client: Client, partnership: Partnership, booking: Booking, learner: Person, role: Role
) -> None:
    sign_in(client, learner).post(page(booking), INITIAL_FORM)
    agency = learner.employments.get().agency
    other = person_with_account(partnership, role, agency=agency)
    stranger = sign_in(Client(), other)
    assert stranger.get(page(booking)).status_code == 404
    assert stranger.post(page(booking), INITIAL_FORM).status_code == 404


def test_visible_to_the_learner_and_to_whoever_manages_evaluations_only(
    client: Client, partnership: Partnership, booking: Booking, learner: Person
) -> None:
    sign_in(client, learner).post(page(booking), INITIAL_FORM)
    agency = learner.employments.get().agency
    lead = person_with_account(partnership, Role.AGENCY_LEAD, agency=agency)
    trainer, admin = (
        person_with_account(partnership, Role.TRAINER),
        person_with_account(partnership, Role.ADMINISTRATOR),
    )
    seen = {
        who: InitialEvaluation.objects.visible_to(who.user, partnership).count()
        for who in (learner, lead, trainer, admin)
    }
    assert seen == {learner: 1, lead: 0, trainer: 0, admin: 1}
    elsewhere = PartnershipFactory()
    foreign = person_with_account(elsewhere, Role.ADMINISTRATOR)
    assert InitialEvaluation.objects.visible_to(foreign.user, elsewhere).count() == 0


def test_visitors_are_asked_to_sign_in(client: Client, booking: Booking) -> None:
    assert client.get(page(booking)).status_code == 302


def test_the_page_costs_few_statements(
    client: Client, booking: Booking, learner: Person, django_assert_max_num_queries: Any
) -> None:
    sign_in(client, learner)
    with django_assert_max_num_queries(12):
        client.get(page(booking))
    with django_assert_max_num_queries(40):  # answer, trail, certificate and mail
        client.post(page(booking), INITIAL_FORM)


class TestLink:
    @pytest.fixture
    def asked(self, partnership: Partnership) -> Booking:
        return asked_to_evaluate(held_session(in_days(-1), partnership=partnership), now=in_days(-1, "17:45"))

    def test_the_token_is_swapped_for_the_session_and_gone_from_the_address(
        self, client: Client, asked: Booking
    ) -> None:
        opened = client.get(f"/evaluate/{token_for('evaluation', asked.pk)}/")
        assert (opened.status_code, opened.headers["Location"]) == (302, "/evaluate/")
        assert opened.headers["Referrer-Policy"] == "no-referrer"
        shown = client.get("/evaluate/")
        assert f"Evaluate {asked.session.course}" in text(shown)
        assert "no-store" in shown.headers["Cache-Control"]
        assert shown.headers["X-Robots-Tag"] == "noindex"
        assert token_for("evaluation", asked.pk) not in text(shown)

    def test_answering_without_signing_in(self, client: Client, asked: Booking) -> None:
        client.get(f"/evaluate/{token_for('evaluation', asked.pk)}/")
        sent = client.post("/evaluate/", {**INITIAL_FORM, "about": asked.reference})
        assert (sent.status_code, sent.headers["Location"]) == (302, "/evaluate/")
        assert InitialEvaluation.objects.get().booking == asked
        assert "Evaluation sent" in text(client.get("/evaluate/"))
        assert AuditEvent.objects.get(action="initial_evaluation.sent").actor_id == 0

    def test_of_two_links_in_one_browser_the_form_says_which_it_answers(
        self, client: Client, partnership: Partnership, asked: Booking
    ) -> None:
        other = asked_to_evaluate(held_session(in_days(-2), partnership=partnership), now=in_days(-1, "17:45"))
        for booking in (asked, other):
            client.get(f"/evaluate/{token_for('evaluation', booking.pk)}/")
        client.post("/evaluate/", {**INITIAL_FORM, "about": asked.reference})
        assert InitialEvaluation.objects.get().booking == asked
        assert asked.session.course.title in text(client.get("/evaluate/"))

    def test_a_form_about_a_link_that_was_never_opened_is_refused(
        self, client: Client, partnership: Partnership, asked: Booking
    ) -> None:
        other = asked_to_evaluate(held_session(in_days(-2), partnership=partnership), now=in_days(-1, "17:45"))
        client.get(f"/evaluate/{token_for('evaluation', asked.pk)}/")
        assert client.post("/evaluate/", {**INITIAL_FORM, "about": other.reference}).status_code == 404
        assert not InitialEvaluation.objects.exists()

    def test_the_link_of_another_partnership_opens_nothing_here(self, client: Client, asked: Booking) -> None:
        elsewhere = PartnershipFactory()
        host_for(asked.partnership, "here.test")
        host_for(elsewhere, "elsewhere.test")
        path = f"/evaluate/{token_for('evaluation', asked.pk)}/"
        assert client.get(path, headers={"host": "elsewhere.test"}).status_code == 404
        assert client.get(path, headers={"host": "here.test"}).status_code == 302
