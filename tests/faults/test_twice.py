"""Everything the engine does may be done twice, and by several at the same moment (FAULT6, FAULT13)."""

from __future__ import annotations

import json
import threading
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connections

from core.models import AuditEvent, Job, OneTimeLink, OutboxMessage, Partnership
from core.sweeps import registered_sweeps, run_sweeps
from evaluations.models import ImpactFollowUp
from tests.factories import at

from .conftest import DUE, attended

NOW = at(DUE)
LEARNERS = 60


def everything() -> list[Any]:
    """Every row of every table, but the signs of life."""
    out = StringIO()
    call_command("dumpdata", exclude=["core.heartbeat", "contenttypes", "auth.permission"], stdout=out)
    return list(json.loads(out.getvalue()))


@pytest.mark.django_db(transaction=True)
def test_each_sweep_run_twice_leaves_what_it_left_the_first_time(partnership: Partnership) -> None:
    attended(partnership, 3)
    Job.objects.create(partnership=partnership, kind="unheard_of", title="Long work")
    outcomes = run_sweeps(NOW)
    assert not any(outcome.error for outcome in outcomes)
    assert len(mail.outbox) == 3
    first = everything()
    for sweep in registered_sweeps():
        sweep.run(NOW)
    assert everything() == first
    assert len(mail.outbox) == 3


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_three_engines_at_the_same_moment_do_each_thing_once(partnership: Partnership) -> None:
    attended(partnership, LEARNERS)
    together = threading.Barrier(3)
    outcomes: list[Any] = []

    def engine() -> None:
        together.wait(timeout=30)
        for _ in range(3):
            outcomes.extend(run_sweeps(NOW))
        connections.close_all()

    threads = [threading.Thread(target=engine) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run_sweeps(NOW)
    assert [outcome for outcome in outcomes if outcome.error] == []
    assert ImpactFollowUp.objects.count() == OneTimeLink.objects.count() == LEARNERS
    assert OutboxMessage.objects.count() == OutboxMessage.objects.filter(state="sent").count() == LEARNERS
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(f"learner{n}@oakfield.example" for n in range(LEARNERS))
    assert AuditEvent.objects.filter(action="impact_survey.sent").count() == LEARNERS
