"""A mailer killed in the middle of a thousand invitations loses none of them (FAULT1, FAULT2)."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from core.links import new_link
from core.models import OneTimeLink, OutboxMessage, Partnership
from core.outbox import queue_many
from evaluations.emails import IMPACT_INVITED
from evaluations.models import ImpactFollowUp
from tests.support.kinds import LETTER, message
from tests.support.processes import Installation, test_database_url, wait_until
from tests.support.smtp_sink import smtp_sink

from .conftest import DUE, attended, let_claims_go_stale
from .engine import Engine, doubles_in

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
State = OutboxMessage.State
SURVEYS = 1000
KILLS = (100, 500, 900)


def no_violations() -> bool:
    out = StringIO()
    call_command("verify_invariants", stdout=out)
    return "0 violations" in out.getvalue()


def test_a_thousand_surveys_fall_due_and_two_processes_are_killed_three_times(partnership: Partnership) -> None:
    """From the attendance to the mail: follow-up, link, mail and trail, each once, whatever is killed when."""
    attended(partnership, SURVEYS)
    with smtp_sink(delay=0.002) as sink:
        engine = Engine(test_database_url(), sink, ("--at", DUE))
        engine.kill_when(KILLS)
        let_claims_go_stale()
        engine.finish()
    assert set(sink.recipients) == {f"learner{n}@oakfield.example" for n in range(SURVEYS)}
    assert len(doubles_in(sink)) <= engine.killed
    assert ImpactFollowUp.objects.count() == OneTimeLink.objects.count() == SURVEYS
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {State.SENT}
    assert no_violations()


def test_the_worker_is_killed_three_times_and_redis_loses_everything(redis_url: str, partnership: Partnership) -> None:
    """The processes of a real installation: Celery with two processes and beat."""
    end = timezone.now() + dt.timedelta(days=90)
    links = OneTimeLink.objects.bulk_create(
        new_link(partnership=partnership, purpose="impact_survey", object_id=n, expires_at=end) for n in range(SURVEYS)
    )
    queue_many(
        [
            message(partnership, f"learner{n}@oakfield.example", kind=IMPACT_INVITED, facts={"link_id": link.pk})
            for n, link in enumerate(links)
        ]
    )
    with smtp_sink(delay=0.002) as sink, Installation(redis_url, sink.port) as running:
        running.start_beat()
        for number in KILLS:
            running.start_worker(processes=2)
            assert sink.wait_for(number, seconds=60), running.log.read_text()[-3000:]
            running.kill("worker")
            redis.from_url(redis_url).flushdb()
        let_claims_go_stale()
        running.start_worker(processes=2)
        assert wait_until(lambda: not OutboxMessage.objects.exclude(state=State.SENT).exists(), seconds=120)
    assert len(set(sink.recipients)) == SURVEYS
    assert len(doubles_in(sink)) <= len(KILLS) * 2
    assert no_violations()


def test_money_letters_never_arrive_twice(partnership: Partnership) -> None:
    """What may have left is held for a person to decide instead of being sent again (FAULT1b)."""
    letters = 200
    queue_many([message(partnership, f"finance{n}@oakfield.example", kind=LETTER) for n in range(letters)])
    with smtp_sink(delay=0.005) as sink:
        engine = Engine(test_database_url(), sink)
        engine.kill_when((20, 120))
        let_claims_go_stale()
        engine.finish()
    held = OutboxMessage.objects.filter(state=State.HELD)
    assert doubles_in(sink) == []
    assert held.count() <= engine.killed
    assert OutboxMessage.objects.filter(state=State.SENT).count() == letters - held.count()
    unsent = {f"finance{n}@oakfield.example" for n in range(letters)} - set(sink.recipients)
    assert unsent <= set(held.values_list("recipient", flat=True))


def test_the_embedded_engine_on_sqlite_loses_nothing_either(tmp_path: Path) -> None:
    database, notes = f"sqlite:///{tmp_path / 'embedded.sqlite3'}", 300
    with smtp_sink(delay=0.002) as sink:
        engine = Engine(database, sink)
        aside = {"cwd": settings.BASE_DIR, "env": engine.environment(), "check": True}
        script = [sys.executable, "-m", "tests.faults.embedded"]
        subprocess.run([*script, "fill", str(notes)], **aside)  # type: ignore[call-overload]
        engine.kill_when((40, 140))
        subprocess.run([*script, "let_claims_go_stale"], **aside)  # type: ignore[call-overload]
        engine.finish()
        subprocess.run([*script, "all_are_sent"], **aside)  # type: ignore[call-overload]
    assert set(sink.recipients) == {f"learner{n}@oakfield.example" for n in range(notes)}
    assert len(doubles_in(sink)) <= engine.killed
