"""Beside the day's list: the running quarter so far, and the work behind the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.health import work_problems
from core.heartbeats import WORKER
from core.models import Heartbeat, Job, Partnership
from core.periods import Quarter
from core.templatetags.archway import clock
from reports.figures.counts import count_quarter
from reports.figures.learning import count_evaluations
from reports.words import share

JOBS_SHOWN = 3
RECENT = dt.timedelta(days=1)
OUTCOMES = {
    Job.State.FINISHED: ("Finished", "good"),
    Job.State.FAILED: ("Failed", "bad"),
    Job.State.STOPPED: ("Stopped", "outline"),
}


def quarter_so_far(partnership: Partnership, quarter: Quarter) -> list[dict[str, Any]]:
    """Four figures of the running quarter, by the rules of the report."""
    total = count_quarter(partnership, quarter).total
    rates = total.rate_figures()
    evaluations = count_evaluations(partnership, quarter, attended=total.attended)
    return [
        _row("People attended", f"{total.attended:,}"),
        _row("Places filled", share(rates["take_up"], total.attended, total.places, 0)),
        _row("Did not attend", share(rates["dna_rate"], total.absent, total.expected)),
        _row("Evaluations in", share(evaluations["rate"], evaluations["received"], total.attended, 0)),
    ]


def _row(label: str, value: str) -> dict[str, Any]:
    return {"label": label, "value": value, "strong": False}


def jobs_shown(partnership: Partnership, *, now: dt.datetime) -> list[dict[str, Any]]:
    """Long work that runs, waits or ended within a day, the latest first, for ``components/job.html``."""
    jobs = Job.objects.filter(partnership=partnership, created_at__gte=now - RECENT)[:JOBS_SHOWN]
    shown = []
    for job in jobs:
        word, tone = OUTCOMES.get(Job.State(job.state), ("", ""))
        shown.append({"title": job.title, "done": job.done, "total": job.total, "text": job.message})
        shown[-1] |= {"state": word, "tone": tone}
    return shown


def engine_state(*, now: dt.datetime) -> dict[str, str]:
    """Whether mail and surveys go out by themselves, and when they were last looked after."""
    seen = Heartbeat.objects.filter(name=WORKER).values_list("at", flat=True).first()
    problems = work_problems(now=now)
    word, tone = ("Standing still", "bad") if problems else ("Working", "good")
    last = f"Last looked for what is due at {clock(seen)}" if seen else ""
    return {"state": word, "tone": tone, "text": " ".join(problems) or last}
