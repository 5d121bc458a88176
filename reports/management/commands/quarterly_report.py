"""Print a quarterly report, or write it to a file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import RuleBroken, UnusableInput
from core.models import Partnership
from core.periods import Quarter
from reports.documents import figures_as_json, report_pdf
from reports.figures import quarterly_figures
from reports.flat import figures_as_csv, figures_as_xlsx
from reports.models import QuarterlyReport
from reports.queries import figures_of

UNUSABLE = 2
FORMATS = {"json": figures_as_json, "csv": figures_as_csv, "xlsx": figures_as_xlsx}


class Command(BaseCommand):
    help = (
        "Print the report on a quarter, such as 2025-Q1: the first quarter of the programme year that starts in 2025. "
        "A published report is printed with the figures fixed then, any other with those of now. "
        "Ends with 2 when an argument cannot be used."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("partnership", help="the partnership's short name in addresses, such as aldermere")
        parser.add_argument("quarter", help="such as 2025-Q1")
        parser.add_argument("--format", choices=[*FORMATS, "pdf"], default="json")
        parser.add_argument("--output", help="the file to write; otherwise it is printed")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = self._content(options["partnership"], options["quarter"], options["format"])
        except RuleBroken as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        if options["output"]:
            Path(options["output"]).write_bytes(content)
        elif options["format"] in ("pdf", "xlsx"):
            sys.stdout.buffer.write(content)
        else:
            self.stdout.write(content.decode("utf-8-sig"), ending="")

    def _content(self, slug: str, text: str, wanted: str) -> bytes:
        partnership = Partnership.objects.filter(slug=slug).first()
        if partnership is None:
            raise UnusableInput(f"There is no partnership “{slug}”. Load its file with load_partnership first.")
        quarter = Quarter.parse(text, start_month=partnership.year_start_month)
        known = QuarterlyReport.objects.filter(partnership=partnership, year=quarter.year, quarter=quarter.number)
        report = known.select_related("partnership").first()
        if wanted == "pdf":
            return report_pdf(report or _unsaved(partnership, quarter))
        return FORMATS[wanted](figures_of(report) if report else quarterly_figures(partnership, quarter))


def _unsaved(partnership: Partnership, quarter: Quarter) -> QuarterlyReport:
    """A draft that nobody has begun yet, only to be printed."""
    return QuarterlyReport(
        partnership=partnership, year=quarter.year, quarter=quarter.number, figures_at=timezone.now()
    )
