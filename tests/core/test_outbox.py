"""Queueing a mail twice is harmless, and asking for it never waits for the broker."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest
from celery import current_app

from core import nudges
from core.models import OutboxMessage, Partnership
from core.outbox import message_key, new_message, queue_many, queue_message, withdraw_messages
from tests.factories import at
from tests.support.kinds import NOTE, message

NOW = at("2026-03-02 08:00")
pytestmark = pytest.mark.usefixtures("kinds")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that were put on the broker."""
    names: list[str] = []
    monkeypatch.setattr(nudges, "publish", names.append)
    monkeypatch.setattr(nudges, "QUIET_SECONDS", 0.02)
    return names


@pytest.mark.django_db
def test_the_same_kind_object_stage_and_recipient_is_queued_once(partnership: Partnership) -> None:
    for recipient in ("a@example.org", "A@example.org", "b@example.org", ""):
        queue_message(
            kind="tried_note",
            partnership=partnership,
            about=partnership,
            recipient=recipient,
            due_at=NOW,
            stage="first",
        )
    keys = OutboxMessage.objects.order_by("pk").values_list("key", flat=True)
    assert list(keys) == [f"tried_note:partnership-{partnership.pk}:first:{name}@example.org" for name in "ab"]


@pytest.mark.django_db
def test_long_addresses_never_share_a_key(partnership: Partnership) -> None:
    first, second = ("x" * 220 + f"{n}@example.org" for n in (1, 2))
    keys = {message_key("tried_note", partnership, "stage", recipient) for recipient in (first, second)}
    assert len(keys) == 2
    assert all(len(key) <= 200 for key in keys)


@pytest.mark.django_db
def test_a_mail_that_has_not_left_can_be_taken_back(partnership: Partnership) -> None:
    queue_many([message(partnership, "a@example.org"), message(partnership, "b@example.org")])
    OutboxMessage.objects.filter(recipient="b@example.org").update(state=OutboxMessage.State.SENT)
    assert withdraw_messages(about=partnership, kinds=[NOTE.name]) == 1
    assert withdraw_messages(about=partnership, kinds=["other"]) == 0
    states = dict(OutboxMessage.objects.values_list("recipient", "state"))
    assert states == {"a@example.org": "withdrawn", "b@example.org": "sent"}


@pytest.mark.django_db
def test_a_worker_is_asked_only_after_the_transaction(
    partnership: Partnership, asked: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        queue_many([message(partnership, "a@example.org")])
        queue_many([new_message(kind="x", partnership=None, about=partnership, recipient="", due_at=NOW)])
        assert asked == []
    assert len(callbacks) == 1
    callbacks[0]()
    assert _soon(lambda: asked == ["core.tasks.send"])


def test_many_requests_at_once_ask_once_and_at_most_once_more(asked: list[str]) -> None:
    for _ in range(100):
        nudges.nudge()
    assert _soon(lambda: len(asked) >= 1)
    time.sleep(nudges.QUIET_SECONDS * 3)
    assert set(asked) == {"core.tasks.send"}
    assert len(asked) <= 2
    nudges.nudge("core.tasks.work")
    assert _soon(lambda: asked[-1] == "core.tasks.work")


def test_a_broker_that_hangs_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as hung:  # accepts and never answers
        hung.bind(("127.0.0.1", 0))
        hung.listen()
        monkeypatch.setattr(current_app.conf, "broker_write_url", f"redis://127.0.0.1:{hung.getsockname()[1]}/0")
        began = time.monotonic()
        nudges.nudge()
        assert time.monotonic() - began < 0.1


def test_a_broker_that_is_gone_is_only_noted(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(current_app, "send_task", refuse)
    nudges.publish("core.tasks.send")
    assert [line.message for line in caplog.records] == ["nudge not delivered"]


def _soon(holds: Any) -> bool:
    deadline = time.monotonic() + 3
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(holds())
