"""The engine's own sweeps: long work, mail, and the seals over the trail."""

from .dispatch import send_due
from .jobs import run_jobs
from .seals import seal_events
from .sweeps import JOBS, JOBS_ORDER, LAST, MAIL, MAIL_ORDER, register_sweep

register_sweep(JOBS, "{n} pieces of long work run", run_jobs, order=JOBS_ORDER)
register_sweep(MAIL, "{n} mails sent", send_due, order=MAIL_ORDER)
register_sweep("trail", "{n} events of the trail sealed", seal_events, order=LAST)
