"""The engine's own sweeps: long work, mail, the seals over the trail, and what is kept no longer."""

from . import invariants, kept  # noqa: F401
from .dispatch import send_due
from .jobs import run_jobs
from .retention import apply_retention
from .seals import seal_events
from .sweeps import JOBS, JOBS_ORDER, LAST, MAIL, MAIL_ORDER, register_sweep

register_sweep(JOBS, "{n} pieces of long work run", run_jobs, order=JOBS_ORDER)
register_sweep(MAIL, "{n} mails sent", send_due, order=MAIL_ORDER)
register_sweep("trail", "{n} events of the trail sealed", seal_events, order=LAST)
register_sweep("retention", "{n} records emptied or deleted because their time is over", apply_retention, order=LAST)
