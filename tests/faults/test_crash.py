"""Whichever statement a sweep dies at, the next one brings everything to the same end (FAULT13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.management.color import no_style
from django.db import InternalError, connection

from core.invariants import registered_invariants
from core.models import AuditEvent, AuditSeal, Heartbeat, OneTimeLink, OutboxMessage, Partnership
from core.sweeps import run_sweeps
from evaluations.models import ImpactFollowUp
from tests.factories import at

from .conftest import DUE, attended, let_claims_go_stale

NOW = at(DUE)
LEARNERS = 2
SWEEPS = ("impact_follow_ups", "impact_invitations", "mail", "trail")


class Dies:
    """Lets ``after`` statements pass and refuses each one that follows, as a database does that has gone."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(("SAVEPOINT", "ROLLBACK", "RELEASE")):
            return execute(sql, *rest)
        self.count += 1
        if self.count > self.after:
            raise InternalError("the database has gone")
        return execute(sql, *rest)


def dies_after(statements: int) -> int:
    """Run the sweeps until the statement, and then again undisturbed. Returns how many statements were asked for."""
    wrapper = Dies(statements)
    with connection.execute_wrapper(wrapper):
        run_sweeps(NOW, only=SWEEPS)
    let_claims_go_stale()
    run_sweeps(NOW, only=SWEEPS)
    return wrapper.count


def check_the_end() -> None:
    """Each learner has one follow-up, one link, one mail and one line in the trail; one mail may have left twice."""
    assert ImpactFollowUp.objects.count() == OneTimeLink.objects.count() == LEARNERS
    assert list(OutboxMessage.objects.values_list("state", flat=True)) == ["sent"] * LEARNERS
    assert AuditEvent.objects.filter(action="impact_survey.sent").count() == LEARNERS
    times = Counter(sent.to[0] for sent in mail.outbox)
    assert len(times) == LEARNERS
    assert sum(times.values()) <= LEARNERS + 1
    assert [violation for invariant in registered_invariants() for violation in invariant.check()] == []


def begin_again() -> None:
    """Empty what the sweeps have written. The trail refuses DELETE, so the tables are emptied as between two tests."""
    mail.outbox.clear()
    written = [ImpactFollowUp, OneTimeLink, OutboxMessage, AuditEvent, AuditSeal, Heartbeat]
    tables = [model._meta.db_table for model in written]
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables, allow_cascade=True))


@pytest.mark.django_db(transaction=True)
def test_a_sweep_may_die_at_any_statement(partnership: Partnership) -> None:
    attended(partnership, LEARNERS)
    statements = 0
    while True:
        begin_again()
        asked = dies_after(statements)
        check_the_end()
        if asked <= statements:
            break
        statements += 1
    assert statements > 30
