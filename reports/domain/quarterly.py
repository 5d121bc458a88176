"""The quarterly report's life: drafted when the quarter is over, written by people, published once and then fixed.

Figures of a draft follow the records; publishing freezes them, and nothing that is corrected afterwards changes a
published report (R141, R142).
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.permissions import Role
from agencies.models import Person, RoleAppointment
from core import audit
from core.errors import RuleBroken
from core.models import Partnership
from core.outbox import new_message, queue_many
from core.periods import Quarter, london_day
from core.templatetags.archway import long_date
from courses.models import CourseSession
from reports import emails
from reports.figures import quarterly_figures
from reports.models import QuarterlyReport

from .key_messages import work_out_messages

SUB_GROUP = (Role.SUBGROUP_MEMBER, Role.SUBGROUP_CHAIR)


class ReportIsPublished(RuleBroken):
    default_message = "This report is published. Its figures and words are fixed."


class QuarterNotOver(RuleBroken):
    default_message = "The quarter is not over yet, so its report cannot be published."


def draft_report(*, partnership: Partnership, quarter: Quarter, by: User | None, now: dt.datetime) -> QuarterlyReport:
    """The report on ``quarter``: the one there is, or a new draft whose figures follow the records (R142)."""
    with transaction.atomic():
        report, made = QuarterlyReport.objects.get_or_create(
            partnership=partnership,
            year=quarter.year,
            quarter=quarter.number,
            defaults={"figures_at": now},
        )
        if made:
            _record("report.drafted", report, by=by, now=now)
    return report


def write_report(
    *,
    report: QuarterlyReport,
    key_messages: list[str],
    risks: str,
    sufficiency: str,
    by: User | None,
    now: dt.datetime,
) -> QuarterlyReport:
    """Keep what the chair or the administrator wrote into a draft. Raises ``ReportIsPublished`` (R147)."""
    with transaction.atomic():
        draft = _draft_locked(report)
        before = _words(draft)
        draft.key_messages = [message.strip() for message in key_messages if message.strip()]
        draft.risks, draft.sufficiency = risks.strip(), sufficiency.strip()
        draft.save(update_fields=["key_messages", "risks", "sufficiency"])
        _record("report.written", draft, by=by, now=now, before=before, after=_words(draft))
    return draft


def publish_report(*, report: QuarterlyReport, by: User | None, now: dt.datetime) -> QuarterlyReport:
    """Fix the figures and words of a draft as of ``now`` and tell the sub-group; once (R142).

    Publishing a published report changes nothing. Raises ``QuarterNotOver``.
    """
    with transaction.atomic():
        locked = _locked(report)
        if locked.state == QuarterlyReport.State.PUBLISHED:
            return locked
        if london_day(now) <= locked.period.end:
            raise QuarterNotOver(
                f"The quarter ends on {long_date(locked.period.end)}. Its report can be published after that."
            )
        locked.figures, locked.figures_at = quarterly_figures(locked.partnership, locked.period), now
        locked.key_messages = locked.key_messages or work_out_messages(locked.figures)
        locked.state, locked.published_at = QuarterlyReport.State.PUBLISHED, now
        locked.save()
        _record("report.published", locked, by=by, now=now)
        _tell_sub_group(locked, now=now)
    return locked


def draft_due_reports(now: dt.datetime) -> int:
    """Draft the report of the last full quarter wherever it is missing; safe to run at any time (R142).

    A partnership whose programme has not begun by the end of that quarter gets none. Returns how many were drafted.
    """
    drafted = 0
    for partnership in Partnership.objects.all():
        quarter = Quarter.containing(london_day(now), start_month=partnership.year_start_month).previous
        known = QuarterlyReport.objects.filter(partnership=partnership, year=quarter.year, quarter=quarter.number)
        if not known.exists() and _has_begun(partnership, quarter):
            draft_report(partnership=partnership, quarter=quarter, by=None, now=now)
            drafted += 1
    return drafted


def _has_begun(partnership: Partnership, quarter: Quarter) -> bool:
    begun: bool = CourseSession.objects.of(partnership).filter(starts_at__lt=quarter.ends_before).exists()
    return begun


def _locked(report: QuarterlyReport) -> QuarterlyReport:
    return QuarterlyReport.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=report.pk)


def _draft_locked(report: QuarterlyReport) -> QuarterlyReport:
    locked = _locked(report)
    if locked.state != QuarterlyReport.State.DRAFT:
        raise ReportIsPublished
    return locked


def _words(report: QuarterlyReport) -> dict[str, object]:
    return {"key_messages": report.key_messages, "risks": report.risks, "sufficiency": report.sufficiency}


def _record(action: str, report: QuarterlyReport, *, by: User | None, now: dt.datetime, **details: object) -> None:
    audit.record(
        action, report, partnership=report.partnership, by=by, now=now, reference=str(report.period), **details
    )


def _tell_sub_group(report: QuarterlyReport, *, now: dt.datetime) -> None:
    """Mail 26 to everyone who sits in the sub-group on the day."""
    serving = RoleAppointment.objects.current(on=london_day(now)).filter(role__in=SUB_GROUP)
    members = Person.objects.of(report.partnership).filter(appointments__in=serving).exclude(email="").distinct()
    facts = emails.facts_of(report)
    queue_many(
        [
            new_message(
                kind=emails.REPORT_PUBLISHED.name,
                partnership=report.partnership,
                about=report,
                recipient=member.email,
                due_at=now,
                facts=facts | {"first_name": member.first_name},
            )
            for member in members
        ]
    )
