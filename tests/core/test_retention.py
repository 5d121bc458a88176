"""Nothing is kept longer than the table says, and the table is what the code does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from core import retention
from core.jobs import Job
from core.kept import delete_old_jobs, delete_old_links, delete_old_mail, forget_mail_texts
from core.links import make_link
from core.models import OneTimeLink, OutboxMessage, Partnership
from core.outbox import queue_many
from core.retention import RetentionRule, apply_retention, register_retention
from tests.factories import at
from tests.support.kinds import message

pytestmark = pytest.mark.django_db
State = OutboxMessage.State
DUE = at("2026-01-31 10:00")


@pytest.fixture
def one_rule(monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    """A table of two rows, the first of which fails; when the second was carried out."""
    calls: list[dt.datetime] = []
    monkeypatch.setattr(retention, "_RULES", {})

    def fail(now: dt.datetime) -> int:
        raise ZeroDivisionError

    def work(now: dt.datetime) -> int:
        calls.append(now)
        return 3

    register_retention(RetentionRule("A", "1 day", "Deleted", fail), RetentionRule("B", "1 day", "Deleted", work))
    return calls


def test_it_runs_once_a_night_whoever_asks(one_rule: list[dt.datetime]) -> None:
    asked = ["2026-03-02 02:59", "2026-03-02 03:00", "2026-03-02 03:01", "2026-03-02 23:59", "2026-03-03 00:01"]
    assert [apply_retention(at(moment)) for moment in asked] == [0, 3, 0, 0, 0]
    assert apply_retention(at("2026-03-05 12:00")) == 3
    assert apply_retention(at("2026-03-04 12:00")) == 3  # a clock that was wrong does no harm
    assert len(one_rule) == 3


@pytest.mark.parametrize(
    ("now", "forgotten", "deleted"),
    [
        ("2026-04-30 12:00", 0, 0),
        ("2026-05-01 12:00", 1, 0),
        ("2028-01-31 12:00", 1, 0),
        ("2028-02-01 12:00", 1, 1),
    ],
)
def test_a_sent_mail_is_emptied_and_then_deleted(
    partnership: Partnership, now: str, forgotten: int, deleted: int
) -> None:
    queue_many([message(partnership, f"{state}@example.org", due_at=DUE) for state in (State.SENT, State.HELD)])
    OutboxMessage.objects.filter(recipient="sent@example.org").update(state=State.SENT)
    OutboxMessage.objects.filter(recipient="held@example.org").update(state=State.HELD)
    assert (forget_mail_texts(at(now)), delete_old_mail(at(now))) == (forgotten, deleted)
    assert (forget_mail_texts(at(now)), delete_old_mail(at(now))) == (0, 0)
    assert OutboxMessage.objects.get(state=State.HELD).facts


@pytest.mark.parametrize(("now", "left"), [("2027-01-31 12:00", 1), ("2027-02-01 12:00", 0)])
def test_ended_links_and_finished_work_go_after_a_year(partnership: Partnership, now: str, left: int) -> None:
    make_link(partnership=partnership, purpose="survey", object_id=1, expires_at=DUE)
    Job.objects.create(partnership=partnership, kind="x", title="x", finished_at=DUE)
    Job.objects.create(partnership=partnership, kind="x", title="Still runs")
    delete_old_links(at(now))
    delete_old_jobs(at(now))
    assert (OneTimeLink.objects.count(), Job.objects.count()) == (left, left + 1)


def test_administrators_can_read_the_table(admin: Client, learner: Client) -> None:
    page = admin.get("/manage/retention/").content.decode()
    assert "What a sent email said" in page
    assert "3 months after it was due" in page
    assert learner.get("/manage/retention/").status_code == 403


def test_every_row_is_in_words() -> None:
    rows: list[Any] = retention.retention_table()
    assert all(row.what and row.how_long and row.then for row in rows)
