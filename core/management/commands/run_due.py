"""``manage.py run_due``: everything that is due, now or as of another moment, and what was done."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.heartbeats import BEAT, WORKER, beat
from core.periods import LONDON
from core.sweeps import registered_sweeps, run_sweeps


def moment_of(text: str) -> dt.datetime:
    """``2026-03-02 08:00`` or ``2026-03-02`` as London time. Raises CommandError for anything else."""
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)
    except ValueError:
        raise CommandError(f"“{text}” is not a moment. Write it as 2026-03-02 08:00 (London time).") from None


class Command(BaseCommand):
    help = (
        "Do everything that is due and say what was done: what the background engine does all the time, here once. "
        "Cron may call it instead of a worker and beat. Ends with 1 when a part failed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at", metavar="MOMENT", help="as of this London time: 2026-03-02 08:00 (not in production)"
        )
        parser.add_argument("--only", metavar="NAME", help="only this part")

    def handle(self, *args: Any, at: str | None, only: str | None, **options: Any) -> None:
        if at and settings.PRODUCTION:
            raise CommandError("--at is for trying things out. A real installation works on the real time only.")
        names = [sweep.name for sweep in registered_sweeps()]
        if only and only not in names:
            raise CommandError(f"There is no part called “{only}”. There are: {', '.join(names)}.")
        if not at:
            beat(WORKER, BEAT)  # whoever calls this from cron has no other engine
        outcomes = run_sweeps(moment_of(at) if at else timezone.now(), only=[only] if only else None)
        for outcome in outcomes:
            self.stdout.write(str(outcome))
        if any(outcome.error for outcome in outcomes):
            raise CommandError("A part failed. The others were done.", returncode=1)
