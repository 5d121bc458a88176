"""The impact survey: from My training, or by the link of the mail without signing in (R69)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.models import User
from core.access import by_one_time_link, signed_in
from core.errors import RuleBroken
from evaluations.domain.errors import SurveyClosed
from evaluations.domain.impact import answer_impact_survey, refuse_unless_open
from evaluations.domain.questionnaires import IMPACT_SURVEY
from evaluations.forms import ImpactSurveyForm
from evaluations.models import ImpactFollowUp
from evaluations.queries import actions_of, answer_of, my_follow_up, readable_answer, reference_of_survey, with_course

from .links import closed_link, has_expired, link_in_hand, swap_token, unknown_link


@signed_in
def my_survey(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer a survey about a course of one's own."""
    follow_up = my_follow_up(request.user, request.partnership, reference=reference)  # type: ignore[attr-defined]
    if follow_up is None:
        raise Http404
    return _answer(request, follow_up, by=request.user)  # type: ignore[arg-type]


@by_one_time_link
def survey(request: HttpRequest, token: str) -> HttpResponseBase:
    """The link of the mail. Opening it changes nothing."""
    return swap_token(request, token, purpose=IMPACT_SURVEY.purpose, to="evaluations:survey_answer")


@by_one_time_link
def survey_answer(request: HttpRequest) -> HttpResponse:
    """Answer the survey whose link this browser opened; which of several, says the form."""
    link = link_in_hand(request, purpose=IMPACT_SURVEY.purpose, reference_of=reference_of_survey)
    if link is None:
        return unknown_link(request)
    if has_expired(link):
        return closed_link(request, text=SurveyClosed.default_message)
    return _answer(request, with_course(ImpactFollowUp.objects.all()).get(pk=link.object_id), by=None)


def _answer(request: HttpRequest, follow_up: ImpactFollowUp, *, by: User | None) -> HttpResponse:
    """The form, or what was answered before, or why it is not open."""
    booking, answer = follow_up.booking, answer_of(follow_up)
    if answer is not None:
        return render(request, "evaluations/survey_sent.html", {"booking": booking, **readable_answer(answer)})
    form = ImpactSurveyForm(request.POST or None, actions=actions_of(booking))
    now = timezone.now()
    try:
        refuse_unless_open(follow_up=follow_up, now=now)
        if request.method == "POST" and form.is_valid():
            answer_impact_survey(follow_up=follow_up, answers=form.answers(), outcomes=form.outcomes(), by=by, now=now)
            return redirect(request.path)
    except SurveyClosed as error:
        return closed_link(request, text=str(error))
    except RuleBroken as error:
        return render(request, "evaluations/not_open.html", {"booking": booking, "reason": str(error)}, status=410)
    return render(request, "evaluations/survey.html", {"booking": booking, "follow_up": follow_up, "form": form})
