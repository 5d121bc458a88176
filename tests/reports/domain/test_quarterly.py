"""A report's life: drafted once, written by people, published once, and fixed from then on."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.permissions import Role
from agencies.models import RoleAppointment
from bookings.enums import BookingStatus as S
from core.mail import render_mail
from core.models import AuditEvent, OutboxMessage, Partnership
from core.periods import Quarter
from reports.domain.quarterly import (
    QuarterNotOver,
    ReportIsPublished,
    draft_due_reports,
    draft_report,
    publish_report,
    write_report,
)
from reports.models import QuarterlyReport
from reports.queries import figures_of
from tests.factories import PartnershipFactory, at, host_for, person_with_account
from tests.reports.builders import NOW, QUARTER, a_full_quarter, booked, held

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory()


@pytest.fixture
def draft(partnership: Partnership) -> QuarterlyReport:
    a_full_quarter(partnership)
    return draft_report(partnership=partnership, quarter=QUARTER, by=None, now=NOW)


def actions() -> list[str]:
    return list(AuditEvent.objects.filter(action__startswith="report.").order_by("pk").values_list("action", flat=True))


def test_drafting_twice_gives_the_same_draft(draft: QuarterlyReport) -> None:
    again = draft_report(partnership=draft.partnership, quarter=QUARTER, by=None, now=NOW)
    assert again == draft
    assert actions() == ["report.drafted"]


def test_the_figures_of_a_draft_follow_the_records(draft: QuarterlyReport) -> None:
    assert figures_of(draft)["totals"]["attended"] == 13
    booked(held(draft.partnership), S.ATTENDED, 2)
    assert figures_of(draft)["totals"]["attended"] == 15


@pytest.mark.rule("R142")
def test_publishing_fixes_the_figures_and_the_words(draft: QuarterlyReport) -> None:
    report = publish_report(report=draft, by=None, now=NOW)
    assert (report.state, report.published_at, report.figures_at) == ("published", NOW, NOW)
    assert report.key_messages[0] == "The first quarter with figures. 13 people attended."
    booked(held(report.partnership), S.ATTENDED, 2)
    later = QuarterlyReport.objects.get(pk=report.pk)
    assert figures_of(later)["totals"]["attended"] == 13


@pytest.mark.rule("R142")
def test_publishing_again_changes_nothing_and_tells_nobody_twice(draft: QuarterlyReport) -> None:
    member = person_with_account(draft.partnership, Role.SUBGROUP_MEMBER)
    publish_report(report=draft, by=member.user, now=NOW)
    booked(held(draft.partnership), S.ATTENDED, 2)
    again = publish_report(report=draft, by=member.user, now=NOW + dt.timedelta(days=1))
    assert (again.published_at, again.figures["totals"]["attended"]) == (NOW, 13)
    assert actions() == ["report.drafted", "report.published"]
    assert OutboxMessage.objects.filter(kind="report_published").count() == 1


def test_a_published_report_cannot_be_written(draft: QuarterlyReport) -> None:
    publish_report(report=draft, by=None, now=NOW)
    with pytest.raises(ReportIsPublished):
        write_report(report=draft, key_messages=["Late."], risks="", sufficiency="", by=None, now=NOW)


@pytest.mark.parametrize(
    ("now", "published"),
    [("2025-06-30 23:59", False), ("2025-07-01 00:00", True)],
)
def test_a_report_is_published_once_its_quarter_is_over(draft: QuarterlyReport, now: str, published: bool) -> None:
    if published:
        assert publish_report(report=draft, by=None, now=at(now)).published_at == at(now)
    else:
        with pytest.raises(QuarterNotOver, match="30 June 2025"):
            publish_report(report=draft, by=None, now=at(now))
        assert not OutboxMessage.objects.filter(kind="report_published").exists()


@pytest.mark.rule("R147")
def test_what_people_wrote_is_kept_and_its_change_recorded(draft: QuarterlyReport) -> None:
    chair = person_with_account(draft.partnership, Role.SUBGROUP_CHAIR)
    written = {"key_messages": [" More came. ", ""], "risks": "High: too few trainers", "sufficiency": "Enough."}
    write_report(report=draft, **written, by=chair.user, now=NOW)
    kept = QuarterlyReport.objects.get(pk=draft.pk)
    assert (kept.key_messages, kept.risks, kept.sufficiency) == (["More came."], "High: too few trainers", "Enough.")
    event = AuditEvent.objects.get(action="report.written")
    assert (event.actor_id, event.reference, event.after["key_messages"]) == (chair.user.pk, "2025-Q1", ["More came."])
    assert publish_report(report=kept, by=chair.user, now=NOW).key_messages == ["More came."]


def test_everyone_who_sits_in_the_sub_group_that_day_is_told(draft: QuarterlyReport) -> None:
    partnership = draft.partnership
    host_for(partnership, "wrenshire.example")
    member = person_with_account(partnership, Role.SUBGROUP_MEMBER, first_name="Priya")
    chair = person_with_account(partnership, Role.SUBGROUP_CHAIR, Role.SUBGROUP_MEMBER)
    gone = person_with_account(partnership, Role.SUBGROUP_MEMBER)
    RoleAppointment.objects.filter(person=gone).update(end_date=dt.date(2025, 7, 9))
    person_with_account(partnership, Role.ADMINISTRATOR)
    person_with_account(PartnershipFactory(), Role.SUBGROUP_MEMBER)
    publish_report(report=draft, by=None, now=NOW)
    queued = OutboxMessage.objects.filter(kind="report_published")
    assert sorted(queued.values_list("recipient", flat=True)) == sorted([member.email, chair.email])
    mail = render_mail(queued.get(recipient=member.email))
    assert mail.subject == "Quarterly report ready: April to June 2025"
    assert "13 people attended" in mail.text
    assert "/reports/quarterly/2025-26/q1/" in mail.text
    assert "Hello Priya" in mail.html


@pytest.mark.rule("R142")
@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ("2025-06-30 23:59", Quarter(2024, 4)),
        ("2025-07-01 00:00", Quarter(2025, 1)),
        ("2025-09-30 23:59", Quarter(2025, 1)),
        ("2025-10-01 00:01", Quarter(2025, 2)),
        ("2026-04-01 00:00", Quarter(2025, 4)),
    ],
)
def test_the_report_of_the_last_full_quarter_is_drafted_once(
    partnership: Partnership, now: str, wanted: Quarter
) -> None:
    held(partnership, "2025-01-20 09:30")
    assert draft_due_reports(at(now)) == 1
    assert draft_due_reports(at(now)) == 0
    assert [str(report.period) for report in QuarterlyReport.objects.all()] == [str(wanted)]
    assert QuarterlyReport.objects.get().state == "draft"


def test_a_partnership_whose_programme_has_not_begun_gets_no_report(partnership: Partnership) -> None:
    held(partnership, "2025-07-01 09:30")
    assert draft_due_reports(NOW) == 0


def test_each_partnership_has_its_own_programme_year() -> None:
    for month in (4, 9):
        held(PartnershipFactory(year_start_month=month), "2025-01-20 09:30")
    assert draft_due_reports(at("2025-09-10 08:00")) == 2
    drafted = {report.partnership.year_start_month: str(report.period) for report in QuarterlyReport.objects.all()}
    assert drafted == {4: "2025-Q1", 9: "2024-Q4"}
