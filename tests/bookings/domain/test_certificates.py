"""Certificates: released once, checked by anyone, withdrawn with a reason; and their PDF."""

import datetime as dt
import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from bookings.documents import CertificateWithdrawn, certificate_pdf, days_in_words, groups_in_words, hours_in_words
from bookings.domain.certificates import (
    NotAttended,
    ReasonNeeded,
    check_certificate,
    clean_number,
    may_release,
    release_certificate,
    withdraw_certificate,
)
from bookings.enums import BookingStatus
from bookings.models import Booking, Certificate
from core.models import AuditEvent, OutboxMessage
from courses.models import Course
from tests.factories import (
    BookingFactory,
    CourseFactory,
    FrameworkFactory,
    GroupFactory,
    PartnershipFactory,
    PersonFactory,
    SessionFactory,
    at,
    host_for,
)

pytestmark = pytest.mark.django_db
S = BookingStatus
NOW = at("2026-03-13 10:00")


@pytest.fixture
def attended() -> Booking:
    partnership = PartnershipFactory(name="Wrenshire Partnership")
    host_for(partnership, "training.wrenshire.example")
    course = CourseFactory(partnership=partnership, title="Core Working Together", refresh_months=36)
    session = SessionFactory(partnership=partnership, course=course, starts_at=at("2026-03-12 09:30"))
    person = PersonFactory(partnership=partnership, first_name="Alex", last_name="Sample")
    return BookingFactory(session=session, person=person, status=S.ATTENDED)


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def release(booking: Booking) -> Certificate:
    return release_certificate(booking=booking, by=None, now=NOW)


@pytest.mark.rule("R64")
@pytest.mark.parametrize("status", list(S))
def test_only_full_attendance_earns_a_certificate(attended: Booking, status: str) -> None:
    attended.status = status
    attended.save()
    earns = status in (S.ATTENDED, S.WALK_IN)
    assert may_release(attended) is earns
    if not earns:
        with pytest.raises(NotAttended):
            release(attended)
    assert (release(attended).number if earns else "") == (Certificate.objects.get().number if earns else "")


@pytest.mark.rule("R65")
def test_it_keeps_what_stood_on_it_when_it_was_released(attended: Booking) -> None:
    certificate = release(attended)
    attended.person.last_name = "Married"
    attended.person.save()
    certificate.refresh_from_db()
    assert (certificate.person_name, certificate.person_initials) == ("Alex Sample", "AS")
    assert (certificate.course_title, certificate.agency_name) == ("Core Working Together", attended.agency.name)
    assert (certificate.renew_by, certificate.released_at) == (dt.date(2029, 3, 12), NOW)


def test_renewal_is_counted_in_months_with_the_last_day_of_a_shorter_one(attended: Booking) -> None:
    attended.session.starts_at, attended.session.ends_at = at("2024-02-29 09:30"), at("2024-02-29 16:30")
    attended.session.save()
    assert release(attended).renew_by == dt.date(2027, 2, 28)


def test_asking_again_gives_the_same_certificate_and_one_mail(attended: Booking) -> None:
    assert release(attended) == release(attended)
    assert AuditEvent.objects.filter(action="certificate.released").count() == 1
    mail = OutboxMessage.objects.get(kind="certificate_ready")
    assert mail.facts["path"] == f"/my/certificates/{Certificate.objects.get().number}.pdf"


def test_numbers_are_long_clear_and_never_alike(attended: Booking) -> None:
    number = release(attended).number
    assert re.fullmatch(r"[23456789A-HJKMNP-TV-Z]{27}", number)
    assert 30 ** len(number) > 2**130
    assert Certificate().number != Certificate().number


class TestCheck:
    def test_anyone_learns_initials_course_day_and_issuer_and_no_more(self, attended: Booking) -> None:
        certificate = release(attended)
        found = check_certificate(certificate.number, partnership=attended.partnership)
        assert found is not None
        assert vars(found) == {
            "number": certificate.grouped_number,
            "is_valid": True,
            "initials": "AS",
            "course": "Core Working Together",
            "day": dt.date(2026, 3, 12),
            "issuer": "Wrenshire Partnership",
            "renew_by": dt.date(2029, 3, 12),
        }

    def test_the_number_may_be_typed_in_any_way(self, attended: Booking) -> None:
        certificate = release(attended)
        for typed in (certificate.grouped_number, f" {certificate.number.lower()} ", " ".join(certificate.number)):
            assert clean_number(typed) == certificate.number
            assert check_certificate(typed, partnership=attended.partnership) is not None

    def test_an_unknown_number_and_one_of_another_partnership_are_alike(self, attended: Booking) -> None:
        certificate = release(attended)
        assert check_certificate("2" * 27, partnership=attended.partnership) is None
        assert check_certificate("", partnership=attended.partnership) is None
        assert check_certificate(certificate.number, partnership=PartnershipFactory()) is None

    def test_a_withdrawn_certificate_says_so(self, attended: Booking) -> None:
        certificate = release(attended)
        withdraw_certificate(certificate=certificate, reason="Issued in error", by=None, now=NOW)
        found = check_certificate(certificate.number, partnership=attended.partnership)
        assert found is not None
        assert not found.is_valid


class TestWithdrawing:
    def test_it_needs_a_reason_and_leaves_a_trail(self, attended: Booking) -> None:
        certificate = release(attended)
        with pytest.raises(ReasonNeeded):
            withdraw_certificate(certificate=certificate, reason=" ", by=None, now=NOW)
        withdraw_certificate(certificate=certificate, reason="Issued in error", by=None, now=NOW)
        event = AuditEvent.objects.get(action="certificate.withdrawn")
        assert (event.reason, event.reference) == ("Issued in error", certificate.grouped_number)

    def test_withdrawing_again_keeps_the_first_reason(self, attended: Booking) -> None:
        certificate = release(attended)
        for reason in ("Issued in error", "Another"):
            withdraw_certificate(certificate=certificate, reason=reason, by=None, now=NOW)
        assert Certificate.objects.get().withdrawn_reason == "Issued in error"

    def test_asking_for_it_again_does_not_give_it_back(self, attended: Booking) -> None:
        withdraw_certificate(certificate=release(attended), reason="Issued in error", by=None, now=NOW)
        assert release(attended).withdrawn_at == NOW

    def test_it_cannot_be_downloaded_any_more(self, attended: Booking) -> None:
        certificate = withdraw_certificate(certificate=release(attended), reason="Error", by=None, now=NOW)
        with pytest.raises(CertificateWithdrawn):
            certificate_pdf(certificate)


class TestPdf:
    def test_it_is_one_tagged_page_that_says_what_must_be_said(self, attended: Booking) -> None:
        certificate = release(attended)
        reader = PdfReader(io.BytesIO(certificate_pdf(certificate)))
        [page] = reader.pages
        text = " ".join(page.extract_text().split())
        for words in (
            "Certificate of attendance",
            "Alex Sample",
            attended.agency.name,
            "Core Working Together",
            "12 March 2026",
            "6 hours",
            "Face to face",
            "12 March 2029",
            "training.wrenshire.example",
            "Wrenshire Partnership",
        ):
            assert words in text
        assert certificate.grouped_number in text.replace(" ", "")
        assert reader.metadata is not None
        assert reader.metadata.title == "Certificate of attendance: Core Working Together"
        assert reader.root_object["/MarkInfo"]["/Marked"]
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 595)

    def test_it_is_drawn_once(self, attended: Booking, monkeypatch: pytest.MonkeyPatch) -> None:
        certificate = release(attended)
        first = certificate_pdf(certificate)

        def never(*_: Any) -> bytes:
            raise AssertionError

        monkeypatch.setattr("bookings.documents.draw_certificate", never)
        assert certificate_pdf(Certificate.objects.get()) == first
        assert certificate_pdf(certificate) == first

    def test_what_people_type_stays_text(self, attended: Booking) -> None:
        certificate = release(attended)
        certificate.person_name = "<img src='file:///etc/passwd'> & Co"
        certificate.save()
        [page] = PdfReader(io.BytesIO(certificate_pdf(certificate))).pages
        assert "<img src='file:///etc/passwd'> & Co" in " ".join(page.extract_text().split())


@pytest.mark.parametrize(
    ("starts", "words"),
    [
        (["2026-03-12"], "12 March 2026"),
        (["2026-03-12", "2026-03-13"], "12 and 13 March 2026"),
        (["2026-03-31", "2026-04-01"], "31 March and 1 April 2026"),
        (["2026-12-31", "2027-01-01"], "31 December 2026 and 1 January 2027"),
        (["2026-03-12", "2026-03-13", "2026-03-19"], "12, 13 and 19 March 2026"),
        (["2026-03-12", "2026-03-12"], "12 March 2026"),
    ],
)
def test_the_days_of_a_session_in_words(starts: list[str], words: str) -> None:
    parts = [(at(f"{day} {9 + n:02}:30"), at(f"{day} {9 + n:02}:50")) for n, day in enumerate(starts)]
    session = SessionFactory(starts_at=parts[0][0], ends_at=parts[-1][1], parts=parts)
    assert days_in_words(session) == words


@pytest.mark.parametrize(
    ("hours", "words"), [("6", "6 hours"), ("1", "1 hour"), ("1.50", "1.5 hours"), ("10", "10 hours")]
)
def test_learning_time_in_words(hours: str, words: str) -> None:
    assert hours_in_words(Course(hours=Decimal(hours))) == words


@pytest.mark.parametrize(
    ("codes", "words"),
    [([], ""), (["3"], ", group 3"), (["3", "4"], ", groups 3 and 4"), (["3", "4", "5"], ", groups 3, 4 and 5")],
)
def test_for_whom_in_words(codes: list[str], words: str) -> None:
    framework = FrameworkFactory()
    groups = [GroupFactory(framework=framework, code=code) for code in codes]
    course: Course = CourseFactory(partnership=framework.partnership, groups=groups)
    assert groups_in_words(course) == words
