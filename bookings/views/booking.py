"""Booking a place: what you need, check your answers, confirmation. At most three short pages (ux 4)."""

from __future__ import annotations

import uuid
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from agencies.models import Person
from bookings.domain.eligibility import checks_before_booking, find_employment, may_book
from bookings.domain.placing import place_booking
from bookings.enums import LIVE, AccessNeed, BookingStatus
from bookings.forms import ConfirmForm, NeedsForm, needs_to_keep
from bookings.models import Booking
from bookings.queries import places_left, terms_of_booking
from core.access import View, signed_in
from core.errors import RuleBroken
from core.periods import london_day
from core.templatetags.archway import plural_count
from courses.models import CourseSession

from .facts import charge_sentence, where
from .sessions import as_item, other_dates
from .shared import posted, session_of, times_of


def booking_step(step: View) -> View:
    """Loads the date; whoever is not known yet goes to their details, and whoever is booked already to that booking."""

    @signed_in
    @wraps(step)
    def guarded(request: HttpRequest, ref: str) -> HttpResponseBase:
        session = session_of(request, ref)
        person = request.person  # type: ignore[attr-defined]
        if not person:
            back = urlencode({"next": reverse("bookings:book", args=[ref])})
            return redirect(f"{reverse('agencies:my_details')}?{back}")
        mine = None if _is_under_way(request, session) else _booking_of(person, session)
        if mine is not None:
            sent_twice = request.method == "POST"
            return redirect("bookings:book_done" if sent_twice else "bookings:booking", mine.reference)
        return step(request, session)

    return guarded


def _is_under_way(request: HttpRequest, session: CourseSession) -> bool:
    """Whether a form of this booking was just sent: then the rule itself finds a booking that exists."""
    return request.method == "POST" and _answers(request, session) is not None


def _booking_of(person: Person, session: CourseSession) -> Booking | None:
    return Booking.objects.filter(session=session, person=person, status__in=LIVE).first()


def _answers(request: HttpRequest, session: CourseSession) -> dict[str, Any] | None:
    """What was answered before, kept between the steps; None before the first."""
    kept: dict[str, Any] | None = request.session.get(_key(session))
    return kept


def _key(session: CourseSession) -> str:
    return f"booking-{session.pk}"


@booking_step
def book(request: HttpRequest, session: CourseSession) -> HttpResponse:
    """Where booking begins: the checks once more, then the first question."""
    checks = checks_before_booking(session=session, person=request.person, now=timezone.now())  # type: ignore[attr-defined]
    if may_book(checks):
        return redirect("bookings:book_needs", session.ref)
    refused = [as_item(check) for check in checks if check.state == "refused"]
    context = {"session": session, "checks": refused, "other_dates": other_dates(session, timezone.now())}
    return render(request, "bookings/book_refused.html", context)


@booking_step
def book_needs(request: HttpRequest, session: CourseSession) -> HttpResponse:
    """Step 1: what someone needs on the day."""
    form = NeedsForm(posted(request), session=session, initial=_answers(request, session))
    if request.method == "POST" and form.is_valid():
        request.session[_key(session)] = form.cleaned_data
        return redirect("bookings:book_check", session.ref)
    return render(request, "bookings/book_needs.html", {"form": form, **_aside(session)})


def _aside(session: CourseSession) -> dict[str, Any]:
    """The panel beside the questions."""
    left = places_left(session)
    text = "Your place is not booked until you confirm" if left else "You can join the waiting list"
    places = {"icon": "people", "label": "Places", "heading": plural_count(left, "place") + " left", "text": text}
    if not left:
        places["heading"] = "Full"
    return {"session": session, "times": times_of(session), "facts": [where(session), places], "places": left}


@booking_step
def book_check(request: HttpRequest, session: CourseSession) -> HttpResponse:
    """Step 2: check the answers, read what a missed place costs, confirm."""
    answers = _answers(request, session)
    if answers is None:
        return redirect("bookings:book_needs", session.ref)
    if request.method == "POST":
        form = ConfirmForm(request.POST, session=session)
        if form.is_valid():
            return _confirm(request, session, form, answers)
        return _show_check(request, session, form, answers)
    places = places_left(session)
    form = ConfirmForm(session=session, initial={"submission_id": uuid.uuid4(), "place_seen": places > 0})
    return _show_check(request, session, form, answers)


def _confirm(request: HttpRequest, session: CourseSession, form: ConfirmForm, answers: dict[str, Any]) -> HttpResponse:
    try:
        booking = place_booking(
            session=session,
            person=request.person,  # type: ignore[attr-defined]
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
            submission_id=form.cleaned_data["submission_id"],
            needs=needs_to_keep(answers),
        )
    except RuleBroken as refusal:
        form.add_error(None, str(refusal))
        return _show_check(request, session, form, answers)
    request.session.pop(_key(session), None)
    if booking.status == BookingStatus.WAITING and form.cleaned_data["place_seen"]:
        return redirect(f"{reverse('bookings:book_done', args=[booking.reference])}?last-place=gone")
    return redirect("bookings:book_done", booking.reference)


def _show_check(
    request: HttpRequest, session: CourseSession, form: ConfirmForm, answers: dict[str, Any]
) -> HttpResponse:
    now = timezone.now()
    job = find_employment(person=request.person, on=london_day(now))  # type: ignore[attr-defined]
    terms = terms_of_booking(session=session, agency=job.agency if job else None, now=now)
    aside = _aside(session)
    context = {
        "form": form,
        "rows": _answer_rows(request, session, job, answers),
        "sentence": charge_sentence(terms, now=now),
        "fee": terms.place_fee,
        "submit": "Confirm booking" if aside["places"] else "Join the waiting list",
        **aside,
    }
    return render(request, "bookings/book_check.html", context)


def _answer_rows(
    request: HttpRequest, session: CourseSession, job: Any, answers: dict[str, Any]
) -> list[dict[str, str]]:
    details, needs = reverse("agencies:my_details"), reverse("bookings:book_needs", args=[session.ref])
    chosen = [str(AccessNeed(one).label) for one in needs_to_keep(answers)["access"]]
    access = ", ".join(filter(None, [*chosen, answers.get("other", "")])) or "None of these"
    back = urlencode({"next": reverse("bookings:book_check", args=[session.ref])})
    rows = [
        {"key": "Course", "value": session.course.title},
        {"key": "When", "value": times_of(session)},
        {"key": "Where", "value": session.where},
        {"key": "Your name", "value": request.person.name, "url": f"{details}?{back}"},  # type: ignore[attr-defined]
        {"key": "Agency", "value": job.agency.name if job else "Not known"},
        {"key": "What you need", "value": access, "url": needs},
    ]
    if "diet" in answers:
        rows.append({"key": "Food", "value": answers["diet"] or "No dietary needs", "url": needs})
    return rows
