"""The certificate as a file, and the public check of its number."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from agencies.models import Person
from bookings.domain.certificates import release_certificate, withdraw_certificate
from bookings.enums import BookingStatus
from bookings.models import Certificate
from core.models import Partnership
from tests.factories import (
    BookingFactory,
    CourseFactory,
    PartnershipFactory,
    SessionFactory,
    at,
    host_for,
    person_with_account,
    sign_in,
)

As = Callable[[Person], Client]


@pytest.fixture
def certificate(partnership: Partnership, learner: Person) -> Certificate:
    course = CourseFactory(partnership=partnership, title="Core Working Together")
    session = SessionFactory(partnership=partnership, course=course, starts_at=at("2026-03-12 09:30"), status="held")
    booking = BookingFactory(session=session, person=learner, status=BookingStatus.ATTENDED)
    return release_certificate(booking=booking, by=None, now=timezone.now())


def text_of(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def test_the_learner_downloads_the_pdf(as_: As, certificate: Certificate, learner: Person) -> None:
    response = as_(learner).get(f"/my/certificates/{certificate.number}.pdf")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="certificate-{certificate.number}.pdf"'
    assert response.headers["Cache-Control"] == "no-store, private"
    assert response.content.startswith(b"%PDF")


def test_the_training_team_may_download_it_and_nobody_else(
    client: Client, partnership: Partnership, certificate: Certificate, administrator: Person, trainer: Person
) -> None:
    address = f"/my/certificates/{certificate.number}.pdf"
    assert sign_in(client, administrator).get(address).status_code == 200
    for person in (trainer, person_with_account(partnership)):
        assert sign_in(client, person).get(address).status_code == 404


def test_a_withdrawn_certificate_is_not_given_out(as_: As, certificate: Certificate, learner: Person) -> None:
    withdraw_certificate(certificate=certificate, reason="Wrong person", by=None, now=timezone.now())
    assert as_(learner).get(f"/my/certificates/{certificate.number}.pdf").status_code == 404


def test_the_check_shows_initials_course_date_and_status_only(client: Client, certificate: Certificate) -> None:
    response = client.get(f"/check/{certificate.number}/")
    page = text_of(response)
    for words in ("This certificate is valid", ">AS<", "Core Working Together", "12 March 2026"):
        assert words in page
    for private in ("Amira", "Sample", "Oakfield Primary School"):
        assert private not in page
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_a_withdrawn_certificate_says_so(client: Client, certificate: Certificate) -> None:
    withdraw_certificate(certificate=certificate, reason="Wrong person", by=None, now=timezone.now())
    page = text_of(client.get(f"/check/{certificate.number}/"))
    assert "This certificate was withdrawn" in page
    assert "Wrong person" not in page


@pytest.mark.parametrize("typed", ["{number}", "{lower}", "{grouped}", " {spaced} "])
def test_typing_variants_find_the_certificate(client: Client, certificate: Certificate, typed: str) -> None:
    number = certificate.number
    written = typed.format(
        number=number, lower=number.lower(), grouped=certificate.grouped_number, spaced=" ".join(number)
    )
    response = client.get("/check/", {"number": written}, follow=True)
    assert response.redirect_chain == [(f"/check/{number}/", 302)]
    assert "This certificate is valid" in text_of(response)


def test_a_number_one_character_off_is_not_valid(client: Client, certificate: Certificate) -> None:
    wrong = ("3" if certificate.number[0] == "2" else "2") + certificate.number[1:]
    response = client.get(f"/check/{wrong}/")
    assert response.status_code == 404
    assert "No certificate has that number" in text_of(response)
    assert "Check the letters." in text_of(response)


def test_a_certificate_of_another_partnership_is_not_known_here(client: Client, certificate: Certificate) -> None:
    host_for(PartnershipFactory(), "elsewhere.test")
    host_for(certificate.partnership, "testserver")
    response = client.get(f"/check/{certificate.number}/", headers={"host": "elsewhere.test"})
    assert response.status_code == 404


@pytest.mark.parametrize("typed", ["", "   ", "!!!"])
def test_nothing_usable_typed_is_an_error_on_the_form(client: Client, partnership: Partnership, typed: str) -> None:
    page = text_of(client.get("/check/", {"number": typed}))
    assert "<title>Error: Check a certificate" in page
    assert '<a href="#id_number">Enter the' in page


def test_eleven_tries_a_minute_are_slowed_down(client: Client, certificate: Certificate) -> None:
    answers = [client.get(f"/check/{certificate.number}/").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    other = client.get(f"/check/{certificate.number}/", REMOTE_ADDR="203.0.113.7")
    assert other.status_code == 200
