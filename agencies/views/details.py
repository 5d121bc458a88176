"""My details: the person's own name and work."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from agencies.domain.joining import join_partnership
from agencies.forms import MyDetailsForm
from agencies.queries import current_employment, suggested_agency
from core.access import signed_in
from core.errors import RuleBroken
from core.redirects import safe_next


@signed_in
def my_details(request: HttpRequest) -> HttpResponse:
    """See and correct one's details; a new account becomes known to the partnership here."""
    if request.partnership is None:
        raise Http404
    job = current_employment(request.person, on=timezone.localdate()) if request.person else None
    form = MyDetailsForm(
        request.POST or None,
        partnership=request.partnership,
        agency_fixed=job is not None,
        initial=_initial(request, job),
    )
    if request.method == "POST" and form.is_valid():
        try:
            join_partnership(
                user=request.user,
                partnership=request.partnership,
                now=timezone.now(),
                **{"agency": None, **form.cleaned_data, "groups": list(form.cleaned_data["groups"])},
            )
        except RuleBroken as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Your details are saved.")
            return redirect(safe_next(request) or "agencies:my_details")
    return render(request, "agencies/my_details.html", {"form": form, "job": job, "next": safe_next(request)})


def _initial(request: HttpRequest, job: Any) -> dict[str, Any]:
    person = request.person
    if not person:
        return {"agency": suggested_agency(request.user.email, partnership=request.partnership)}
    initial = {"first_name": person.first_name, "last_name": person.last_name}
    if job:
        initial |= {"job_title": job.job_title, "groups": list(job.groups.values_list("pk", flat=True))}
    return initial
