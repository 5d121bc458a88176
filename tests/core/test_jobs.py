"""Long work shows its progress, stops when asked, survives its process and says in words how it ended."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from core import jobs
from core.dispatch import send_due
from core.errors import RuleBroken, UnusableInput
from core.jobs import ask_to_stop, claim_job, register_job, run_job, run_jobs, start_job
from core.models import Job, OutboxMessage, Partnership
from tests.factories import PartnershipFactory, at

NOW = at("2026-03-02 08:00")
State = Job.State


@pytest.fixture
def work() -> Iterator[Callable[[Any], None]]:
    """Registers the function that jobs of the kind ``tried`` run."""
    yield lambda function: register_job("tried", function)
    jobs.JOB_KINDS.pop("tried", None)


def started(partnership: Partnership, **values: Any) -> Job:
    values = {"by": None, "arguments": {"rows": 3}, **values}
    return start_job(kind="tried", title="Import of staff", partnership=partnership, **values)


@pytest.mark.django_db
def test_a_job_runs_once_and_keeps_its_result(partnership: Partnership, work: Any) -> None:
    def count(job: Job, progress: Any) -> dict[str, Any]:
        for n in range(job.arguments["rows"]):
            progress(done=n + 1, total=3, message=f"Row {n + 1}")
        return {"message": "3 added", "path": "/manage/imports/1/", "as_of": progress.now.isoformat()}

    work(count)
    job = started(partnership)
    assert (run_jobs(NOW), run_jobs(NOW)) == (1, 0)
    job.refresh_from_db()
    assert (job.state, job.message, job.attempts, job.is_over) == (State.FINISHED, "3 added", 1, True)
    assert job.result["path"] == "/manage/imports/1/"
    assert job.finished_at is not None
    assert job.finished_at - NOW < dt.timedelta(seconds=30)


@pytest.mark.django_db
def test_the_same_key_is_the_same_job(partnership: Partnership, work: Any) -> None:
    assert started(partnership, key="import:7") == started(partnership, key="import:7")
    assert started(partnership) != started(partnership)


@pytest.mark.django_db
def test_a_rule_that_refuses_is_told_in_its_own_words(partnership: Partnership, work: Any) -> None:
    def refuse(job: Job, progress: Any) -> dict[str, Any]:
        raise UnusableInput("The file has no column “email”.")

    work(refuse)
    job = started(partnership)
    run_jobs(NOW)
    job.refresh_from_db()
    assert (job.state, job.message) == (State.FAILED, "The file has no column “email”.")


@pytest.mark.django_db
def test_an_error_of_ours_shows_a_reference_and_no_trace(
    partnership: Partnership, work: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(job: Job, progress: Any) -> dict[str, Any]:
        with transaction.atomic():
            Partnership.objects.update(name="Half done")
            raise KeyError("secret name")

    work(fail)
    job = started(partnership)
    run_jobs(NOW)
    job.refresh_from_db()
    [line] = [line for line in caplog.records if line.message == "job failed"]
    assert job.state == State.FAILED
    assert job.result["reference"] in job.message
    assert line.reference == job.result["reference"]  # type: ignore[attr-defined]
    assert "secret name" not in job.message
    assert not Partnership.objects.filter(name="Half done").exists()


@pytest.mark.django_db
def test_a_kind_nobody_knows_fails_and_blocks_nothing(partnership: Partnership, work: Any) -> None:
    unknown = start_job(kind="unheard_of", title="x", partnership=partnership, by=None, arguments={})
    work(lambda job, progress: {})
    known = started(partnership)
    assert run_jobs(NOW) == 2
    assert (Job.objects.get(pk=unknown.pk).state, Job.objects.get(pk=known.pk).state) == (State.FAILED, State.FINISHED)


@pytest.mark.django_db
def test_a_waiting_job_stops_at_once(partnership: Partnership, work: Any) -> None:
    job = started(partnership)
    ask_to_stop(job=job, by=None, now=NOW)
    assert run_jobs(NOW) == 0
    job.refresh_from_db()
    assert (job.state, job.finished_at) == (State.STOPPED, NOW)
    with pytest.raises(RuleBroken, match="nothing to stop"):
        ask_to_stop(job=job, by=None, now=NOW)


@pytest.mark.django_db
def test_a_running_job_stops_at_its_next_sign_of_progress(
    partnership: Partnership, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SAVE_SECONDS", 0.0)

    def long(job: Job, progress: Any) -> dict[str, Any]:
        with transaction.atomic():
            Partnership.objects.update(name="Half done")
            ask_to_stop(job=job, by=None, now=NOW)
            progress(done=1, total=2)
        return {}

    work(long)
    job = started(partnership)
    run_jobs(NOW)
    job.refresh_from_db()
    assert job.state == State.STOPPED
    assert not Partnership.objects.filter(name="Half done").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "attempts", "state"),
    [(119, 1, State.RUNNING), (121, 1, State.WAITING), (121, 3, State.FAILED)],
)
def test_a_job_whose_process_died_is_taken_up_again_but_not_for_ever(
    partnership: Partnership, work: Any, seconds: int, attempts: int, state: str
) -> None:
    job = started(partnership)
    claim_job()
    Job.objects.update(claimed_at=timezone.now() - dt.timedelta(seconds=seconds), attempts=attempts)
    jobs.requeue_dead_jobs(NOW)
    job.refresh_from_db()
    assert job.state == state


@pytest.mark.django_db
def test_whoever_started_it_is_told_how_it_ended(partnership: Partnership, work: Any) -> None:
    work(lambda job, progress: {"message": "409 added, 3 need you", "path": "/manage/imports/1/"})
    someone: Any = get_user_model()._default_manager.create(email="admin@example.org")
    started(partnership, by=someone)
    run_jobs(NOW)
    told = OutboxMessage.objects.get()
    assert (told.kind, told.recipient) == ("job_finished", "admin@example.org")
    assert send_due(told.due_at) == 1
    [sent] = mail.outbox
    assert sent.subject == "Import of staff: finished"
    assert "409 added, 3 need you" in sent.body
    assert "http://aldermere.example.org:8000/manage/imports/1/" in sent.body


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_progress_is_seen_from_outside_while_the_work_is_in_one_transaction(work: Any) -> None:
    half, seen = threading.Event(), []

    def long(job: Job, progress: Any) -> dict[str, Any]:
        with transaction.atomic():
            Partnership.objects.update(name="In between")
            progress(done=1, total=2, message="Half")
            half.wait(10)
        return {}

    work(long)
    job = started(PartnershipFactory())
    claimed = claim_job()
    assert claimed is not None
    runner = threading.Thread(target=_run_and_close, args=(claimed,))
    runner.start()
    deadline = time.monotonic() + 5
    while not seen and time.monotonic() < deadline:
        time.sleep(0.1)
        job.refresh_from_db()
        seen += [(job.state, job.done, job.message)] if job.done else []
    half.set()
    runner.join()
    job.refresh_from_db()
    assert seen == [(State.RUNNING, 1, "Half")]
    assert (job.state, job.percent) == (State.FINISHED, 50)


def _run_and_close(job: Job) -> None:
    run_job(job, NOW)
    connection.close()
