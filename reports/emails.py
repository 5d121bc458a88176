"""The mail that tells the sub-group of a published report (ux 4.1: 26)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from core.mail import MailKind, register_mail

from .models import QuarterlyReport

MESSAGES_IN_MAIL = 3

REPORT_PUBLISHED = register_mail(
    MailKind(
        "report_published",
        "Tells the sub-group that a quarterly report is published",
        "reports/mail/report_published",
    )
)


def facts_of(report: QuarterlyReport) -> dict[str, Any]:
    """What the mail says: the quarter, its key messages and where the report stands."""
    quarter = report.period
    return {
        "quarter": quarter.title,
        "messages": report.key_messages[:MESSAGES_IN_MAIL],
        "path": reverse("reports:quarterly", args=[quarter.year_label, quarter.number]),
    }
