"""How long the engine's own records are kept."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session

from .models import Job, OneTimeLink, OutboxMessage
from .periods import add_months, london_day, start_of_day
from .retention import RetentionRule, delete_in_batches, register_retention

MAIL_TEXT_MONTHS = 3
MAIL_MONTHS = 24
LINK_MONTHS = 12
JOB_MONTHS = 12
WAITS = (OutboxMessage.State.WAITING, OutboxMessage.State.SENDING, OutboxMessage.State.HELD)


def _months_before(now: dt.datetime, months: int) -> dt.datetime:
    return start_of_day(add_months(london_day(now), -months))


def forget_mail_texts(now: dt.datetime) -> int:
    """Empty what was said in mails that are over."""
    old = OutboxMessage.objects.exclude(state__in=WAITS).filter(due_at__lt=_months_before(now, MAIL_TEXT_MONTHS))
    return old.exclude(facts={}, calendar="").update(facts={}, calendar="")


def delete_old_mail(now: dt.datetime) -> int:
    """Delete the log of mails that are over."""
    old = OutboxMessage.objects.exclude(state__in=WAITS).filter(due_at__lt=_months_before(now, MAIL_MONTHS))
    return delete_in_batches(old)


def delete_old_links(now: dt.datetime) -> int:
    """Delete one-time links that ended long ago."""
    return delete_in_batches(OneTimeLink.objects.filter(expires_at__lt=_months_before(now, LINK_MONTHS)))


def delete_old_jobs(now: dt.datetime) -> int:
    """Delete long work that is over, with its files."""
    old = Job.objects.filter(finished_at__lt=_months_before(now, JOB_MONTHS))
    for job in old.exclude(file="").exclude(file=None):
        job.file.delete(save=False)
    return delete_in_batches(old)


def delete_ended_sign_ins(now: dt.datetime) -> int:
    """Delete sign-ins that have ended."""
    return delete_in_batches(Session.objects.filter(expire_date__lt=now))


register_retention(
    RetentionRule("What a sent email said", "3 months after it was due", "Emptied", forget_mail_texts),
    RetentionRule("The log of emails sent", "24 months after they were due", "Deleted", delete_old_mail),
    RetentionRule("Links in emails", "12 months after they end", "Deleted", delete_old_links),
    RetentionRule("Background work and its files", "12 months after it ended", "Deleted", delete_old_jobs),
    RetentionRule("Sign-ins", "12 hours", "Deleted", delete_ended_sign_ins),
    RetentionRule("The history of who did what", "As long as the service runs", "The service never removes it"),
)
