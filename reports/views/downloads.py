"""A report as a file: the document, and its figures for spreadsheets and other programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.access import needs
from reports.documents import report_csv, report_json, report_pdf, report_xlsx

from .quarterly import report_or_404

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _file(content: bytes, kind: str, year: str, quarter: int, ending: str) -> HttpResponse:
    name = f"quarterly-report-{year}-q{quarter}.{ending}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@needs("reports.read")
def quarterly_pdf(request: HttpRequest, year: str, quarter: int) -> HttpResponse:
    """The report on paper."""
    report = report_or_404(request, year, quarter)
    return _file(report_pdf(report), "application/pdf", year, quarter, "pdf")


@needs("reports.read")
def quarterly_csv(request: HttpRequest, year: str, quarter: int) -> HttpResponse:
    """Every figure as one flat table."""
    report = report_or_404(request, year, quarter)
    return _file(report_csv(report), "text/csv; charset=utf-8", year, quarter, "csv")


@needs("reports.read")
def quarterly_xlsx(request: HttpRequest, year: str, quarter: int) -> HttpResponse:
    """The same table as a spreadsheet."""
    report = report_or_404(request, year, quarter)
    return _file(report_xlsx(report), XLSX, year, quarter, "xlsx")


@needs("reports.read")
def quarterly_json(request: HttpRequest, year: str, quarter: int) -> HttpResponse:
    """The same figures for other programs, in the published format."""
    report = report_or_404(request, year, quarter)
    return _file(report_json(report), "application/json", year, quarter, "json")
