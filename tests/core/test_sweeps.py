"""Sweeps run in order, one that fails stops no other, and run_due says in plain words what was done."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core import sweeps, tasks
from core.models import Heartbeat
from core.sweeps import register_sweep, run_sweeps
from tests.factories import at

NOW = at("2026-03-02 08:00")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dt.datetime]]:
    """Four sweeps instead of the real ones; what ran, and as of when."""
    calls: list[tuple[str, dt.datetime]] = []
    monkeypatch.setattr(sweeps, "_SWEEPS", {})

    def sweep(name: str, count: int) -> Any:
        def run(now: dt.datetime) -> int:
            calls.append((name, now))
            return 6 // count

        return run

    register_sweep("mail", "{n} mails sent", sweep("mail", 3), order=900)
    register_sweep("surveys", "{n} surveys sent", sweep("surveys", 2))
    register_sweep("broken", "{n} things done", sweep("broken", 0), order=100)
    register_sweep("jobs", "{n} jobs run", sweep("jobs", 1), order=800)
    return calls


@pytest.mark.django_db
def test_one_that_fails_does_not_stop_the_others(ran: list[tuple[str, dt.datetime]]) -> None:
    outcomes = run_sweeps(NOW)
    assert [name for name, now in ran] == ["broken", "surveys", "jobs", "mail"]
    assert [str(outcome) for outcome in outcomes] == [
        "broken failed (ZeroDivisionError); the log says where",
        "3 surveys sent",
        "6 jobs run",
        "2 mails sent",
    ]


@pytest.mark.django_db
def test_the_command_does_what_is_due_at_a_london_time(ran: list[tuple[str, dt.datetime]]) -> None:
    out = StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("run_due", at="2026-07-01 08:00", stdout=out)
    assert failed.value.returncode == 1
    assert {now.astimezone(dt.UTC).isoformat() for _, now in ran} == {"2026-07-01T07:00:00+00:00"}
    assert "6 jobs run" in out.getvalue()
    assert not Heartbeat.objects.exists()


@pytest.mark.django_db
def test_the_command_runs_one_part_and_is_a_sign_of_life(ran: list[tuple[str, dt.datetime]]) -> None:
    call_command("run_due", only="jobs", stdout=StringIO())
    assert [name for name, now in ran] == ["jobs"]
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"worker", "beat"}
    with pytest.raises(CommandError, match=r"broken, surveys, jobs, mail"):
        call_command("run_due", only="nothing")


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "02/03/2026"])
def test_a_moment_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(CommandError, match="Write it as 2026-03-02 08:00"):
        call_command("run_due", at=text)


def test_another_moment_is_refused_in_production(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="real time only"):
        call_command("run_due", at="2026-03-02 08:00")


@pytest.mark.django_db
def test_beat_and_worker_are_seen_to_live(ran: list[tuple[str, dt.datetime]]) -> None:
    tasks.sweep()
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["worker"]
    tasks.sweep(from_beat=True)
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"worker", "beat"}
    tasks.send()
    tasks.work()
    assert [name for name, now in ran] == ["broken", "surveys"] * 2 + ["mail", "jobs"]


@pytest.mark.django_db
def test_beat_asks_for_everything_that_the_engine_does(settings: Any) -> None:
    asked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert asked == {"core.tasks.sweep", "core.tasks.send", "core.tasks.work"}
    assert all(e["options"]["expires"] < settings.SWEEP_SECONDS for e in settings.CELERY_BEAT_SCHEDULE.values())
