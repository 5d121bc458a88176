"""Finding reports, and the figures that belong to one."""

from __future__ import annotations

from typing import Any

from core.models import Partnership
from core.periods import Quarter

from .figures import quarterly_figures
from .models import QuarterlyReport


def find_report(user: Any, partnership: Partnership, year_label: str, number: int) -> QuarterlyReport | None:
    """The report of ``2025-26`` and quarter ``number`` that ``user`` may see, written just so; else None (R141)."""
    if not year_label[:4].isdecimal() or not 1 <= number <= 4:
        return None
    quarter = Quarter(int(year_label[:4]), number, partnership.year_start_month)
    if quarter.year_label != year_label:
        return None
    visible = QuarterlyReport.objects.visible_to(user, partnership).select_related("partnership")
    return visible.filter(year=quarter.year, quarter=number).first()


def figures_of(report: QuarterlyReport) -> dict[str, Any]:
    """The figures to show: those of the moment of publication, or for a draft those of now (R141)."""
    if report.state == QuarterlyReport.State.PUBLISHED:
        frozen: dict[str, Any] = report.figures
        return frozen
    return quarterly_figures(report.partnership, report.period)


def draft_of(partnership: Partnership, quarter: Quarter) -> QuarterlyReport | None:
    """The draft of a quarter's report, if somebody has begun it."""
    drafts = QuarterlyReport.objects.filter(partnership=partnership, state=QuarterlyReport.State.DRAFT)
    return drafts.select_related("partnership").filter(year=quarter.year, quarter=quarter.number).first()
