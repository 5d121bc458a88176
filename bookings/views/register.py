"""Taking the register: by one tap each, all at once without scripts, adding who was not booked, finishing it."""

from __future__ import annotations

import datetime as dt
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from agencies.models import Person
from bookings.domain.attendance import add_new_walk_in, add_walk_in, finish_register, mark_attendance
from bookings.domain.marking import Marking
from bookings.forms import FinishForm, RegisterForm, WalkInForm, as_seen
from bookings.models import Booking, Mark
from bookings.permissions import may_take_register
from bookings.queries import people_named, register_rows
from core.access import View, needs
from core.errors import RuleBroken
from courses.models import CourseSession

from .register_page import marked, page_of, present, rows_of, saved_words, tally, unmarked
from .shared import posted, session_of

SHORTEST_SEARCH = 2
MOST_FOUND = 20


def for_its_trainer(view: View) -> View:
    """Only who delivers the session, or manages bookings, reaches its register; any other trainer gets 403."""

    @needs("bookings.take_register")
    @wraps(view)
    def guarded(request: HttpRequest, ref: str) -> HttpResponseBase:
        session = session_of(request, ref)
        if not may_take_register(request.user, session):
            raise PermissionDenied
        return view(request, session)

    return guarded


def _mark(request: HttpRequest, booking: Booking, marking: Marking, now: dt.datetime) -> None:
    mark_attendance(
        booking=booking,
        mark=marking.mark,
        by=request.user,  # type: ignore[arg-type]
        now=now,
        minutes_late=marking.minutes_late,
        let_in=marking.let_in,
        left_early=marking.left_early,
    )


@for_its_trainer
def register(request: HttpRequest, session: CourseSession) -> HttpResponse:
    """The register. Posted, it saves all marks at once."""
    bookings = register_rows(session)
    form = RegisterForm(posted(request), bookings=bookings)
    if request.method == "POST" and form.is_valid():
        try:
            for booking, marking in form.markings():
                _mark(request, booking, marking, timezone.now())
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The register is saved. {saved_words(register_rows(session))}")
            return redirect("bookings:register", session.ref)
    return render(request, "bookings/register.html", page_of(request, session, bookings, form))


@require_POST
def _mark_one(request: HttpRequest, session: CourseSession) -> JsonResponse:
    bookings = register_rows(session)
    booking = next((one for one in bookings if one.reference == request.POST.get("booking")), None)
    if booking is None:
        return JsonResponse({"message": "This person is not on the register any more."}, status=409)
    reference = booking.reference
    names = {"mark": "mark", "minutes": "minutes", "refused": "refused"}
    data = {f"{name}-{reference}": request.POST.get(sent, "") for name, sent in names.items()}
    form = RegisterForm(data, bookings=[booking])
    if not form.is_valid() or not form.markings():
        errors = [str(error) for found in form.errors.values() for error in found]
        return JsonResponse({"message": " ".join(errors) or "Choose Here, Late or Absent."}, status=409)
    marking = form.markings()[0][1]
    try:
        _mark(request, booking, marking, timezone.now())
    except RuleBroken as refusal:
        return JsonResponse({"message": str(refusal)}, status=409)
    rows = register_rows(session)
    counted = {"marked": len(marked(rows)), "total": len(rows), "saved": saved_words(rows)}
    return JsonResponse({**counted, "seen": as_seen(marking)})


@for_its_trainer
def register_mark(request: HttpRequest, session: CourseSession) -> HttpResponse:
    """One tap: ``booking`` (its reference), ``mark``, and for a late one ``minutes`` and ``refused``. Answers JSON."""
    return _mark_one(request, session)


@for_its_trainer
def register_rest(request: HttpRequest, session: CourseSession) -> HttpResponse:
    """Mark everyone else absent, after a look at who that is."""
    rest = unmarked(register_rows(session))
    form = Form(posted(request))
    if form.is_valid():
        try:
            for booking in rest:
                _mark(request, booking, Marking(Mark.ABSENT), timezone.now())
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("bookings:register_finish", session.ref)
    elif not rest:
        return redirect("bookings:register_finish", session.ref)
    names = [f"{booking.person.name}, {booking.agency.name}" for booking in rest]
    return render(request, "bookings/register_rest.html", {"form": form, "session": session, "names": names})


@for_its_trainer
def register_finish(request: HttpRequest, session: CourseSession) -> HttpResponse:
    """Finish the register: outcomes are set and nobody can tap any more."""
    bookings = register_rows(session)
    there = present(bookings)
    form = FinishForm(posted(request), present=there)
    if form.is_valid():
        left = form.cleaned_data.get("left_early", [])
        try:
            for booking in there:
                _leave(request, booking, booking.reference in left)
            finish_register(session=session, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The register is finished. Everyone who attended is asked for their evaluation.")
            return redirect("bookings:register", session.ref)
    context = {**page_of(request, session, bookings, form), "waiting_for": unmarked(bookings), "tally": tally(bookings)}
    return render(request, "bookings/register_finish.html", context)


def _leave(request: HttpRequest, booking: Booking, left_early: bool) -> None:
    kept = booking.attendance
    if kept.left_early != left_early:
        _mark(request, booking, Marking(kept.mark, kept.minutes_late, kept.let_in, left_early), timezone.now())


@for_its_trainer
def register_add(request: HttpRequest, session: CourseSession) -> HttpResponse:
    """Add someone who was not booked: found by name, or typed in."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    form = WalkInForm(partnership=session.partnership)
    if request.method == "POST":
        form = WalkInForm(request.POST, partnership=session.partnership)
        if "person" in request.POST or form.is_valid():
            try:
                booking = _add(request, session, form)
            except RuleBroken as refusal:
                form.add_error(None, str(refusal)) if form.is_valid() else messages.warning(request, str(refusal))
            else:
                messages.success(request, f"{booking.person.name} is on the register and marked as here.")
                return redirect("bookings:register", session.ref)
    found = people_named(session.partnership, words, limit=MOST_FOUND) if len(words) >= SHORTEST_SEARCH else []
    context = {"session": session, "form": form, "words": words, "found": rows_of(found), "searched": bool(words)}
    return render(request, "bookings/register_add.html", context)


def _add(request: HttpRequest, session: CourseSession, form: WalkInForm) -> Booking:
    acted = {"session": session, "by": request.user, "now": timezone.now()}
    if "person" not in request.POST:
        return add_new_walk_in(**form.cleaned_data, **acted)
    number = request.POST["person"]
    people = Person.objects.of(session.partnership)
    person = get_object_or_404(people, pk=int(number) if number.isascii() and number.isdecimal() else 0)
    return add_walk_in(person=person, **acted)


@for_its_trainer
def sign_in_sheet(request: HttpRequest, session: CourseSession) -> HttpResponse:
    """A sheet to print and sign, with empty lines for who was not booked."""
    context: dict[str, Any] = {"session": session, "bookings": register_rows(session), "empty_lines": range(6)}
    return render(request, "bookings/sign_in_sheet.html", context)
