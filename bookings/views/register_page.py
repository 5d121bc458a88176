"""What the register's pages show: a row for each person, how many are marked, and what the trainer should know."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from agencies.models import Employment, Person
from bookings.domain.marking import marking_of
from bookings.forms import RegisterForm, as_seen
from bookings.models import Booking, Mark, Register
from core.periods import london_day
from core.templatetags.archway import clock, date_and_time
from courses.enums import SessionStatus
from courses.models import CourseSession
from trainers.models import Delivery

from .facts import where
from .my_bookings import needs_words
from .words import TONES

KINDS = {Mark.HERE: "here", Mark.LATE: "late", Mark.ABSENT: "absent"}


def marked(bookings: list[Booking]) -> list[Booking]:
    return [booking for booking in bookings if hasattr(booking, "attendance")]


def unmarked(bookings: list[Booking]) -> list[Booking]:
    return [booking for booking in bookings if not hasattr(booking, "attendance")]


def present(bookings: list[Booking]) -> list[Booking]:
    """Who was there: here, or late and let in."""
    there = [one for one in marked(bookings) if one.attendance.mark != Mark.ABSENT]
    return [one for one in there if one.attendance.let_in]


def tally(bookings: list[Booking]) -> list[dict[str, Any]]:
    """How many are here, late and absent."""
    marks = [booking.attendance.mark for booking in marked(bookings)]
    return [{"key": label, "value": marks.count(value)} for value, label in Mark.choices]


def saved_words(bookings: list[Booking]) -> str:
    """``Saved at 9:34am``, by the latest mark of any trainer."""
    moments = [booking.attendance.marked_at for booking in marked(bookings)]
    return f"Saved at {clock(max(moments))}" if moments else ""


def page_of(request: HttpRequest, session: CourseSession, bookings: list[Booking], form: Any) -> dict[str, Any]:
    """The context of the register's page."""
    is_open = session.status == SessionStatus.SCHEDULED
    return {
        "session": session,
        "form": form,
        "rows": [_row(booking, form) for booking in bookings],
        "marked": len(marked(bookings)),
        "total": len(bookings),
        "saved": saved_words(bookings),
        "is_open": is_open and london_day(timezone.now()) >= session.first_day,
        "too_early": is_open and london_day(timezone.now()) < session.first_day,
        "finished": "" if is_open else _finished(session),
        "facts": [*_trainers(request, session), where(session)],
    }


def _row(booking: Booking, form: Any) -> dict[str, Any]:
    """One person as ``components/register_row.html`` takes it: as marked, or as just typed when something was wrong."""
    reference = booking.reference
    kept = marking_of(booking.attendance) if hasattr(booking, "attendance") else None
    mark, minutes, refused, error = _shown(form, reference, kept)
    needs = getattr(booking, "needs", None)
    return {
        "reference": reference,
        "name": booking.person.name,
        "agency": booking.agency.name,
        "note": "; ".join(needs_words(needs)) if needs else "",
        "field": f"mark-{reference}",
        "choices": [
            {"value": value, "text": text, "kind": KINDS[Mark(value)], "chosen": value == mark}
            for value, text in Mark.choices
        ],
        "minutes": minutes,
        "refused": refused,
        "left_early": bool(kept and kept.left_early),
        "seen": as_seen(kept) if kept else "",
        "error": error,
        "outcome": booking.get_status_display(),
        "tone": TONES[booking.status],
    }


def _shown(form: Any, reference: str, kept: Any) -> tuple[str, Any, bool, str]:
    if isinstance(form, RegisterForm) and form.is_bound:
        mark, minutes = form.data.get(f"mark-{reference}", ""), form.data.get(f"minutes-{reference}", "")
        errors: Any = form.errors.get(f"minutes-{reference}", []) or form.errors.get(f"mark-{reference}", [])
        return mark, minutes, bool(form.data.get(f"refused-{reference}")), " ".join(map(str, errors))
    if kept is None:
        return "", "", False, ""
    return kept.mark, "" if kept.minutes_late is None else kept.minutes_late, not kept.let_in, ""


def _finished(session: CourseSession) -> str:
    """By whom and when the register was finished."""
    if session.status == SessionStatus.CANCELLED:
        return "This session was cancelled, so it has no register"
    register = Register.objects.filter(session=session).first()
    if register is None:
        return "The register of this session was brought in from a file"
    by = Person.objects.filter(partnership=session.partnership, user=register.finished_by_id or None).first()
    who = f" by {by.name}" if by and register.finished_by_id else ""
    return f"This register was finished{who} on {date_and_time(register.finished_at)}"


def _trainers(request: HttpRequest, session: CourseSession) -> list[dict[str, Any]]:
    """The other trainers of the session, with their agencies and parts in it."""
    deliveries = list(Delivery.objects.filter(session=session).select_related("trainer__person"))
    others = [one for one in deliveries if one.trainer.person.user_id != request.user.pk]
    jobs = Employment.objects.current(on=session.first_day).filter(person__in=[one.trainer.person_id for one in others])
    agencies = {job.person_id: job.agency.name for job in jobs.select_related("agency")}
    return [
        {
            "icon": "people",
            "label": one.get_role_display(),
            "heading": one.trainer.person.name,
            "text": ", ".join(filter(None, [agencies.get(one.trainer.person_id, ""), one.get_role_display().lower()])),
        }
        for one in others
    ]


def rows_of(people: list[Person]) -> list[dict[str, Any]]:
    """People found by name, each with the agency of the job that began last."""
    rows = []
    for person in people:
        jobs = sorted(person.employments.all(), key=lambda job: (job.end_date is None, job.pk))
        rows.append({"person": person, "agency": jobs[-1].agency.name if jobs else "No agency known"})
    return rows
