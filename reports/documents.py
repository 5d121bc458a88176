"""The report as one set of values, from which the page and the printed document are both made."""

from __future__ import annotations

import json
import re
from typing import Any

from core.exports import CSV_NOTICE
from core.pdf import render_pdf

from .domain.key_messages import work_out_messages
from .facts import charge_facts, cost_facts, learning_facts, place_facts
from .flat import figures_as_csv, figures_as_xlsx
from .models import QuarterlyReport
from .queries import figures_of
from .tables import absence_chart, agency_table, confidence_chart, course_table, priority_table, sector_bars
from .tiles import headline_tiles
from .words import last_quarter

FIRST_SENTENCE = re.compile(r"(?<=[.!?])\s+")
RISK_TONES = {"high": "bad", "medium": "warn", "low": "info"}


def split_message(message: str) -> dict[str, str]:
    """A key message as its first sentence, which stands in bold, and the rest."""
    first, *rest = FIRST_SENTENCE.split(message, maxsplit=1)
    return {"heading": first, "text": rest[0] if rest else ""}


def split_risk(line: str) -> dict[str, str]:
    """``High: not enough trainers`` as level, tone and words; a line without a level is words alone."""
    level, colon, words = line.partition(":")
    tone = RISK_TONES.get(level.strip().lower(), "")
    return {"level": level.strip(), "tone": tone, "text": words.strip()} if colon and tone else {"text": line.strip()}


def messages_of(report: QuarterlyReport, figures: dict[str, Any]) -> list[str]:
    """What was written, or the sentences worked out from the figures until somebody writes."""
    written: list[str] = report.key_messages
    return written or work_out_messages(figures)


def report_context(report: QuarterlyReport) -> dict[str, Any]:
    """Everything a reader of the report sees, in the words they see it in."""
    figures, quarter = figures_of(report), report.period
    courses = course_table(figures)
    compare = last_quarter(figures) is not None
    return {
        "report": report,
        "quarter": quarter,
        "csv_notice": CSV_NOTICE,
        "is_draft": report.state == QuarterlyReport.State.DRAFT,
        "figures": figures,
        "messages_shown": [split_message(message) for message in messages_of(report, figures)],
        "tiles": headline_tiles(figures),
        "courses": courses,
        "course_rows": list(zip([course["code"] for course in figures["courses"]], courses["rows"], strict=True)),
        "agencies": agency_table(figures),
        "sectors": sector_bars(figures, compare=compare),
        "previous_title": quarter.previous.title if compare else "",
        "absence": absence_chart(figures),
        "charges": charge_facts(figures),
        "confidence": confidence_chart(figures),
        "learning": learning_facts(figures),
        "costs": cost_facts(figures),
        "places": place_facts(figures),
        "priorities": priority_table(figures),
        "risks": [split_risk(line) for line in report.risks.splitlines() if line.strip()],
    }


def report_pdf(report: QuarterlyReport) -> bytes:
    """The report as a tagged A4 document (R141). Raises ``PdfUnavailable`` where the machine cannot make PDFs."""
    title = f"Quarterly training report, {report.period.title}"
    context = {**report_context(report), "partnership": report.partnership, "title": title}
    return render_pdf(
        template="reports/quarterly_pdf.html", context=context, title=title, stylesheet="print/report.css"
    )


def figures_as_json(figures: dict[str, Any]) -> bytes:
    """The machine-readable report as it is printed and downloaded."""
    return json.dumps(figures, indent=1, ensure_ascii=False).encode() + b"\n"


def report_json(report: QuarterlyReport) -> bytes:
    return figures_as_json(figures_of(report))


def report_csv(report: QuarterlyReport) -> bytes:
    return figures_as_csv(figures_of(report))


def report_xlsx(report: QuarterlyReport) -> bytes:
    return figures_as_xlsx(figures_of(report))
