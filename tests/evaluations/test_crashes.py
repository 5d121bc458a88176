"""A sweep that dies at any of its statements and runs again ends where one that ran through ends (FAULT13)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from core.models import AuditEvent, OneTimeLink, OutboxMessage
from core.sweeps import run_sweeps
from evaluations.models import ImpactFollowUp, InitialRequest
from tests.evaluations.builders import asked_to_evaluate, attendance, held_session
from tests.factories import PartnershipFactory, at

pytestmark = pytest.mark.django_db
OURS = {"initial_reminders", "impact_follow_ups", "impact_invitations", "impact_reminders"}
NOW = at("2026-06-12 08:00")


class Crash(Exception):
    pass


class _Undo(Exception):
    pass


@contextmanager
def crash_at(number: int) -> Iterator[list[int]]:
    """Let the process die at its ``number``-th statement, once. Yields a list that is filled when it did."""
    crashed: list[int] = []
    seen = 0

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen += 1
            if seen == number:
                crashed.append(number)
                raise Crash
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield crashed


def end_state() -> dict[str, Any]:
    return {
        "mails": sorted(OutboxMessage.objects.values_list("key", "state")),
        "links": sorted(OneTimeLink.objects.values_list("purpose", "object_id")),
        "follow_ups": sorted(ImpactFollowUp.objects.values_list("booking", "invited_at", "next_reminder_on")),
        "requests": sorted(InitialRequest.objects.values_list("booking", "reminders_done", "next_reminder_on")),
        "trail": AuditEvent.objects.count(),
    }


def run_and_undo(crash: int) -> tuple[dict[str, Any], bool]:
    """The state after a run that dies at statement ``crash`` and a second run; everything is undone afterwards."""
    state: dict[str, Any] = {}
    crashed: list[int] = []
    try:
        with transaction.atomic():
            with crash_at(crash) as crashed:
                run_sweeps(NOW, only=OURS)
            run_sweeps(NOW, only=OURS)
            state = end_state()
            raise _Undo
    except _Undo:
        return without_ids(state), bool(crashed)


def without_ids(state: dict[str, Any]) -> dict[str, Any]:
    """Follow-ups get new ids in each run, so what is counted of their links and mails is how many there are."""
    keys = sorted((key.split(":")[0], key.split(":")[3], how) for key, how in state["mails"])
    return {**state, "mails": keys, "links": sorted(purpose for purpose, _ in state["links"])}


def test_dying_at_any_statement_and_running_again_ends_the_same() -> None:
    partnership = PartnershipFactory()
    session = held_session("2026-03-12", partnership=partnership)
    for _ in range(3):
        attendance(session)
    asked_to_evaluate(held_session("2026-06-11", partnership=partnership), now=at("2026-06-11 17:30"))
    right, _ = run_and_undo(0)
    assert len(right["mails"]) == 5
    statement, crashed = 1, True
    while crashed:
        state, crashed = run_and_undo(statement)
        assert state == right, f"died at statement {statement}"
        statement += 1
    assert statement > 30
