"""People and agencies as the administrator sees them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from agencies.models import Agency, Employment, Person
from agencies.queries import people_without_agency
from core.access import needs

ROWS = 50


@needs("people.manage")
def people(request: HttpRequest) -> HttpResponse:
    """Everyone known to the partnership, by name or address; ``agency=none`` shows accounts to match."""
    shown = Person.objects.visible_to(request.user, request.partnership)
    if request.GET.get("agency") == "none":
        shown = people_without_agency(request.partnership, on=timezone.localdate())
    search = request.GET.get("q", "").replace("\0", "").strip()[:100]
    for word in search.split():
        shown = shown.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word))
    page = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    jobs: dict[int, list[Employment]] = {}
    running = Employment.objects.current(on=timezone.localdate()).filter(person__in=[p.pk for p in page])
    for job in running.select_related("agency"):
        jobs.setdefault(job.person_id, []).append(job)
    rows = [(person, jobs.get(person.pk, [])) for person in page]
    context = {"page": page, "rows": rows, "search": search, "unmatched": request.GET.get("agency") == "none"}
    return render(request, "agencies/people.html", context)


@needs("people.manage")
def agencies(request: HttpRequest) -> HttpResponse:
    """Every agency with its terms and how many people it has."""
    today = timezone.localdate()
    running = Q(employments__end_date__isnull=True) | Q(employments__end_date__gte=today)
    shown = Agency.objects.visible_to(request.user, request.partnership).annotate(
        staff=Count("employments", filter=running)
    )
    rows = [(agency, _tier(agency)) for agency in shown.prefetch_related("memberships")]
    return render(request, "agencies/agencies.html", {"rows": rows})


def _tier(agency: Agency) -> str:
    """The tier in force today, from the prefetched terms."""
    begun = [terms for terms in agency.memberships.all() if terms.effective_from <= timezone.localdate()]
    return begun[-1].get_charge_tier_display() if begun else "Not set"
