"""Sending what is due in the outbox. Any number of processes may do it at once; any of them may be killed at any time.

A message is claimed by a committed UPDATE, handed to the mail server outside any transaction, and marked as sent by
itself. So a killed process loses nothing: what it had claimed is found again after ten minutes. The only message that
can leave twice is the one it was handing over at that instant; that double has the same Message-ID and the same link.
Kinds that must never leave twice (``hold``) are claimed one at a time and then wait for a person instead.

Claims are measured by the real clock, not by ``now``: they are about living processes, and ``now`` may be a day of the
past or future chosen by ``run_due --at``.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from typing import Any

from django.core.mail import get_connection
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from .clock import Clock
from .connections import drop_broken_connection
from .delivery import Fate, Verdict, build_email, verdict_of
from .heartbeats import MAIL, beat
from .mail import MAIL_KINDS, Surroundings, render_mail, surroundings_of
from .models import OutboxMessage
from .models.outbox import OutboxQuerySet

logger = logging.getLogger(__name__)
State = OutboxMessage.State

BATCH = 25
STALE_AFTER = dt.timedelta(minutes=10)
BUDGET_SECONDS = 180.0
# Minutes to wait after the first, second, … attempt that the server put off. After the last the mail counts as failed.
RETRY_MINUTES = (1, 5, 15, 60, 240, 720, 1440, 1440)


def _kinds(*, hold: bool = False, secret: bool = False) -> list[str]:
    return [kind.name for kind in MAIL_KINDS.values() if (hold and kind.hold) or (secret and kind.secret)]


def miss_late_messages(now: dt.datetime) -> int:
    """Give up what is too late to be useful. Returns how many."""
    late = OutboxMessage.objects.due(now).filter(useful_until__lt=now)
    secret = late.filter(kind__in=_kinds(secret=True)).update(state=State.MISSED, facts={})
    return secret + late.update(state=State.MISSED)


def release_stale_claims() -> int:
    """Take back what a process claimed and neither sent nor gave back: it died. Returns how many.

    Ordinary mail goes again; mail that must not leave twice is held for a person, since it may have left.
    """
    stale = OutboxMessage.objects.filter(state=State.SENDING, claimed_at__lt=timezone.now() - STALE_AFTER)
    reason = "Interrupted while it was being sent: it may have arrived."
    held = stale.filter(kind__in=_kinds(hold=True)).update(state=State.HELD, claimed_at=None, last_error=reason)
    return held + stale.update(state=State.WAITING, claimed_at=None)


def _choose(due: OutboxQuerySet, size: int) -> list[int]:
    """What to claim next: sign-in codes first, then ordinary mail, then one mail that must not leave twice."""
    secret, hold = _kinds(secret=True), _kinds(hold=True)
    for wanted, most in (
        (due.filter(kind__in=secret), size),
        (due.exclude(kind__in=secret + hold), size),
        (due.filter(kind__in=hold), 1),
    ):
        free = wanted.select_for_update(skip_locked=True).values_list("pk", flat=True)
        if chosen := list(free[:most]):
            return chosen
    return []


def claim_messages(now: dt.datetime, size: int = BATCH) -> list[OutboxMessage]:
    """Claim up to ``size`` due messages for this process and commit. Empty when nothing is due."""
    with transaction.atomic():
        chosen = _choose(OutboxMessage.objects.due(now), size)
        OutboxMessage.objects.filter(pk__in=chosen).update(
            state=State.SENDING, claimed_at=timezone.now(), attempts=F("attempts") + 1
        )
    return list(OutboxMessage.objects.filter(pk__in=chosen).select_related("partnership"))


def _release(messages: list[OutboxMessage]) -> None:
    """Give back claimed messages that were not tried."""
    mine = OutboxMessage.objects.filter(pk__in=[message.pk for message in messages], state=State.SENDING)
    mine.update(state=State.WAITING, claimed_at=None, attempts=F("attempts") - 1)


def _mark(message: OutboxMessage, **values: Any) -> None:
    """Write down what became of a message, also through a short outage of the database: what has left stays sent."""
    unsettled = OutboxMessage.objects.filter(pk=message.pk, state__in=[State.SENDING, State.WAITING, State.HELD])
    for wait in (0.5, 2, 5, 10, None):
        try:
            unsettled.update(claimed_at=None, **values)
            return
        except OperationalError:
            if wait is None:
                raise
            drop_broken_connection()
            time.sleep(wait)


class _Sender:
    """One run of sending: its clock, its connection to the mail server and what it has sent."""

    def __init__(self, now: dt.datetime, limit: int | None) -> None:
        self.now = now
        self.limit = limit
        self.clock = Clock(now)
        self.connection = get_connection()
        self.sent = 0
        self.breaks = 0

    def run(self) -> int:
        while self.limit is None or self.sent < self.limit:
            messages = claim_messages(self.now, BATCH if self.limit is None else min(BATCH, self.limit - self.sent))
            if not messages:
                beat(MAIL)
                break
            if not self.send(messages):
                break
            beat(MAIL)
        return self.sent

    def send(self, messages: list[OutboxMessage]) -> bool:
        """Send claimed messages over one connection. False when it is no use to go on; the rest is given back."""
        surroundings = surroundings_of(messages)
        try:
            for index, message in enumerate(messages):
                if self.clock.seconds() > BUDGET_SECONDS or not self._is_connected():
                    _release(messages[index:])
                    return False
                self._send_one(message, surroundings)
        finally:
            self._disconnect()
        return True

    def _is_connected(self) -> bool:
        """Whether the mail server can be reached. One that broke two mails in a row rests until the next sweep."""
        if self.breaks >= 2:
            return False
        try:
            self.connection.open()
        except OSError as error:
            logger.warning("mail server not reached", extra={"kind": type(error).__name__})
            return False
        return True

    def _disconnect(self) -> None:
        try:
            self.connection.close()
        except OSError as error:
            logger.info("mail server gone", extra={"kind": type(error).__name__})

    def _send_one(self, message: OutboxMessage, surroundings: Surroundings) -> None:
        try:
            rendered = render_mail(message, surroundings)
            self.connection.send_messages([build_email(message, rendered)])
        except DatabaseError:
            raise
        except Exception as error:
            self._settle(message, verdict_of(error))
            return
        self.breaks = 0
        self.sent += 1
        kind = MAIL_KINDS[message.kind]
        subject = kind.description if kind.secret else rendered.subject
        wiped: dict[str, Any] = {"facts": {}} if kind.secret else {}
        _mark(message, state=State.SENT, sent_at=self.clock.now(), subject=subject[:300], last_error="", **wiped)

    def _settle(self, message: OutboxMessage, verdict: Verdict) -> None:
        """Write down a failed attempt: try again later, hold it for a person, or give up."""
        if verdict.broken:
            self.breaks += 1
            self._disconnect()
        kind = MAIL_KINDS.get(message.kind)
        values: dict[str, Any] = {"last_error": verdict.reason[:300]}
        if verdict.fate is Fate.UNKNOWN and kind and kind.hold:
            values["state"] = State.HELD
        elif verdict.fate is Fate.NEVER or message.attempts > len(RETRY_MINUTES):
            values |= {"state": State.FAILED, **({"facts": {}} if kind and kind.secret else {})}
        else:
            wait = dt.timedelta(minutes=RETRY_MINUTES[message.attempts - 1])
            values |= {"state": State.WAITING, "due_at": self.clock.now() + wait}
        _mark(message, **values)
        logger.warning("mail not sent", extra={"mail": message.pk, "fate": verdict.fate, "state": values["state"]})


def send_due(now: dt.datetime, limit: int | None = None) -> int:
    """Send what is due at ``now``, at most ``limit`` mails and for at most three minutes. Returns how many left."""
    miss_late_messages(now)
    release_stale_claims()
    return _Sender(now, limit).run()
