"""The mail log: what left, what waits, and what needs a person's decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.access import needs
from core.domain.messages import awaits_decision, mark_sent, send_again
from core.errors import RuleBroken
from core.mail import MAIL_KINDS
from core.models import OutboxMessage
from core.paging import page_of
from core.redirects import safe_next

State = OutboxMessage.State
# One or two words for each state; the model's own say more than fits a tag.
WORDS = {
    State.WAITING: "Waiting",
    State.SENDING: "Being sent",
    State.SENT: "Sent",
    State.FAILED: "Failed",
    State.HELD: "Held",
    State.MISSED: "Too late",
    State.WITHDRAWN: "Withdrawn",
}
TONES = {State.SENT: "good", State.FAILED: "bad", State.HELD: "warn", State.MISSED: "warn", State.SENDING: "info"}


def _row(message: OutboxMessage) -> dict[str, Any]:
    kind = MAIL_KINDS.get(message.kind)
    return {
        "message": message,
        "state": WORDS[State(message.state)],
        "tone": TONES.get(State(message.state), ""),
        "kind": kind.description if kind else message.kind,
        "open": awaits_decision(message),
    }


@needs("engine.read")
def mail_log(request: HttpRequest) -> HttpResponse:
    """The partnership's mail, the newest first; ``state`` in the address narrows it to one state."""
    shown = OutboxMessage.objects.visible_to(request.user, request.partnership).order_by("-due_at", "-pk")
    state = request.GET.get("state", "")
    if state in State.values:
        shown = shown.filter(state=state)
    page = page_of(request, shown)
    states = [{"label": "All", "url": "?", "current": state not in State.values}]
    states += [{"label": label, "url": f"?state={value}", "current": state == value} for value, label in WORDS.items()]
    context = {"page": page, "rows": [_row(message) for message in page], "states": states, "state": state}
    return render(request, "core/mail_log.html", context)


def _decide(request: HttpRequest, pk: int, decide: Any, done: str) -> HttpResponse:
    message = get_object_or_404(OutboxMessage.objects.visible_to(request.user, request.partnership), pk=pk)
    try:
        decide(message=message, by=request.user, now=timezone.now())
        messages.success(request, done)
    except RuleBroken as error:
        messages.error(request, str(error))
    return redirect(safe_next(request) or "core:mail_log")


@needs("engine.read")
@require_POST
def mail_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a held or failed mail again."""
    return _decide(request, pk, send_again, "The mail will be sent again.")


@needs("engine.read")
@require_POST
def mail_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a held or failed mail did arrive."""
    return _decide(request, pk, mark_sent, "The mail is marked as sent.")
