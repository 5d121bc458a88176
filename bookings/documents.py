"""The certificate as a PDF: drawn once, then kept (R65; the look is design/certificate)."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import segno
from django.core.files.base import ContentFile
from django.db.models import Q
from django.urls import reverse

from bookings.models import Certificate
from core.errors import RuleBroken
from core.models import Strand
from core.pdf import render_pdf
from core.periods import london_day
from core.templatetags.archway import plural_count
from courses.models import Course, CourseSession

MOST_OUTCOMES = 6
INK = "#07383f"
_one_drawing = threading.Lock()
SUBJECTS = {
    Strand.CHILDREN: ("safeguarding children", "keep children safe"),
    Strand.ADULTS: ("safeguarding adults", "keep adults safe"),
    Strand.JOINT: ("safeguarding children and adults", "keep people safe"),
}


class CertificateWithdrawn(RuleBroken):
    default_message = "This certificate was withdrawn, so it cannot be downloaded."


def certificate_pdf(certificate: Certificate) -> bytes:
    """The PDF of a certificate. It is drawn when first asked for and kept; whoever asks at the same moment waits for
    it.

    Nothing is locked in the database while it is drawn. Should two processes draw the same one at once, the first
    kept stays. Raises ``CertificateWithdrawn``; ``core.pdf.PdfUnavailable`` where the machine lacks what draws PDFs.
    """
    if certificate.withdrawn_at is not None:
        raise CertificateWithdrawn
    if not certificate.pdf:
        with _one_drawing:
            _draw_unless_kept(certificate)
    return _read(certificate)


def _draw_unless_kept(certificate: Certificate) -> None:
    certificate.refresh_from_db(fields=["pdf"])
    if certificate.pdf:
        return
    storage = certificate.pdf.storage
    wanted = certificate.pdf.field.generate_filename(certificate, f"{certificate.number}.pdf")
    name = storage.save(wanted, ContentFile(draw_certificate(certificate)))
    empty = Q(pdf="") | Q(pdf__isnull=True)
    if not Certificate.objects.filter(empty, pk=certificate.pk).update(pdf=name):
        storage.delete(name)
    certificate.refresh_from_db(fields=["pdf"])


def _read(certificate: Certificate) -> bytes:
    with certificate.pdf.open("rb") as kept:
        content: bytes = kept.read()
    return content


def draw_certificate(certificate: Certificate) -> bytes:
    """A certificate drawn anew: one tagged A4 page on its side."""
    return render_pdf(
        template="bookings/certificate_pdf.html",
        context=certificate_context(certificate),
        title=f"Certificate of attendance: {certificate.course_title}",
        stylesheet="print/certificate.css",
    )


def certificate_context(certificate: Certificate) -> dict[str, Any]:
    """What stands on a certificate. Names and titles are those of its release."""
    session, partnership = certificate.booking.session, certificate.partnership
    course = session.course
    host = partnership.host_names.values_list("host", flat=True).first() or ""
    address = partnership.link_to(reverse("bookings:certificate_result", args=[certificate.number]), host=host)
    subject, purpose = SUBJECTS[Strand(course.strand)]
    return {
        "certificate": certificate,
        "partnership": partnership,
        "purpose": purpose,
        "about": f"Multi-agency {subject} training{groups_in_words(course)}",
        "days": days_in_words(session),
        "hours": hours_in_words(course),
        "how": session.get_mode_display(),
        "outcomes": course.learning_outcomes[:MOST_OUTCOMES],
        "check_page": partnership.link_to(reverse("bookings:certificate_check"), host=host)
        .partition("://")[2]
        .rstrip("/"),
        "code": segno.make(address, error="m").svg_inline(
            dark=INK, border=0, omitsize=True, title="Code that opens the page to check this certificate"
        ),
    }


def groups_in_words(course: Course) -> str:
    """For whom: ``, group 3``, ``, groups 3 and 4``; empty for a course without groups."""
    groups = list(course.groups.select_related("framework").order_by("framework_id", "order", "code"))
    if not groups:
        return ""
    word, codes = groups[0].framework.tier_word.lower(), [group.code for group in groups]
    if len(codes) == 1:
        return f", {word} {codes[0]}"
    return f", {word}s {', '.join(codes[:-1])} and {codes[-1]}"


def days_in_words(session: CourseSession) -> str:
    """``12 March 2026``; ``12 and 13 March 2026``; ``31 March and 1 April 2026``."""
    starts = list(session.parts.values_list("starts_at", flat=True)) or [session.starts_at]
    days = sorted({london_day(start) for start in starts})
    words = [_day(day, after) for day, after in zip(days, [*days[1:], None], strict=True)]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _day(day: dt.date, after: dt.date | None) -> str:
    """A day without the month or year that the next one repeats."""
    if after is None or after.year != day.year:
        return f"{day.day} {day:%B %Y}"
    return str(day.day) if after.month == day.month else f"{day.day} {day:%B}"


def hours_in_words(course: Course) -> str:
    """``6 hours``, ``1 hour``, ``1.5 hours``."""
    if course.hours == course.hours.to_integral_value():
        return plural_count(int(course.hours), "hour")
    return f"{course.hours.normalize()} hours"
