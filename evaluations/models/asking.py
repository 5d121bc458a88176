"""What asking somebody for an answer leaves behind: when they were asked, reminded and answered."""

from __future__ import annotations

import datetime as dt

from django.db import models

from core.models import OwnedModel, OwnedQuerySet


class AskedQuerySet(OwnedQuerySet):
    def to_remind(self, *, on: dt.date) -> AskedQuerySet:
        """Those whose next reminder's day has come and who have not answered."""
        return self.filter(next_reminder_on__lte=on, answered_at__isnull=True)

    def asked_since(self, moment: dt.datetime) -> AskedQuerySet:
        return self.filter(last_asked_at__gte=moment)


class Asked(OwnedModel):
    """One question put to one person, with at most one mail a day and none after the last reminder."""

    invited_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # When the last of our mails left or will leave: nobody is asked twice on one day.
    last_asked_at = models.DateTimeField(null=True, blank=True)
    # How many of the plan's reminders have been sent or missed; the day of the next one, empty after the last.
    reminders_done = models.PositiveSmallIntegerField(default=0)
    next_reminder_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["next_reminder_on"],
                condition=models.Q(answered_at=None, next_reminder_on__isnull=False),
                name="%(class)s_to_remind",
            ),
            models.Index(fields=["last_asked_at"], name="%(class)s_asked"),
        ]
