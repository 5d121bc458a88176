"""Reading, writing and publishing quarterly reports."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.access import needs
from core.errors import RuleBroken
from core.paging import page_of
from core.periods import Quarter, london_day
from reports.documents import report_context
from reports.domain.key_messages import work_out_messages
from reports.domain.quarterly import draft_report, publish_report, write_report
from reports.forms import WordsForm
from reports.models import QuarterlyReport
from reports.queries import figures_of, find_report


def report_or_404(request: HttpRequest, year: str, quarter: int) -> QuarterlyReport:
    """The report asked for; 404 alike for a missing one, a foreign one and a draft that is not for this person."""
    report = find_report(request.user, request.partnership, year, quarter)
    if report is None:
        raise Http404
    return report


def draft_or_404(request: HttpRequest, year: str, quarter: int) -> QuarterlyReport:
    """A report that may still be written; a published one answers 404 here, as there is nothing to write."""
    report = report_or_404(request, year, quarter)
    if report.state != QuarterlyReport.State.DRAFT:
        raise Http404
    return report


def address_of(report: QuarterlyReport) -> tuple[str, str, int]:
    """What ``redirect`` needs to lead to a report."""
    return "reports:quarterly", report.period.year_label, report.quarter


@needs("reports.read")
def index(request: HttpRequest) -> HttpResponse:
    """The reports of the partnership, the latest first; drafts for those who write them."""
    reports = QuarterlyReport.objects.visible_to(request.user, request.partnership).select_related("partnership")
    running = Quarter.containing(london_day(timezone.now()), start_month=request.partnership.year_start_month)
    context = {
        "page": page_of(request, reports),
        "first_report_on": running.next.start,
        "may_draft": request.user.has_perm("reports.draft", request.partnership),
    }
    return render(request, "reports/report_list.html", context)


@needs("reports.read")
def quarterly(request: HttpRequest, year: str, quarter: int) -> HttpResponse:
    """One quarter's report on screen."""
    report = report_or_404(request, year, quarter)
    may_publish = request.user.has_perm("reports.publish", request.partnership)
    return render(request, "reports/quarterly_report.html", {**report_context(report), "may_publish": may_publish})


@needs("reports.draft")
@require_POST
def quarterly_draft(request: HttpRequest) -> HttpResponse:
    """Begin the report of the running quarter."""
    now = timezone.now()
    running = Quarter.containing(london_day(now), start_month=request.partnership.year_start_month)
    return redirect(
        *address_of(draft_report(partnership=request.partnership, quarter=running, by=request.user, now=now))
    )


@needs("reports.draft")
def quarterly_write(request: HttpRequest, year: str, quarter: int) -> HttpResponse:
    """Key messages, sufficiency and risks of a draft."""
    report = draft_or_404(request, year, quarter)
    worked_out = work_out_messages(figures_of(report))
    form = WordsForm(request.POST if request.method == "POST" else None, report=report, worked_out=worked_out)
    if form.is_valid():
        write_report(report=report, **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, "The words of the report are saved.")
        return redirect(*address_of(report))
    return render(request, "reports/quarterly_write.html", {"form": form, "report": report, "quarter": report.period})


@needs("reports.publish")
def quarterly_publish(request: HttpRequest, year: str, quarter: int) -> HttpResponse:
    """Ask once more, then fix the report and tell the sub-group. A published report is shown as it is."""
    report = report_or_404(request, year, quarter)
    if report.state == QuarterlyReport.State.PUBLISHED:
        return redirect(*address_of(report))
    if request.method == "POST":
        try:
            publish_report(report=report, by=request.user, now=timezone.now())
        except RuleBroken as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "The report is published. The sub-group has been told by email.")
        return redirect(*address_of(report))
    return render(request, "reports/quarterly_publish.html", {"report": report, "quarter": report.period})
