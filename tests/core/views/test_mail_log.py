"""The mail log says what became of each mail, and a person decides about those the engine gave up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from core.dispatch import send_due
from core.models import AuditEvent, OutboxMessage, Partnership
from core.outbox import queue_many
from tests.support.kinds import CODE, LETTER, message

State = OutboxMessage.State
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]


def queued(partnership: Partnership, recipient: str, state: str, **values: Any) -> OutboxMessage:
    queue_many([message(partnership, recipient, **values)])
    OutboxMessage.objects.filter(recipient=recipient).update(state=state, last_error="550 no such user")
    return OutboxMessage.objects.get(recipient=recipient)


@pytest.mark.parametrize("count", [1, 3])
def test_the_log_costs_the_same_for_one_and_for_three(
    partnership: Partnership, admin: Client, count: int, own_statements: Callable[[Client, str], int]
) -> None:
    for n in range(count):
        queued(partnership, f"p{n}@example.org", State.FAILED)
    assert own_statements(admin, "/manage/messages/") == 2
    assert admin.get("/manage/messages/").content.decode().count("550 no such user") == count


def test_the_state_stays_in_the_address(partnership: Partnership, admin: Client) -> None:
    queued(partnership, "held@example.org", State.HELD, kind=LETTER)
    queued(partnership, "sent@example.org", State.SENT)
    page = admin.get("/manage/messages/?state=held").content.decode()
    assert "held@example.org" in page
    assert "sent@example.org" not in page
    assert 'href="?state=held" aria-current="page"' in page
    everything = admin.get("/manage/messages/?state=nonsense").content.decode()
    assert "held@example.org" in everything
    assert "sent@example.org" in everything


def test_a_held_letter_is_sent_again_on_request(partnership: Partnership, admin: Client) -> None:
    held = queued(partnership, "held@example.org", State.HELD, kind=LETTER)
    admin.post(f"/manage/messages/{held.pk}/again/", {"next": "/manage/messages/?state=held"})
    assert send_due(timezone.now()) == 1
    assert mail.outbox[0].to == ["held@example.org"]
    noted = AuditEvent.objects.get(action="message.sent_again")
    assert (noted.before, noted.after) == ({"state": "held"}, {"state": "waiting"})


def test_a_held_letter_is_marked_as_sent_on_request(partnership: Partnership, admin: Client) -> None:
    held = queued(partnership, "held@example.org", State.HELD, kind=LETTER)
    answer = admin.post(f"/manage/messages/{held.pk}/sent/", {"next": "/manage/messages/?state=held"})
    assert answer.url == "/manage/messages/?state=held"  # type: ignore[attr-defined]
    held.refresh_from_db()
    assert (held.state, held.sent_at is not None) == (State.SENT, True)
    assert send_due(timezone.now()) == 0


@pytest.mark.parametrize("state", [State.SENT, State.WAITING, State.SENDING, State.WITHDRAWN, State.MISSED])
def test_nothing_else_can_be_decided(partnership: Partnership, admin: Client, state: str) -> None:
    other = queued(partnership, "other@example.org", state)
    for act in ("again", "sent"):
        page = admin.post(f"/manage/messages/{other.pk}/{act}/", follow=True).content.decode()
        assert "not waiting for a decision" in page
        assert "Send again" not in page
    other.refresh_from_db()
    assert other.state == state


def test_a_code_whose_words_are_gone_is_not_offered_again(partnership: Partnership, admin: Client) -> None:
    queued(partnership, "code@example.org", State.FAILED, kind=CODE)
    assert "Send again" not in admin.get("/manage/messages/").content.decode()


def test_the_way_back_never_leaves_the_site(partnership: Partnership, admin: Client) -> None:
    held = queued(partnership, "held@example.org", State.HELD, kind=LETTER)
    answer = admin.post(f"/manage/messages/{held.pk}/sent/", {"next": "https://evil.example/"})
    assert answer.url == "/manage/messages/"  # type: ignore[attr-defined]


def test_others_see_nothing(
    partnership: Partnership, other_partnership: Partnership, admin: Client, learner: Client
) -> None:
    foreign = queued(other_partnership, "foreign@example.org", State.HELD, kind=LETTER)
    assert "foreign@example.org" not in admin.get("/manage/messages/").content.decode()
    assert [admin.post(f"/manage/messages/{pk}/again/").status_code for pk in (foreign.pk, 10**9)] == [404, 404]
    assert learner.get("/manage/messages/").status_code == 403
