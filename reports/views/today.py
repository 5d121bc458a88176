"""The administrator's first page, the list of dates it leads to, and where each role begins."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from core.access import needs, signed_in
from core.paging import page_of
from core.periods import Quarter, london_day
from reports.queries import draft_of
from reports.today.attention import attention_items
from reports.today.dates import AHEAD, NEEDS, WORDS, date_rows, upcoming
from reports.today.glance import engine_state, jobs_shown, quarter_so_far

# Who begins where, by permission; the first that fits.
BEGINNINGS = (
    ("manage.today", "reports:today"),
    ("trainers.deliver", "bookings:deliver"),
    ("reports.read", "reports:index"),
    ("bookings.see_own", "bookings:my_training"),
)


@needs("manage.today")
def today(request: HttpRequest) -> HttpResponse:
    """What needs the administrator now, the next 2 weeks, the quarter so far and the work behind."""
    partnership, now = request.partnership, timezone.now()
    quarter = Quarter.containing(london_day(now), start_month=partnership.year_start_month)
    ahead = list(upcoming(partnership, now=now).filter(starts_at__lte=now + AHEAD))
    context = {
        "now": now,
        "items": attention_items(partnership, now=now),
        "rows": date_rows(ahead),
        "next_session": None if ahead else upcoming(partnership, now=now).first(),
        "so_far": quarter_so_far(partnership, quarter),
        "draft": draft_of(partnership, quarter),
        "jobs": jobs_shown(partnership, now=now),
        "engine": engine_state(now=now),
    }
    return render(request, "reports/today.html", context)


@needs("manage.today")
def dates(request: HttpRequest) -> HttpResponse:
    """Dates to come, or those that need something; unknown filters are ignored."""
    now, need = timezone.now(), request.GET.get("need", "")
    chosen = NEEDS.get(need, upcoming)
    page = page_of(request, chosen(request.partnership, now=now))
    filters = [{"label": "To come", "url": "?", "current": need not in NEEDS}]
    filters += [{"label": words, "url": f"?need={name}", "current": name == need} for name, words in WORDS.items()]
    title = WORDS.get(need, "Are the dates ready?")
    context = {"page": page, "rows": date_rows(page), "filters": filters, "title": title}
    return render(request, "reports/dates.html", context)


@signed_in
def landing(request: HttpRequest) -> HttpResponse:
    """Where a person begins after signing in, by what they do here."""
    for permission, page in BEGINNINGS:
        if request.partnership is not None and request.user.has_perm(permission, request.partnership):
            return redirect(page)
    return redirect("core:home")
