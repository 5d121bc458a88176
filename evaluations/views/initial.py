"""Evaluating a course: from My training, or by the link of the mail without signing in (R64, R68)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.models import User
from bookings.models import Booking
from core.access import by_one_time_link, signed_in
from core.errors import RuleBroken
from evaluations.domain.initial import refuse_unless_evaluable, send_initial_evaluation, unlocks_certificate
from evaluations.domain.questionnaires import EVALUATION
from evaluations.forms import InitialEvaluationForm
from evaluations.queries import (
    evaluation_of,
    has_certificate,
    my_booking,
    readable_evaluation,
    reference_of_booking,
    with_session,
)

from .links import closed_link, has_expired, link_in_hand, swap_token, unknown_link

EXPIRED = "This link has expired. Sign in and choose the course under My training to evaluate it."


@signed_in
def initial(request: HttpRequest, reference: str) -> HttpResponse:
    """Evaluate a course of one's own."""
    booking = my_booking(request.user, request.partnership, reference=reference)  # type: ignore[attr-defined]
    if booking is None:
        raise Http404
    return _evaluate(request, booking, by=request.user)  # type: ignore[arg-type]


@by_one_time_link
def evaluate(request: HttpRequest, token: str) -> HttpResponseBase:
    """The link of the mail. Opening it changes nothing."""
    return swap_token(request, token, purpose=EVALUATION.purpose, to="evaluations:evaluate_answer")


@by_one_time_link
def evaluate_answer(request: HttpRequest) -> HttpResponse:
    """Evaluate the course whose link this browser opened; which of several, says the form."""
    link = link_in_hand(request, purpose=EVALUATION.purpose, reference_of=reference_of_booking)
    if link is None:
        return unknown_link(request)
    if has_expired(link):
        return closed_link(request, text=EXPIRED)
    return _evaluate(request, with_session(Booking.objects.all()).get(pk=link.object_id), by=None)


def _evaluate(request: HttpRequest, booking: Booking, *, by: User | None) -> HttpResponse:
    """The form, or what was sent before, or why it is too early."""
    sent = evaluation_of(booking)
    if sent is not None:
        context = {"booking": booking, "certificate": has_certificate(booking), **readable_evaluation(sent)}
        return render(request, "evaluations/initial_sent.html", context)
    form = InitialEvaluationForm(request.POST or None)
    now = timezone.now()
    try:
        refuse_unless_evaluable(booking=booking, now=now)
        if request.method == "POST" and form.is_valid():
            send_initial_evaluation(booking=booking, answers=form.answers(), actions=form.actions(), by=by, now=now)
            return redirect(request.path)
    except RuleBroken as error:
        context = {"booking": booking, "reason": str(error)}
        return render(request, "evaluations/not_open.html", context, status=409 if request.method == "POST" else 200)
    context = {"booking": booking, "form": form, "unlocks": unlocks_certificate(booking)}
    return render(request, "evaluations/initial.html", context)
