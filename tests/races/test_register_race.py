"""One charge, one certificate, one mark, however many ask at the same moment."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest

from agencies.models import Person
from bookings.documents import certificate_pdf
from bookings.domain.attendance import finish_register, mark_attendance
from bookings.domain.certificates import release_certificate
from bookings.domain.charging import raise_charge
from bookings.enums import BookingStatus
from bookings.models import Attendance, Booking, Certificate, Charge
from core.models import AuditEvent, OutboxMessage, Partnership
from tests.factories import BookingFactory, SessionFactory, at

from .conftest import at_once, errors_of

pytestmark = pytest.mark.races
NOW = at("2026-03-12 16:45")


def booking_of(partnership: Partnership, person: Person, status: str) -> Booking:
    session = SessionFactory(partnership=partnership, starts_at=at("2026-03-12 09:30"))
    return BookingFactory(session=session, person=person, status=status)


@pytest.mark.rule("R65")
def test_a_certificate_asked_for_50_times_at_once_is_one(
    partnership: Partnership, crowd: list[Person], settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    for person in crowd[:10]:
        booking = booking_of(partnership, person, BookingStatus.ATTENDED)
        answers = at_once([functools.partial(release_certificate, booking=booking, by=None, now=NOW)] * 50)
        assert errors_of(answers) == []
        assert {answer.number for answer in answers} == {Certificate.objects.get(booking=booking).number}
        assert OutboxMessage.objects.filter(kind="certificate_ready", about_id=booking.pk).count() == 1


def test_its_pdf_is_drawn_once(partnership: Partnership, crowd: list[Person], settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    booking = booking_of(partnership, crowd[0], BookingStatus.ATTENDED)
    certificate = release_certificate(booking=booking, by=None, now=NOW)
    answers = at_once([functools.partial(certificate_pdf, certificate)] * 50)
    assert errors_of(answers) == []
    assert len(set(answers)) == 1
    assert len([file for file in tmp_path.rglob("*") if file.is_file()]) == 1


@pytest.mark.rule("R53")
def test_a_charge_raised_50_times_at_once_is_one(partnership: Partnership, crowd: list[Person]) -> None:
    for person in crowd[:10]:
        booking = booking_of(partnership, person, BookingStatus.DID_NOT_ATTEND)
        answers = at_once([functools.partial(raise_charge, booking=booking, by=None, now=NOW)] * 50)
        assert errors_of(answers) == []
        assert {answer.pk for answer in answers} == {Charge.objects.get(booking=booking).pk}
        assert AuditEvent.objects.filter(action="charge.raised", reference=booking.reference).count() == 1


def test_two_trainers_who_mark_at_once_make_one_mark(partnership: Partnership, crowd: list[Person]) -> None:
    booking = booking_of(partnership, crowd[0], BookingStatus.BOOKED)
    marks = [
        functools.partial(mark_attendance, booking=booking, mark=one, by=None, now=NOW) for one in ("here", "absent")
    ]
    assert errors_of(at_once(marks * 10)) == []
    assert Attendance.objects.filter(booking=booking).count() == 1


def test_a_register_finished_by_two_at_once_is_finished_once(partnership: Partnership, crowd: list[Person]) -> None:
    booking = booking_of(partnership, crowd[0], BookingStatus.BOOKED)
    calls = [functools.partial(finish_register, session=booking.session, by=None, now=NOW, rest_absent=True)] * 10
    answers = at_once(calls)
    assert errors_of(answers) == []
    assert len({answer.pk for answer in answers}) == 1
    assert Charge.objects.count() == 1
    assert OutboxMessage.objects.filter(kind="did_not_attend").count() == 1
