"""A report as a file: the document, and its figures for spreadsheets and other programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.access import needs
from core.exports import CSV_TYPE, XLSX_TYPE, download
from reports.documents import report_csv, report_json, report_pdf, report_xlsx

from .quarterly import report_or_404


def _file(content: bytes, kind: str, year: str, quarter: int, ending: str) -> HttpResponse:
    return download(content, name=f"quarterly-report-{year}-q{quarter}.{ending}", content_type=kind)


@needs("reports.read")
def quarterly_pdf(request: HttpRequest, year: str, quarter: int) -> HttpResponse:
    """The report on paper."""
    report = report_or_404(request, year, quarter)
    return _file(report_pdf(report), "application/pdf", year, quarter, "pdf")


@needs("reports.read")
def quarterly_csv(request: HttpRequest, year: str, quarter: int) -> HttpResponse:
    """Every figure as one flat table."""
    report = report_or_404(request, year, quarter)
    return _file(report_csv(report), CSV_TYPE, year, quarter, "csv")


@needs("reports.read")
def quarterly_xlsx(request: HttpRequest, year: str, quarter: int) -> HttpResponse:
    """The same table as a spreadsheet."""
    report = report_or_404(request, year, quarter)
    return _file(report_xlsx(report), XLSX_TYPE, year, quarter, "xlsx")


@needs("reports.read")
def quarterly_json(request: HttpRequest, year: str, quarter: int) -> HttpResponse:
    """The same figures for other programs, in the published format."""
    report = report_or_404(request, year, quarter)
    return _file(report_json(report), "application/json", year, quarter, "json")
