"""Certificates: released to those who attended in full, checked by anyone, withdrawn with a reason (R63-R65, T9).

Whether an evaluation must come first is the evaluation plan's rule and lives above, in ``evaluations``; attendance is
the rule here. The PDF is made by ``bookings.documents`` when it is first asked for.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from bookings import emails
from bookings.enums import ATTENDED_IN_FULL
from bookings.models import Booking, Certificate
from bookings.models.booking import CLEAR_ALPHABET
from core import audit
from core.errors import RuleBroken
from core.models import Partnership
from core.periods import add_months, london_day

NOT_ATTENDED = "The register was corrected: this person did not attend in full."


class NotAttended(RuleBroken):
    default_message = "There is a certificate only for a session that was attended in full."


class ReasonNeeded(RuleBroken):
    default_message = "Say why."


def may_release(booking: Booking) -> bool:
    """Whether attendance earns a certificate: the whole session, booked or as a walk-in (T9)."""
    return booking.status in ATTENDED_IN_FULL


def release_certificate(*, booking: Booking, by: User | None, now: dt.datetime) -> Certificate:
    """Release the certificate of a booking and tell the learner (R64, R65, mail 17).

    However often and however many at once ask, there is one certificate and one number; a withdrawn one stays
    withdrawn. The booking's row is held, so that the register cannot be corrected meanwhile. Raises ``NotAttended``.
    """
    with transaction.atomic():
        rows = Booking.objects.select_related(
            "session__course", "session__partnership", "session__venue", "person", "agency"
        )
        held = rows.select_for_update(of=("self",), no_key=True).get(pk=booking.pk)
        existing = Certificate.objects.filter(booking=held).first()
        if existing is not None:
            return existing
        if not may_release(held):
            raise NotAttended
        certificate = _new_certificate(held, now=now)
        certificate.save(force_insert=True)
        _record("certificate.released", certificate, by=by, now=now)
        emails.queue_certificate(certificate, now=now)
    return certificate


def _new_certificate(booking: Booking, *, now: dt.datetime) -> Certificate:
    course, last_day = booking.session.course, london_day(booking.session.ends_at)
    return Certificate(
        partnership=booking.session.partnership,
        booking=booking,
        released_at=now,
        renew_by=add_months(last_day, course.refresh_months) if course.refresh_months else None,
        person_name=booking.person.name,
        person_initials=booking.person.initials,
        agency_name=booking.agency.name,
        course_title=course.title,
    )


def withdraw_certificate(*, certificate: Certificate, reason: str, by: User | None, now: dt.datetime) -> Certificate:
    """Take a certificate back. Its number stays known and the check page says that it was withdrawn (R65).

    Raises ``ReasonNeeded``. Withdrawing again changes nothing.
    """
    if not reason.strip():
        raise ReasonNeeded("Say why the certificate is withdrawn.")
    with transaction.atomic():
        held = Certificate.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=certificate.pk)
        if held.withdrawn_at is None:
            held.withdrawn_at, held.withdrawn_reason = now, reason.strip()
            held.save(update_fields=["withdrawn_at", "withdrawn_reason"])
            _record("certificate.withdrawn", held, by=by, now=now, reason=reason.strip())
    return held


def match_certificate_to_attendance(*, booking: Booking, by: User | None, now: dt.datetime) -> None:
    """After a corrected register: withdraw the certificate of someone who did not attend in full after all, and give
    back one that such a correction had taken (R65).
    """
    certificate = Certificate.objects.filter(booking=booking).select_related("partnership").first()
    if certificate is None:
        return
    if not may_release(booking):
        withdraw_certificate(certificate=certificate, reason=NOT_ATTENDED, by=by, now=now)
    elif certificate.withdrawn_at is not None and certificate.withdrawn_reason == NOT_ATTENDED:
        certificate.withdrawn_at, certificate.withdrawn_reason = None, ""
        certificate.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        _record("certificate.given_back", certificate, by=by, now=now)


def _record(action: str, certificate: Certificate, *, by: User | None, now: dt.datetime, reason: str = "") -> None:
    audit.record(
        action,
        certificate,
        partnership=certificate.partnership,
        by=by,
        now=now,
        reference=certificate.grouped_number,
        reason=reason,
    )


@dataclass(frozen=True)
class CertificateCheck:
    """What anyone may learn from a certificate's number, and no more (domain 2.12)."""

    number: str
    is_valid: bool
    initials: str
    course: str
    day: dt.date
    issuer: str
    renew_by: dt.date | None


def clean_number(typed: str) -> str:
    """A certificate's number from what someone typed: any case, spaces, hyphens; the rest is dropped."""
    return "".join(letter for letter in typed.upper() if letter in CLEAR_ALPHABET)


def check_certificate(number: str, *, partnership: Partnership) -> CertificateCheck | None:
    """Whether a number belongs to a certificate of this partnership, and whether it is valid or withdrawn (R65).

    ``number`` as typed or scanned. None when there is no such certificate here.
    """
    rows = Certificate.objects.filter(partnership=partnership).select_related("booking__session", "partnership")
    found = rows.filter(number=clean_number(number)).first()
    if found is None:
        return None
    return CertificateCheck(
        number=found.grouped_number,
        is_valid=found.withdrawn_at is None,
        initials=found.person_initials,
        course=found.course_title,
        day=london_day(found.booking.session.ends_at),
        issuer=found.partnership.name,
        renew_by=found.renew_by,
    )
