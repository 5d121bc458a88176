"""When the health pages are green and when they are red."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.health import work_problems
from core.models import Heartbeat, OutboxMessage

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 12, 12, 0, tzinfo=dt.UTC)


def seen(**seconds_ago: float) -> None:
    for name, seconds in seconds_ago.items():
        Heartbeat.objects.create(name=name, at=NOW - dt.timedelta(seconds=seconds))


def mail(minutes_late: float, state: str = OutboxMessage.State.WAITING) -> None:
    due_at = NOW - dt.timedelta(minutes=minutes_late)
    OutboxMessage.objects.create(
        key=f"x:{minutes_late}:{state}", kind="x", recipient="a@b.example", due_at=due_at, state=state
    )


def test_all_is_well_when_worker_and_beat_were_seen_and_no_mail_is_late() -> None:
    seen(worker=1, beat=1)
    mail(minutes_late=14)
    assert work_problems(now=NOW) == []


@pytest.mark.parametrize(("seconds", "red"), [(239, False), (240, False), (241, True)])
def test_a_part_that_was_not_seen_for_four_minutes_stands_still(seconds: float, red: bool) -> None:
    seen(worker=1, beat=seconds)
    assert [("beat" in problem) for problem in work_problems(now=NOW)] == ([True] if red else [])


def test_parts_that_were_never_seen_stand_still() -> None:
    assert len(work_problems(now=NOW)) == 2


@pytest.mark.parametrize(("minutes", "red"), [(14.9, False), (15, True), (600, True)])
@pytest.mark.parametrize("state", [OutboxMessage.State.WAITING, OutboxMessage.State.SENDING])
def test_mail_that_should_have_left_a_quarter_of_an_hour_ago_stands_still(
    minutes: float, red: bool, state: str
) -> None:
    seen(worker=1, beat=1)
    mail(minutes, state)
    assert [problem.startswith("Mail stands still: 1 due") for problem in work_problems(now=NOW)] == (
        [True] if red else []
    )


@pytest.mark.parametrize("state", [OutboxMessage.State.SENT, OutboxMessage.State.FAILED, OutboxMessage.State.HELD])
def test_mail_that_waits_for_nobody_is_no_problem(state: str) -> None:
    seen(worker=1, beat=1)
    mail(600, state)
    assert work_problems(now=NOW) == []


def test_the_work_page_is_red_until_the_engine_runs_and_asks_for_no_sign_in() -> None:
    assert Client().get(reverse("core:health_work")).status_code == 503
    for name in ("worker", "beat"):
        Heartbeat.objects.create(name=name, at=timezone.now())
    response = Client().get(reverse("core:health_work"))
    assert response.status_code == 200
    assert response.json() == {"ok": True, "problems": []}


def test_ready_is_red_and_live_green_while_the_database_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: object, **options: object) -> None:
        raise DatabaseError("connection refused by db.internal")

    monkeypatch.setattr(connection, "cursor", gone)
    ready = Client().get(reverse("core:health_ready"))
    assert ready.status_code == 503
    assert ready.json() == {"ok": False, "problems": ["The database does not answer (DatabaseError)."]}
    assert Client().get(reverse("core:health_live")).status_code == 200


@pytest.mark.parametrize("name", ["health_live", "health_ready", "health_work"])
def test_health_pages_only_show(name: str) -> None:
    assert Client().post(reverse(f"core:{name}")).status_code == 405
